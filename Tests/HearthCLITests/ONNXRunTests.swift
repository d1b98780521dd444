import Hearth
import HearthONNX
import HearthRuns
import Testing

/// `hearth run`, but for the printing.
@Suite struct ONNXRunTests {
    /// A file with `y = x + x` of a type that Hearth has no dtype for.
    private func write(_ type: ElementType, to path: String) throws {
        var node = NodeProto()
        (node.opType, node.inputs, node.outputs) = ("Add", ["x", "x"], ["y"])
        var value = ValueInfoProto()
        (value.name, value.type) = ("x", TypeProto())
        value.type?.tensorType = TensorTypeProto()
        value.type?.tensorType?.elemType = type.rawValue
        value.type?.tensorType?.shape = TensorShapeProto()
        value.type?.tensorType?.shape?.dims = [DimensionProto()]
        var result = value
        result.name = "y"
        var graph = GraphProto()
        (graph.nodes, graph.inputs, graph.outputs) = ([node], [value], [result])
        var set = OperatorSetID()
        set.version = 21
        var model = ModelProto()
        (model.irVersion, model.graph, model.opsetImport) = (9, graph, [set])
        try AtomicFile.write(FieldWriter.bytes(of: model), to: path)
    }

    @Test func keepsUnsignedTypes() throws {
        try withTemporaryFolder { folder in
            try write(.uint16, to: "\(folder)/m.onnx")
            let x = NumPyArray(Tensor([65535, 7] as [Int32]), unsigned: .uint16)
            try NumPyArray.write([("x", x)], npz: "\(folder)/in.npz")
            let run = try ONNXRun(model: "\(folder)/m.onnx", inputs: "\(folder)/in.npz")
            let outputs = try run.outputs()
            #expect(run.inputLines.map(\.text) == ["uint16[2]"])
            #expect(ONNXRun.lines(outputs).map(\.text) == ["uint16[2]"])
            try ONNXRun.write(outputs, to: "\(folder)/out.npz")
            let found = try NumPyArray.read(npz: "\(folder)/out.npz")
            #expect(found.map(\.name) == ["y"])
            #expect(found[0].array.unsigned == .uint16)
            #expect(found[0].array.tensor.array(of: Int32.self) == [65534, 14])
            #expect(throws: FormatError.self) { try NPZ.read("\(folder)/out.npz") }
        }
    }

    @Test func refusesOtherTypes() throws {
        try withTemporaryFolder { folder in
            try write(.uint16, to: "\(folder)/m.onnx")
            try NPZ.write(StateDict([(name: "x", tensor: Tensor([1, 2] as [Int32]))]), to: "\(folder)/in.npz")
            let error = #expect(throws: RunError.self) {
                try ONNXRun(model: "\(folder)/m.onnx", inputs: "\(folder)/in.npz")
            }
            #expect(error?.description.hasSuffix("expected 'x' of uint16, found int32") == true)
        }
    }

    @Test func makesRandomInputs() throws {
        try withTemporaryFolder { folder in
            try write(.float32, to: "\(folder)/m.onnx")
            let runs = try (0..<2).map { _ in try ONNXRun(model: "\(folder)/m.onnx", seed: 3).outputs() }
            #expect(ONNXRun.lines(runs[0]).map(\.text) == ["float32[1]"])
            #expect(runs[0][0].value.tensor?.floatArray == runs[1][0].value.tensor?.floatArray)
            #expect(try ONNXRun(model: "\(folder)/m.onnx", seed: 3).latencies(3).count == 3)
        }
    }
}
