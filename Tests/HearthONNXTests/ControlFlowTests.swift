import GoldenSupport
import HearthFormats
import HearthGraph
import HearthONNX
import HearthTensor
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A model whose course depends on data, inputs for several courses and sizes, and what ONNX Runtime computes.
struct ControlFlowCase: CustomTestStringConvertible {
    let name: String
    var model: [UInt8] = []
    var inputs: [Int: [String: Tensor]] = [:]
    var outputs: [Int: [String: Tensor]] = [:]

    var testDescription: String { name }

    /// The cases that `Tests/Goldens/make_control_flow.py` writes.
    static let all: [ControlFlowCase] = {
        var cases: [String: ControlFlowCase] = [:]
        for (key, array) in (try? NumPyArray.read(npz: GoldenCase.path("control_flow.npz"))) ?? [] {
            let parts = key.split(separator: "|").map(String.init)
            var entry = cases[parts[0]] ?? ControlFlowCase(name: parts[0])
            switch parts[1] {
            case "model": entry.model = array.tensor.array(of: UInt8.self)
            case "in": entry.inputs[Int(parts[2])!, default: [:]][parts[3]] = array.tensor
            default: entry.outputs[Int(parts[2])!, default: [:]][parts[3]] = array.tensor
            }
            cases[parts[0]] = entry
        }
        return cases.values.sorted { $0.name < $1.name }
    }()
}

/// Models with `If`, `Loop` and `Scan` that depend on data or on open sizes, against ONNX Runtime: interpreted, as programs,
/// and written again.
@Suite struct ONNXControlFlowTests {
    @Test func hasCases() { #expect(ControlFlowCase.all.count == 10) }

    private func compare(_ found: [String: Tensor], _ expected: [String: Tensor], _ what: String) throws {
        #expect(Set(found.keys) == Set(expected.keys))
        for (name, tensor) in expected {
            let difference = Tolerance(relative: 1e-4, absolute: 1e-5).difference(try #require(found[name]), tensor)
            #expect(difference == nil, "\(what), \(name)")
        }
    }

    /// What `read` makes of a file that is gone afterwards.
    private func written<R>(_ graph: HearthGraph.Graph, _ read: (String) throws -> R) throws -> R {
        var path = Array("/tmp/hearth-control-flow-XXXXXX".utf8CString)
        close(mkstemp(&path))
        let name = path.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        defer { unlink(name) }
        try graph.write(onnx: name)
        return try read(name)
    }

    @Test(arguments: ControlFlowCase.all) func isInterpreted(_ example: ControlFlowCase) throws {
        let model = try ONNXModel(bytes: example.model, name: example.name)
        for (run, expected) in example.outputs { try compare(model(example.inputs[run]!), expected, "run \(run)") }
    }

    @Test(arguments: ControlFlowCase.all) func becomesAProgram(_ example: ControlFlowCase) throws {
        let graph = try HearthGraph.Graph(ONNXModel(bytes: example.model, name: example.name))
        let names = Set(graph.nodes.compactMap { $0.operation?.operation.name })
        #expect(!names.isDisjoint(with: ["cond", "loop"]))
        let executable = try graph.optimized().compiled()
        for (run, expected) in example.outputs {
            try compare(graph.run(example.inputs[run]!), expected, "run \(run)")
            try compare(executable.run(example.inputs[run]!), expected, "optimised, run \(run)")
        }
    }

    @Test(arguments: ControlFlowCase.all) func isWrittenAgain(_ example: ControlFlowCase) throws {
        let graph = try HearthGraph.Graph(ONNXModel(bytes: example.model, name: example.name)).optimized()
        let model = try written(graph) { try ONNXModel(contentsOf: $0) }
        for (run, expected) in example.outputs { try compare(model(example.inputs[run]!), expected, "run \(run)") }
    }

    /// What is exported comes back as a program with the same choices and loops.
    @Test(arguments: exportCasesOfControlFlow) func comesBackAsAProgram(_ example: ExportCase) throws {
        let program = example.make()
        let read = try written(example.graph(program)) { try HearthGraph.Graph(onnx: $0) }
        let executable = try read.optimized().compiled()
        for run in 0..<2 {
            let given = example.tensors(run: run)
            let found = try executable.run(Dictionary(uniqueKeysWithValues: given.map { ($0.name, $0.tensor) }))
            let expected = noGrad { program.body(given.map(\.tensor)) }
            for (output, tensor) in zip(executable.graph.outputs, expected) {
                let difference = Tolerance(relative: 1e-4, absolute: 1e-4).difference(found[output.name]!, tensor)
                #expect(difference == nil, "run \(run), \(output.name)")
            }
        }
    }
}
