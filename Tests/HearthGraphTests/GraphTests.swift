import HearthGraph
import HearthNN
import HearthTensor
import HearthVision
import Testing

@Suite struct GraphTests {
    private func perceptron() throws -> (Sequential, Graph) {
        let generator = Generator(seed: 2)
        let model = Sequential {
            Linear(4, 8, generator: generator)
            ReLU()
            Linear(8, 3, generator: generator)
        }
        return (model, try Graph(of: model, inputs: .float32("batch", 4)))
    }

    @Test func aCutGivesInnerFeatures() throws {
        let (model, graph) = try perceptron()
        let features = try graph.cut(at: "1")
        let x = Tensor.rand([3, 4], generator: Generator(seed: 1))
        #expect(try features(x).allClose(to: model[1](model[0](x))))
        #expect(features.operationCount == 2)
        #expect(throws: GraphError.self) { try graph.cut(at: "layer7") }
    }

    @Test func operationsCanBeReplacedAndInserted() throws {
        var (model, graph) = try perceptron()
        let relu = try #require(graph.nodes.first { $0.operation?.operation.name == "relu" })
        try graph.replace(relu.id, with: GraphOperation("tanh", []))
        try graph.insert(GraphOperation("neg", []), after: relu.id)
        let x = Tensor.rand([3, 4], generator: Generator(seed: 1))
        #expect(try graph(x).allClose(to: model[2](-model[0](x).tanh())))
        #expect(throws: GraphError.self) { try GraphOperation("no_such_operation", []) }
    }

    @Test func inputsThatDoNotFitAreErrors() throws {
        let graph = try Graph(inputs: ["a": .float32("n", 2), "b": .float32("n", 3)]) {
            Tensor.cat([$0[0], $0[1]], dim: 1)
        }
        let executable = try graph.compiled()
        func failure(_ inputs: [Tensor]) -> String {
            do { return "\(try executable.run(inputs).map(\.spec))" } catch { return error.description }
        }
        #expect(failure([Tensor.ones([2, 2])]) == "2 inputs are expected ('a', 'b'), not 1")
        #expect(
            failure([Tensor.ones([2, 2]), Tensor.ones([2, 4])])
                == "input 'b' must be float32[n, 3]; found float32[2, 4]")
        #expect(failure([Tensor.ones([2, 2]), Tensor.ones([3, 3])]) == "'n' is 2 in an earlier input and 3 in 'b'")
        #expect(failure([Tensor.ones([2, 2]), Tensor.ones([2, 3])]) == "[float32[2, 5]]")
        #expect(failure([Tensor.meta([2, 2]), Tensor.ones([2, 3])]).hasPrefix("inputs must be on"))
        #expect(throws: GraphError.self) { try executable.run(["a": Tensor.ones([2, 2]), "c": Tensor.ones([2, 3])]) }
    }

    @Test func anIndexOutOfRangeIsAnErrorAndNoTrap() throws {
        let embedding = Embedding(10, 4)
        let executable = try Graph(of: embedding, inputs: .int64("n")) { embedding($0[0]) }.compiled()
        #expect(try executable(Tensor([1, 9])).shape == [2, 4])
        #expect(throws: GraphError.self) { try executable(Tensor([1, 10])) }
    }

    @Test func aConvolutionKeepsNaNWhereThatIsAskedFor() throws {
        let model = Sequential {
            Conv2d(3, 8, kernelSize: 3, generator: Generator(seed: 1))
            ReLU()
            Conv2d(8, 8, kernelSize: 3, padding: 1, generator: Generator(seed: 2))
        }
        let graph = try Graph(of: model, inputs: .float32("batch", 3, 8, 8))
        var x = Tensor.randn([2, 3, 8, 8], generator: Generator(seed: 3))
        for executable in [try graph.compiled(), try graph.compiled(keepsNaN: true)] {
            #expect(try executable(x).allClose(to: model(x), relative: 1e-4, absolute: 1e-5))
        }
        x.fill(Double.nan, at: 0, 0, 4, 4)
        let result = try graph.compiled(keepsNaN: true)(x)
        #expect(result.allClose(to: model(x), relative: 1e-4, absolute: 1e-5, equalNaN: true))
        #expect(result.isNaN().any().item(as: Bool.self))
    }

    @Test func severalThreadsRunOneExecutable() async throws {
        let (model, graph) = try perceptron()
        let executable = try graph.optimized().compiled()
        let inputs = (1..<9).map { Tensor.rand([$0, 4], generator: Generator(seed: UInt64($0))) }
        let expected = noGrad { inputs.map { model($0) } }
        try await withThrowingTaskGroup(of: (Int, Tensor).self) { group in
            for round in 0..<32 {
                let i = round % inputs.count
                let x = inputs[i]
                group.addTask { (i, try executable(x)) }
            }
            for try await (i, y) in group { #expect(y.allClose(to: expected[i])) }
        }
    }

    @Test func resultsAreWrittenIntoTensorsOfTheCaller() throws {
        let (model, graph) = try perceptron()
        let executable = try graph.compiled()
        let x = Tensor.rand([3, 4], generator: Generator(seed: 1))
        var results = [Tensor.zeros([3, 3])]
        try executable.run([x], into: &results)
        #expect(results[0].allClose(to: model(x)))
        var misfits = [Tensor.zeros([2, 3])]
        #expect(throws: GraphError.self) { try executable.run([x], into: &misfits) }
    }

    @Test func statisticsAreThoseOfTheSizes() throws {
        let graph = try Graph(of: resnet18().eval(), inputs: .float32("batch", 3, 224, 224))
        let (one, four) = (try graph.statistics(), try graph.statistics(["batch": 4]))
        // torchvision tells 1.81 billion multiplications with additions and 11,689,512 parameters.
        #expect(abs(Double(one.flops) - 2 * 1.814e9) < 0.05e9)
        #expect(four.flops == 4 * one.flops)
        #expect(one.weights == 11_689_512 + 9_600 && one.peakBytes >= 3_211_264 * 2)
        #expect(four.peakBytes == 4 * one.peakBytes)
    }

    @Test func aDrawingForGraphvizNamesAll() throws {
        let text = try perceptron().1.graphviz
        #expect(text.contains("linear\\n0\\nfloat32[batch, 8]") && text.hasPrefix("digraph"))
        #expect(text.count { $0 == ">" } == 4)
    }

    @Test func aGraphIsALayerThatLearns() throws {
        let (model, graph) = try perceptron()
        let copy = GraphModule(graph)
        #expect(copy.namedParameters.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
        let (x, y) = (Tensor.rand([16, 4], generator: Generator(seed: 1)), Tensor.zeros([16], dtype: .int64))
        let criterion = CrossEntropyLoss()
        let optimizers = (SGD(model.parameters, lr: 0.1), SGD(copy.parameters, lr: 0.1))
        for _ in 0..<5 {
            for (layer, optimizer) in [(model as any Layer, optimizers.0), (copy, optimizers.1)] {
                optimizer.zeroGrad()
                criterion(layer(x), y).backward()
                optimizer.step()
            }
        }
        #expect(try copy.trained.compiled()(x).allClose(to: model(x)))
        #expect(try !graph.compiled()(x).allClose(to: model(x)))
    }
}
