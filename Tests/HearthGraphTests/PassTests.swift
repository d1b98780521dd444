import HearthGraph
import HearthNN
import HearthTensor
import HearthVision
import Testing

/// Every pass leaves the results of random programs as they are.
@Suite struct PassTests {
    @Test(arguments: Pass.all.map(\.name) + ["all"]) func randomPrograms(name: String) throws {
        for seed in 0..<60 {
            let program = RandomProgram(seed: UInt64(seed), count: 24)
            let graph = try Graph(inputs: .float64("rows", 6)) { program($0[0]) }
            let changed =
                if let pass = Pass.all.first(where: { $0.name == name }) { try pass(graph).graph } else {
                    try graph.optimized()
                }
            try changed.validate()
            #expect(changed.operationCount <= graph.operationCount)
            let executable = try changed.compiled()
            for rows in [1, 5] {
                let x = Tensor.randn([rows, 6], dtype: .float64, generator: Generator(seed: UInt64(seed)))
                for (result, expected) in zip(try executable.run([x]), program(x)) {
                    #expect(result.allClose(to: expected, relative: 1e-9, absolute: 1e-9), "\(name), program \(seed)")
                }
            }
        }
    }

    @Test func batchNormalisationIsFolded() throws {
        let generator = Generator(seed: 4)
        for name in ["resnet18", "mobilenet_v2", "densenet121", "shufflenet_v2_x0_5"] {
            let model = try getModel(name, classes: 10)
            for buffer in model.namedBuffers {
                guard let tensor = buffer.tensor else { continue }
                if buffer.name.hasSuffix("running_mean") {
                    buffer.tensor = Tensor.randn(tensor.shape, generator: generator) * 0.1
                }
                if buffer.name.hasSuffix("running_var") {
                    buffer.tensor = Tensor.rand(tensor.shape, generator: generator) + 0.5
                }
            }
            try holds(model.eval(), generator)
        }
    }

    private func holds(_ model: some Layer, _ generator: Generator) throws {
        let graph = try Graph(of: model, inputs: .float32("batch", 3, 64, 64))
        let (fast, reports) = try graph.optimizing()
        #expect(reports.first { $0.pass == "fold-batch-norm" }!.changes.count > 10)
        let x = Tensor.randn([2, 3, 64, 64], generator: generator)
        let (expected, result) = (try graph.compiled()(x), try fast.compiled()(x))
        #expect(result.allClose(to: expected, relative: 1e-3, absolute: 1e-4))
    }

    @Test func passesCanBeSwitchedOff() throws {
        let graph = try Graph(inputs: .float32(2, 2)) { ($0[0] * 1).relu() }
        #expect(try graph.optimized().operationCount == 1)
        #expect(try graph.optimized(without: ["simplify"]).operationCount == 2)
        let error = #expect(throws: GraphError.self) { try graph.optimized(without: ["simplfy"]) }
        #expect(error?.description.contains("there is no pass 'simplfy'") == true)
    }
}
