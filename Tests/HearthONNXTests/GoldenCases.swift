import Testing

import HearthFormats
import HearthONNX
import HearthTensor

/// A model with inputs, and the outputs that ONNX Runtime computes.
struct GoldenCase: CustomTestStringConvertible {
    let name: String
    var model: [UInt8] = []
    var inputs: [String: Tensor] = [:]
    var outputs: [String: Value] = [:]

    var testDescription: String { name }

    /// The cases that `Tests/Goldens/make_onnx.py` writes.
    static let all: [GoldenCase] = {
        var cases: [String: GoldenCase] = [:]
        for (key, array) in (try? NumPyArray.read(npz: path("cases.npz"))) ?? [] {
            let parts = key.split(separator: "|").map(String.init)
            var entry = cases[parts[0]] ?? GoldenCase(name: parts[0])
            switch parts[1] {
            case "model": entry.model = array.tensor.array(of: UInt8.self)
            case "in": entry.inputs[parts[2]] = array.tensor
            default: entry.outputs[parts[2]] = .tensor(array.tensor, type(of: array))
            }
            cases[parts[0]] = entry
        }
        return cases.values.sorted { $0.name < $1.name }
    }()

    static func path(_ name: String) -> String { "\(FilePath.folder(of: #filePath))/Goldens/\(name)" }

    private static func type(of array: NumPyArray) -> ElementType {
        switch array.unsigned {
        case .uint16: .uint16
        case .uint32: .uint32
        case .uint64: .uint64
        case nil: ElementType(array.tensor.dtype)
        }
    }
}
