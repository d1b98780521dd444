import Hearth
import HearthONNX

/// What `hearth run` does: a model of the ONNX format, its inputs from a file or random, its outputs into a file.
package struct ONNXRun {
    package let model: ONNXModel
    private let inputs: [String: Tensor]

    /// A value as it is told: its name, type and shape.
    package struct Line {
        package let name: String
        package let text: String
    }

    /// The model at `path` with the arrays of an `.npz` file as inputs. Throws what reading throws, and `RunError` for an
    /// array whose type the model does not take.
    package init(model path: String, inputs file: String) throws {
        model = try ONNXModel(contentsOf: path)
        let infos = Dictionary(model.inputs.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var inputs: [String: Tensor] = [:]
        for (name, array) in try NumPyArray.read(npz: file) {
            let type = array.elementType
            if let wanted = infos[name]?.elementType, wanted != .undefined, wanted != type {
                throw RunError("\(file): expected '\(name)' of \(wanted), found \(type)")
            }
            inputs[name] = array.tensor
        }
        self.inputs = inputs
    }

    /// The model at `path` with random inputs: floats of the standard normal distribution, integers and bools of 0 and 1.
    /// A size that the model leaves open is 1.
    package init(model path: String, seed: UInt64) throws {
        model = try ONNXModel(contentsOf: path)
        let generator = Generator(seed: seed)
        var inputs: [String: Tensor] = [:]
        for info in model.inputs {
            guard let dtype = info.elementType.dtype, let dims = info.dims, dims.count <= Shape.limit else {
                throw RunError("'\(info.name)' of \(info) cannot be made at random; give --input")
            }
            let shape = Shape(dims.map { if case .fixed(let size) = $0 { size } else { 1 } })
            inputs[info.name] =
                dtype.isFloatingPoint
                ? Tensor.randn(shape, generator: generator).to(dtype)
                : Tensor.randint(0..<2, shape, generator: generator).to(dtype)
        }
        self.inputs = inputs
    }

    /// What goes in.
    package var inputLines: [Line] {
        model.inputs.map { info in
            Line(name: info.name, text: inputs[info.name].map { "\(info.elementType)\($0.shape)" } ?? "\(info)")
        }
    }

    /// What comes out, in the order of the model.
    package func outputs() throws -> [(name: String, value: Value)] {
        let results = try model.run(inputs)
        return model.outputs.compactMap { info in results[info.name].map { (info.name, $0) } }
    }

    /// What came out.
    package static func lines(_ outputs: [(name: String, value: Value)]) -> [Line] {
        outputs.map { name, value in
            switch value {
            case .tensor(let tensor, let type): Line(name: name, text: "\(type)\(tensor.shape)")
            case .sequence(let values): Line(name: name, text: "a sequence of \(values.count)")
            case .nothing: Line(name: name, text: "nothing")
            }
        }
    }

    /// Writes outputs by name, each in its own type.
    package static func write(_ outputs: [(name: String, value: Value)], to path: String) throws {
        try NumPyArray.write(
            try outputs.map { name, value in
                guard case .tensor(let tensor, let type) = value else {
                    throw RunError("'\(name)' is no tensor, and cannot be written as an array")
                }
                return (name, NumPyArray(tensor, unsigned: NumPyArray.Unsigned(type)))
            }, npz: path)
    }

    /// How long each of `count` runs takes, in milliseconds, in ascending order.
    package func latencies(_ count: Int) throws -> [Double] {
        let clock = ContinuousClock()
        return try (0..<count).map { _ in
            let time = try clock.measure { _ = try model.run(inputs) }
            return Double(time.components.seconds) * 1e3 + Double(time.components.attoseconds) / 1e15
        }.sorted()
    }
}

extension NumPyArray {
    fileprivate var elementType: ElementType {
        switch unsigned {
        case .uint16: .uint16
        case .uint32: .uint32
        case .uint64: .uint64
        case nil: ElementType(tensor.dtype)
        }
    }
}

extension NumPyArray.Unsigned {
    /// The type of an output where no dtype is.
    fileprivate init?(_ type: ElementType) {
        switch type {
        case .uint16: self = .uint16
        case .uint32: self = .uint32
        case .uint64: self = .uint64
        default: return nil
        }
    }
}
