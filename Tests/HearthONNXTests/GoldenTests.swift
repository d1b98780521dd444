import GoldenSupport
import HearthFormats
import HearthONNX
import HearthTensor
import Testing

/// Models of old and new operator sets, of Microsoft's operators and of functions, against ONNX Runtime.
@Suite struct GoldenTests {
    @Test func hasCases() { #expect(GoldenCase.all.count > 40) }

    @Test(arguments: GoldenCase.all) func agrees(golden: GoldenCase) throws {
        let model = try ONNXModel(bytes: golden.model, name: golden.name)
        try compare(model, golden)
    }

    /// What is written again is the same model.
    @Test(arguments: GoldenCase.all) func survivesWriting(golden: GoldenCase) throws {
        let first = try ONNXModel(bytes: golden.model, name: golden.name)
        let bytes = try FieldWriter.bytes(of: first.proto)
        try compare(try ONNXModel(bytes: bytes, name: golden.name), golden)
    }

    /// Shapes are known without elements, unless they depend on them.
    @Test(arguments: GoldenCase.all) func knowsShapesWithoutElements(golden: GoldenCase) throws {
        let model = try ONNXModel(bytes: golden.model, name: golden.name)
        let inputs = golden.inputs.mapValues { Tensor.meta($0.shape, dtype: $0.dtype) }
        do {
            let found = try model.run(inputs)
            for (name, value) in golden.outputs {
                #expect(found[name]?.tensor?.spec == value.tensor?.spec)
            }
        } catch let error as ONNXError {
            #expect(golden.name == "branch", "\(error)")
            #expect(error.found == "a shape that depends on data")
        }
    }

    private func compare(_ model: ONNXModel, _ golden: GoldenCase) throws {
        let found = try model.run(golden.inputs)
        #expect(Set(found.keys) == Set(golden.outputs.keys))
        for (name, value) in golden.outputs {
            let result = try #require(found[name])
            #expect(result.elementType == value.elementType)
            let difference = Tolerance(relative: 1e-4, absolute: 1e-5)
                .difference(try #require(result.tensor), try #require(value.tensor))
            #expect(difference == nil, "\(name)")
        }
    }
}
