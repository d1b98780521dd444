import HearthGraph
import HearthNN
import HearthTensor
import Testing

/// Compiled steps are what the code is: the same losses, and the same state afterwards.
@Suite struct CompiledStepTests {
    private final class Sequence: Module, Layer {
        let lstm = LSTM(8, 16, batchFirst: true, generator: Generator(seed: 5))
        let head = Linear(16, 4, generator: Generator(seed: 6))
        func forward(_ x: Tensor) -> Tensor { head(lstm(x).output[0..., -1]) }
    }

    private final class Encoder: Module, Layer {
        let layers = TransformerEncoder(
            TransformerEncoderLayer(
                16, heads: 4, feedforward: 32, dropout: 0.1, batchFirst: true, generator: Generator(seed: 5)), layers: 2
        )
        let head = Linear(16, 4, generator: Generator(seed: 6))
        func forward(_ x: Tensor) -> Tensor { head(layers(x).mean(dim: 1)) }
    }

    private func convolutional() -> Sequential {
        let (weights, drops) = (Generator(seed: 1), Generator(seed: 2))
        return Sequential {
            Conv2d(1, 8, kernelSize: 3, generator: weights)
            BatchNorm2d(8)
            ReLU()
            MaxPool2d(2)
            Dropout(0.3, generator: drops)
            Flatten()
            Linear(8 * 6 * 6, 4, generator: weights)
        }
    }

    private func train(
        _ model: any Layer, _ makeOptimizer: ([Parameter]) -> any Optimizer, _ shape: [Int], _ dtype: DType,
        isCompiled: Bool
    ) throws -> (losses: [Double], state: StateDict) {
        model.to(dtype)
        let optimizer = makeOptimizer(model.parameters)
        let schedule = StepLR(optimizer, stepSize: 30, gamma: 0.5)
        let criterion = CrossEntropyLoss()
        let data = Generator(seed: 9)
        let batches = (0..<4).map { _ in
            (
                Tensor.randn(Shape([16] + shape), generator: data).to(dtype),
                (Tensor.rand([16], generator: data) * 4).to(.int64)
            )
        }
        let body = { (x: Tensor, y: Tensor) -> Tensor in
            optimizer.zeroGrad()
            let loss = criterion(model(x), y)
            loss.backward()
            clipGradNorm(model.parameters, maxNorm: 1)
            optimizer.step()
            return loss
        }
        let step = try compile(model, optimizer, body)
        var losses: [Double] = []
        for i in 0..<100 {
            let (x, y) = batches[i % 4]
            losses.append((isCompiled ? try step(x, y) : body(x, y)).item())
            schedule.step()
        }
        #expect((step.operationCount(for: [batches[0].0.spec, batches[0].1.spec]) != nil) == isCompiled)
        return (losses, model.stateDict)
    }

    private func compare(
        _ shape: [Int], _ dtype: DType, _ makeModel: () -> any Layer, _ makeOptimizer: ([Parameter]) -> any Optimizer
    ) throws {
        let (eager, state) = try train(makeModel(), makeOptimizer, shape, dtype, isCompiled: false)
        let (compiled, after) = try train(makeModel(), makeOptimizer, shape, dtype, isCompiled: true)
        let tolerance = dtype == .float64 ? 1e-9 : 1e-5
        for (a, b) in zip(eager, compiled) { #expect(abs(a - b) <= tolerance) }
        #expect(eager.last! < eager.first!)
        for (name, tensor) in state {
            #expect(tensor.allClose(to: after[name]!, relative: tolerance, absolute: tolerance))
        }
    }

    @Test(arguments: [DType.float64, .float32]) func networks(dtype: DType) throws {
        try compare(
            [20], dtype,
            {
                let generator = Generator(seed: 1)
                return Sequential {
                    Linear(20, 32, generator: generator)
                    ReLU()
                    Linear(32, 4, generator: generator)
                }
            }, { Adam($0, lr: 0.01) })
        try compare([1, 14, 14], dtype, convolutional, { SGD($0, lr: 0.05, momentum: 0.9) })
        try compare([7, 8], dtype, { Sequence() }, { AdamW($0, lr: 0.01) })
        try compare([6, 16], dtype, { Encoder() }, { Adam($0, lr: 0.01) })
    }

    @Test func anotherBatchSizeIsAnotherProgram() throws {
        let model = Linear(3, 2, generator: Generator(seed: 1))
        let optimizer = SGD(model.parameters, lr: 0.1)
        let step = try compile(model, optimizer) { x, y in
            optimizer.zeroGrad()
            let loss = (model(x) - y).square().mean()
            loss.backward()
            optimizer.step()
            return loss
        }
        var losses: [Double] = []
        for i in 0..<12 {
            let count = i % 3 == 2 ? 2 : 4
            losses.append(try step(Tensor.ones([count, 3]), Tensor.zeros([count, 2])).item())
        }
        #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test func parametersAreWrittenOverWhereTheyAre() throws {
        let model = Sequential {
            Linear(3, 4, generator: Generator(seed: 1))
            ReLU()
            Linear(4, 2, generator: Generator(seed: 2))
        }
        let optimizer = Adam(model.parameters, lr: 0.1)
        let step = try compile(model, optimizer) { x, y in
            optimizer.zeroGrad()
            let loss = (model(x) - y).square().mean()
            loss.backward()
            optimizer.step()
            return loss
        }
        let (x, y) = (Tensor.ones([4, 3]), Tensor.zeros([4, 2]))
        for _ in 0..<3 { try step(x, y) }
        let places = model.parameters.map(\.tensor.storageIdentity)
        for _ in 0..<3 { try step(x, y) }
        #expect(model.parameters.map(\.tensor.storageIdentity) == places)
    }

    @Test func gradientsThatAddUpAreFoundInTheState() throws {
        let weight = Parameter(Tensor([1.0, 2.0]))
        let optimizer = SGD([weight], lr: 0.1)
        let step = try compile([], [optimizer]) { (x: [Tensor]) -> Tensor in
            let loss = (weight.tensor * x[0]).sum()
            loss.backward()
            return loss
        }
        for _ in 0..<6 { _ = try step(Tensor([1.0, 1.0])) }
        #expect(weight.grad!.array(of: Float.self) == [6, 6])
    }

    @Test func aNumberThatChangesIsAnError() throws {
        let model = Linear(3, 2)
        let optimizer = SGD(model.parameters, lr: 0.1)
        var factor = 1.0
        let step = try compile(model, optimizer) { x, y in
            factor *= 0.5
            let loss = (model(x) - y).square().mean() * factor
            loss.backward()
            optimizer.step()
            return loss
        }
        let error = #expect(throws: GraphError.self) {
            for _ in 0..<6 { _ = try step(Tensor.ones([4, 3]), Tensor.zeros([4, 2])) }
        }
        #expect(error?.description.contains("must be an input") == true)
    }
}
