import HearthGraph
import HearthNN
import HearthTensor
import HearthVision
import Testing

/// Every pass leaves the results of random programs as they are.
@Suite struct PassTests {
    /// - Parameter depth: How deep branches and loops lie inside each other.
    @Test(arguments: Pass.all.map(\.name) + ["all"], [0, 2]) func randomPrograms(name: String, depth: Int) throws {
        for seed in 0..<(depth == 0 ? 60 : 30) {
            let program = RandomProgram(seed: UInt64(seed), count: depth == 0 ? 24 : 12, depth: depth)
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

    /// Operations that others write in parts, and what they are called as a whole.
    static let parts: [(name: String, body: @Sendable (Tensor, Tensor, Tensor) -> Tensor)] = [
        ("gelu", { x, _, _ in x * 0.5 * ((x / 2.0.squareRoot()).erf() + 1) }),
        ("gelu", { x, _, _ in x * ((x * 0.7071067811865476).erf() + 1) * 0.5 }),
        ("gelu_tanh", { x, _, _ in x * 0.5 * (((x + x.pow(3) * 0.044715) * 0.7978845608028654).tanh() + 1) }),
        ("gelu_tanh", { x, _, _ in x * 0.5 * ((x * 0.7978845608028654 * (x * x * 0.044715 + 1)).tanh() + 1) }),
        ("silu", { x, _, _ in x.sigmoid() * x }),
        (
            "standardise",
            { x, weight, bias in
                let d = x - x.mean(dim: -1, keepDim: true)
                return d / (d.pow(2).mean(dim: -1, keepDim: true) + 1e-5).sqrt() * weight + bias
            }
        ),
        (
            "standardise",
            { x, weight, _ in
                let d = x - x.mean(dims: [1, 2], keepDim: true)
                return weight.mean() * (d * ((d * d).mean(dims: [1, 2], keepDim: true) + 0.1).rsqrt())
            }
        ),
        ("standardise", { x, weight, _ in weight * (x * (x.square().mean(dim: -1, keepDim: true) + 1e-6).rsqrt()) }),
        ("standardise", { x, _, _ in x * (x.square().mean(dim: -1, keepDim: true) + 1e-6).sqrt().reciprocal() }),
    ]

    @Test func patternsAreJoined() throws {
        let generator = Generator(seed: 9)
        let weight = Tensor.randn([8], dtype: .float64, generator: generator)
        let bias = Tensor.randn([8], dtype: .float64, generator: generator)
        for (name, body) in Self.parts {
            let graph = try Graph(inputs: .float64("batch", 3, 8)) { body($0[0] + 1, weight, bias) }
            let joined = try graph.optimized()
            #expect(joined.nodes.contains { $0.operation?.operation.name == name }, "\(graph)")
            #expect(
                !joined.nodes.contains {
                    ["erf", "tanh", "sigmoid", "sqrt", "rsqrt"].contains($0.operation?.operation.name)
                })
            for batch in [1, 5] {
                let x = Tensor.randn([batch, 3, 8], dtype: .float64, generator: generator)
                let (found, expected) = (try joined.compiled()(x), body(x + 1, weight, bias))
                #expect(found.allClose(to: expected, relative: 1e-9, absolute: 1e-9), "\(name)")
            }
        }
    }

    @Test func whatOnlyLooksLikeAPatternStays() throws {
        let bodies: [@Sendable (Tensor) -> Tensor] = [
            { x in x * 0.5 * ((x * 0.7).erf() + 1) }, { x in x * (x + 1).sigmoid() },
            { x in (x - x.mean(dim: 1, keepDim: true)) / ((x * x).mean(dim: 1, keepDim: true) + 1).sqrt() },
            { x in x / (x.square().sum(dim: 1, keepDim: true) + 1e-5).sqrt() },
            { x in x / (x.square().mean(dim: 0, keepDim: true) + 1e-5).sqrt() },
        ]
        for body in bodies {
            let graph = try Graph(inputs: .float64("rows", 6)) { body($0[0]) }
            #expect(try Pass.all.first { $0.name == "join-patterns" }!(graph).changes.isEmpty)
            let x = Tensor.randn([4, 6], dtype: .float64, generator: Generator(seed: 1))
            #expect(try graph.optimized().compiled()(x).allClose(to: body(x), relative: 1e-9, absolute: 1e-9))
        }
    }
}
