import HearthGraph
import HearthNN
import HearthTensor
import HearthVision
import Testing

/// Programs that are traced compute what their code does, for sizes that no trace had.
@Suite struct TracingTests {
    private let generator = Generator(seed: 1)

    private func random(_ sizes: Int...) -> Tensor { Tensor.randn(Shape(sizes), generator: generator) }

    /// Holds a function against its graph on inputs of several sizes.
    private func check<Result>(
        _ specs: InputSpec..., of module: Module? = nil, on inputs: [[Tensor]],
        sourceLocation: SourceLocation = #_sourceLocation, _ body: ([Tensor]) -> Result
    ) throws {
        let names = specs.indices.map { "x\($0)" }
        let graph =
            switch specs.count {
            case 1: try Graph(of: module, inputs: specs[0], body: body)
            default: try Graph(of: module, inputs: specs[0], specs[1], body: body)
            }
        #expect(graph.inputs.count == names.count, sourceLocation: sourceLocation)
        let executable = try graph.optimized().compiled()
        for x in inputs {
            let expected = tensors(body(x))
            for results in [try graph.run(x), try executable.run(x)] {
                try #require(results.count == expected.count, sourceLocation: sourceLocation)
                for (result, tensor) in zip(results, expected) {
                    #expect(result.allClose(to: tensor, relative: 1e-4, absolute: 1e-5), sourceLocation: sourceLocation)
                }
            }
        }
    }

    private func tensors(_ value: Any) -> [Tensor] {
        if let tensor = value as? Tensor { return [tensor] }
        return Mirror(reflecting: value).children.flatMap { tensors($0.value) }
    }

