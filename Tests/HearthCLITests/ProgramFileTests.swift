import Hearth
import HearthGraph
import HearthONNX
import HearthRuns
import Testing

/// `hearth run`, `compare` and `export`, but for the printing.
@Suite struct ProgramFileTests {
    private typealias Program = HearthRuns.Program

    private func run(_ path: String, npz: String) throws -> ProgramRun {
        let program = try Program(contentsOf: path)
        return ProgramRun(program, try program.inputs(npz: npz))
    }

    private func run(_ path: String, seed: UInt64) throws -> ProgramRun {
        let program = try Program(contentsOf: path)
        return ProgramRun(program, try program.randomInputs(seed: seed))
    }

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
            let run = try run("\(folder)/m.onnx", npz: "\(folder)/in.npz")
            let outputs = try run.outputs()
            #expect(run.inputLines.map(\.text) == ["uint16[2]"])
            #expect(ProgramRun.lines(outputs).map(\.text) == ["uint16[2]"])
            try ProgramRun.write(outputs, to: "\(folder)/out.npz")
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
                try run("\(folder)/m.onnx", npz: "\(folder)/in.npz")
            }
            #expect(error?.description.hasSuffix("expected 'x' of uint16, found int32") == true)
        }
    }

    @Test func makesRandomInputs() throws {
        try withTemporaryFolder { folder in
            try write(.float32, to: "\(folder)/m.onnx")
            let runs = try (0..<2).map { _ in try run("\(folder)/m.onnx", seed: 3).outputs() }
            #expect(ProgramRun.lines(runs[0]).map(\.text) == ["float32[1]"])
            #expect(runs[0][0].value.tensor?.floatArray == runs[1][0].value.tensor?.floatArray)
            #expect(try run("\(folder)/m.onnx", seed: 3).latencies(3).count == 3)
        }
    }

    @Test func bothFormatsOfAProgramGiveTheSame() throws {
        try withTemporaryFolder { folder in
            let model = Sequential {
                Conv2d(3, 4, kernelSize: 3, generator: Generator(seed: 1))
                ReLU()
                AdaptiveAvgPool2d(1)
                Flatten()
                Linear(4, 5, generator: Generator(seed: 2))
            }
            let graph = try Graph(of: model, inputs: .float32("batch", 3, 8, 8))
            try graph.save(to: "\(folder)/m.hearth")
            try graph.write(onnx: "\(folder)/m.onnx")
            let (a, b) = (try Program(contentsOf: "\(folder)/m.hearth"), try Program(contentsOf: "\(folder)/m.onnx"))
            let comparison = try ProgramComparison(a, b, try a.randomInputs(seed: 1, open: 3))
            #expect(comparison.isWithin(1e-5) && comparison.rows.map(\.type) == ["float32[3, 5]"])
            let predictor = try Predictor(program: "\(folder)/m.onnx")
            #expect(predictor.configuration.classes.count == 5 && predictor.configuration.inputShape == [3, 8, 8])
            let predictions = try predictor.predictions([
                ("x", Tensor.ones([3, 8, 8])), ("y", Tensor.zeros([3, 8, 8])),
            ])
            #expect(predictions.map(\.input) == ["x", "y"])
            #expect(throws: RunError.self) { try Program(contentsOf: "\(folder)/m.pth") }
        }
    }
}
