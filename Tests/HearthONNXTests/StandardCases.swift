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
    @Test(.enabled(if: getenv("HEARTH_ONNX_CASES") != nil)) func knowsShapesWithoutElements() throws {
        let folder = getenv("HEARTH_ONNX_CASES").map { String(cString: $0) } ?? ""
        var counts = (same: 0, dependent: 0)
        for (name, array) in try NumPyArray.read(npz: "\(folder)/inputs.npz") {
            guard name.hasSuffix("|model") else { continue }
            let title = String(name.dropLast("|model".count))
            let model = try ONNXModel(bytes: array.tensor.array(of: UInt8.self), name: title)
            var inputs: [String: Tensor] = [:]
            for (name, array) in try NumPyArray.read(npz: "\(folder)/\(title).npz") { inputs[name] = array.tensor }
            guard let expected = try? model.run(inputs) else { continue }
            let constants = inputs.filter { !$0.value.dtype.isFloatingPoint }
            let shapes = inputs.mapValues { Tensor.meta($0.shape, dtype: $0.dtype) }.merging(constants) { $1 }
            do {
                let found = try model.run(shapes)
                for (name, value) in expected {
                    #expect(found[name]?.tensor?.spec == value.tensor?.spec, "\(title)")
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