    @Test func aMultilayerPerceptronHasNamedWeights() throws {
        let model = Sequential {
            Flatten()
            Linear(784, 128)
            ReLU()
            Linear(128, 10)
        }
        let graph = try Graph(of: model, inputs: .float32("batch", 1, 28, 28))
        #expect(
            graph.description == """
                graph(input: float32[batch, 1, 28, 28]) -> (output: %8 float32[batch, 10])
                  %1 = reshape(input, shape: [batch, 784])  float32[batch, 784]  # 0
                  %4 = linear(%1, 1.weight, 1.bias)         float32[batch, 128]  # 1
                  %5 = relu(%4)                             float32[batch, 128]  # 2
                  %8 = linear(%5, 3.weight, 3.bias)         float32[batch, 10]  # 3
                """)
        #expect(graph.node(named: "1.weight")?.constant?.role == .parameter)
        for batch in [1, 5, 64] {
            let x = random(batch, 1, 28, 28)
            #expect(try graph(x).allClose(to: model(x)))
        }
    }

    @Test func aResidualNetworkForAnyPictures() throws {
        let model = resnet18(classes: 10).eval()
        let graph = try Graph(of: model, inputs: .float32("batch", 3, "height", "width"))
        let fast = try graph.optimized().compiled()
        for (height, width) in [(70, 65), (33, 96)] {
            let x = random(2, 3, height, width)
            let expected = noGrad { model(x) }
            #expect(try graph(x).allClose(to: expected, relative: 1e-4, absolute: 1e-4))
            #expect(try fast(x).allClose(to: expected, relative: 1e-4, absolute: 1e-4))
        }
    }

    @Test(arguments: [false, true]) func recurrentNetworks(isBidirectional: Bool) throws {
        let lstm = LSTM(8, 6, layers: 2, batchFirst: true, bidirectional: isBidirectional, generator: generator)
        try check(.float32("batch", "length", 8), of: lstm, on: [[random(2, 5, 8)], [random(1, 9, 8)]]) { lstm($0[0]) }
        let gru = GRU(8, 6, layers: 2, bidirectional: isBidirectional, generator: generator)
        try check(.float32("length", "batch", 8), of: gru, on: [[random(2, 5, 8)], [random(1, 9, 8)]]) { gru($0[0]) }
    }

    @Test func transformers() throws {
        let model = Transformer(
            16, heads: 4, encoderLayers: 2, decoderLayers: 2, feedforward: 32, batchFirst: true, generator: generator
        ).eval()
        try check(
            .float32("batch", "source", 16), .float32("batch", "target", 16), of: model,
            on: [[random(2, 5, 16), random(2, 3, 16)], [random(1, 7, 16), random(1, 7, 16)]]
        ) { model($0[0], $0[1], targetIsCausal: true) }
    }

    /// A step of generation is a function of the new elements and the cache; its graph is run with what it gave before.
    @Test func keyValueCaches() throws {
        let attention = MultiheadAttention(16, heads: 4, batchFirst: true, generator: generator)
        let graph = try Graph(
            of: attention,
            inputs: [
                "x": .float32("batch", "new", 16), "keys": .float32("batch", 4, "past", 4),
                "values": .float32("batch", 4, "past", 4),
            ]
        ) { inputs in
            let cache = KeyValueCache(keys: inputs[1], values: inputs[2])
            let y = attention(inputs[0], cache: cache)
            return ["y": y, "keys": cache.keys!, "values": cache.values!]
        }
        let step = try graph.optimized().compiled()
        let text = random(2, 9, 16)
        let expected = attention(text, text, text, isCausal: true).output
        var state = ["keys": Tensor.zeros([2, 4, 0, 4]), "values": Tensor.zeros([2, 4, 0, 4])]
        var start = 0
        for count in [4, 1, 1, 3] {
            let x = text.narrow(1, start: start, length: count)
            state = try step.run(state.filter { $0.key != "y" }.merging(["x": x]) { $1 })
            #expect(
                state["y"]!.allClose(
                    to: expected.narrow(1, start: start, length: count), relative: 1e-4, absolute: 1e-5))
            start += count
        }
        #expect(state["keys"]!.shape == [2, 4, 9, 4])
    }

    @Test func sizesThatAreComputed() throws {
        let x = [[random(3, 8)], [random(2, 9)], [random(1, 2)]]
        try check(.float32("batch", "length"), on: x) { x in
            let length = x[0].shape[1]
            return x[0].narrow(1, start: length / 2, length: length - length / 2)
        }
        try check(.float32("batch", "length"), on: x) { x in
            x[0] + Tensor.arange(x[0].shape[1]).to(.float32) / Double(x[0].shape[1])
        }
        try check(.float32("batch", "length"), on: x) { [$0[0].mean(), $0[0].std(dim: 1), $0[0].softmax(dim: 1)] }
        try check(.float32("batch", "length"), on: x) { $0[0].reshape([-1]).flip([0]) }
        try check(.float32("a", 4), .float32("b", 4), on: [[random(3, 4), random(5, 4)]]) {
            Tensor.cat([$0[0], $0[1]])
        }
        try check(.float32("batch", 4, "h", "w"), on: [[random(3, 4, 8, 6)], [random(1, 4, 5, 9)]]) { x in
            (x[0].pad([1, 2, 1, 1], mode: .reflect), x[0].pixelShuffle(2), x[0].adaptiveAvgPool(rank: 2, [3, 2]))
        }
        try check(.float32("batch", 3, "h", "w"), on: [[random(1, 3, 8, 7)], [random(2, 3, 9, 11)]]) {
            $0[0].interpolate(scale: [2], mode: .linear)
        }
    }

    @Test func resultsOfAnyKindAreNamed() throws {
        let graph = try Graph(inputs: .float32(2)) { x in
            (sum: x[0].sum(), parts: ["b": x[0] * 2, "a": x[0] + 1], list: [x[0], -x[0]])
        }
        #expect(graph.outputs.map(\.name) == ["sum", "parts.a", "parts.b", "list.0", "list.1"])
    }

    @Test func trainingUpdatesBuffers() throws {
        let model = BatchNorm2d(3)
        let graph = try Graph(of: model, inputs: .float32("batch", 3, 4, 4))
        #expect(
            Set(graph.updates.map { graph.node($0.constant)!.name }) == [
                "running_mean", "running_var", "num_batches_tracked",
            ])
        #expect(model.runningMean!.array(of: Float.self) == [0, 0, 0])
        let executable = try graph.compiled()
        for _ in 0..<3 {
            let x = random(5, 3, 4, 4)
            let expected = noGrad { model(x) }
            #expect(try executable(x).allClose(to: expected, relative: 1e-4, absolute: 1e-5))
        }
        #expect(executable.state["running_mean"]!.allClose(to: model.runningMean!))
        #expect(executable.state["num_batches_tracked"]!.item(as: Int.self) == 3)
    }

    @Test func randomNumbersAreThoseOfTheRun() throws {
        let graph = try Graph(inputs: .float32("batch", 100)) { $0[0].dropout(0.5) }
        let executable = try graph.compiled()
        #expect(graph.drawnBlocks == "batch" * 100)
        let x = Tensor.ones([4, 100])
        let (first, second) = (try executable(x), try executable(x))
        #expect(!first.allClose(to: second))
        #expect((first * 0.5 - first.to(.bool).to(.float32)).abs().max().item() == 0)
    }

    // MARK: What cannot be traced

    private func failure(_ body: ([Tensor]) -> Tensor) -> String {
        do {
            _ = try Graph(inputs: .float32("batch", "length"), body: body)
            return ""
        } catch { return "\(error)" }
    }

    @Test func readingElementsIsAnError() {
        #expect(failure { $0[0] * $0[0].max().item() }.contains("reads elements of a tensor"))
        #expect(failure { $0[0][$0[0] > 0] }.hasPrefix("nonzero: the program reads elements"))
    }

    @Test func controlFlowThatDependsOnASizeIsAnError() {
        let text = failure { $0[0].shape[0] % 2 == 0 ? $0[0].relu() : $0[0].tanh() }
        #expect(text.contains("relu once, tanh another time"))
    }

    @Test func aModuleThatChangesItsMindIsAnError() throws {
        final class Fickle: Module, Layer {
            var calls = 0
            func forward(_ x: Tensor) -> Tensor {
                calls += 1
                return calls % 2 == 0 ? x.relu() : x.tanh()
            }
        }
        #expect(throws: GraphError.self) { try Graph(of: Fickle(), inputs: .float32(2, 3)) }
    }

    @Test func anErrorNamesTheModule() throws {
        final class Reader: Module, Layer {
            func forward(_ x: Tensor) -> Tensor { x * x.sum().item() }
        }
        let model = Sequential {
            ReLU()
            Reader()
        }
        let error = #expect(throws: GraphError.self) { try Graph(of: model, inputs: .float32(2, 3)) }
        #expect(error?.path == "1")
    }
}
