import HearthFormats
import HearthONNX
import HearthTensor
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Shapes without elements, for models that `Tests/Goldens/make_onnx_standard.py` writes into a folder that
/// HEARTH_ONNX_CASES names. What is not known without elements is told, and looked at by a person.
@Suite struct StandardCases {
    static let folder = getenv("HEARTH_ONNX_CASES").map { String(cString: $0) }

    /// The models with their inputs.
    static func all() throws -> [GoldenCase] {
        try NumPyArray.read(npz: "\(folder ?? "")/inputs.npz").map { name, array in
            var entry = GoldenCase(name: String(name.dropLast("|model".count)))
            entry.model = array.tensor.array(of: UInt8.self)
            for (name, array) in try NumPyArray.read(npz: "\(folder ?? "")/\(entry.name).npz") {
                entry.inputs[name] = array.tensor
            }
            return entry
        }
    }

    @Test(.enabled(if: folder != nil)) func knowsShapesWithoutElements() throws {
        var counts = (same: 0, dependent: 0)
        for golden in try Self.all() {
            let model = try ONNXModel(bytes: golden.model, name: golden.name)
            guard let expected = try? model.run(golden.inputs) else { continue }
            // Integers may be sizes and axes.
            let inputs = golden.inputs.mapValues { input in
                input.dtype.isFloatingPoint ? Tensor.meta(input.shape, dtype: input.dtype) : input
            }
            do {
                let found = try model.run(inputs)
                for (name, value) in expected {
                    #expect(found[name]?.tensor?.spec == value.tensor?.spec, "\(golden.name)")
                }
                counts.same += 1
            } catch {
                counts.dependent += 1
                print("\(error)")
            }
        }
        print("known: \(counts.same), dependent: \(counts.dependent)")
    }
}
