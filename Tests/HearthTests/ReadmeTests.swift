import Hearth
import Testing

/// The lines of the README's table "From PyTorch to Hearth", run.
@Suite struct ReadmeTests {
    @Test func tensors() {
        let x = Tensor([[1.0, 2.0], [3.0, 4.0]])
        #expect(x.dtype == .float32 && x.shape == [2, 2])
        #expect(Tensor.zeros(2, 3).shape == Tensor.randn(2, 3).shape)
        #expect(x.sum(dim: 1, keepDim: true).shape == [2, 1])
        #expect(x.max(dim: 1).values.isEqual(to: Tensor([2.0, 4.0])))
        #expect(Tensor.cat([x, x], dim: 1).shape == [2, 4])
        #expect(Tensor.where(x > 2, x, 0.0).sum().item() == 7)
        #expect(x.to(.float16).dtype == .float16)
        #expect(Tensor.einsum("ij,jk->ik", x, x).isEqual(to: x.matmul(x)))
        let images = Tensor.randn(2, 784, 1)
        #expect(images.reshape(-1, 784).shape == [2, 784])
        #expect(images.permute(0, 2, 1).shape == [2, 1, 784])
    }

    @Test func subscripts() {
        var x = Tensor.arange(12).reshape(3, 4)
        #expect(x[0, 1..<3].array(of: Int.self) == [1, 2])
        #expect(x[..., .newAxis].shape == [3, 4, 1])
        #expect(x[x > 9].array(of: Int.self) == [10, 11])
        x.fill(5, at: 0)
        #expect(x[0].array(of: Int.self) == [5, 5, 5, 5])
        x[1] = Tensor([1, 2, 3, 4])
        #expect(x[1].array(of: Int.self) == [1, 2, 3, 4])
    }

    @Test func gradients() {
        let x = Tensor([2.0]).requiringGrad()
        let y = x * x
        y.backward(retainGraph: true)
        #expect(x.grad?.item() == 4)
        #expect(grad(of: y, wrt: x, createGraph: true).item() == 4)
        #expect(noGrad { x * x }.requiresGrad == false)
    }

    @Test func trainingMakesTheLossFall() {
        manualSeed(0)
        final class NeuralNetwork: Module, Layer {
            let fc1, fc2: Linear
            init(inputSize: Int, hiddenSize: Int, outputSize: Int) {
                fc1 = Linear(inputSize, hiddenSize)
                fc2 = Linear(hiddenSize, outputSize)
            }
            func forward(_ x: Tensor) -> Tensor { fc2(fc1(x.flatten(from: 1)).relu()) }
        }
        let dataset = TensorDataset(
            Tensor.randn([200, 2, 4], generator: Generator(seed: 1)),
            Tensor.randint(0..<3, [200], generator: Generator(seed: 2)))
        let loader = DataLoader(dataset.randomSplit([0.8, 0.2], seed: 0)[0], batchSize: 32, shuffle: true, workers: 2)
        let model = NeuralNetwork(inputSize: 8, hiddenSize: 64, outputSize: 3).to(Device.default)
        let criterion = CrossEntropyLoss()
        let optimizer = Adam(model.parameters, lr: 0.01)
        var losses: [Double] = []
        for _ in 1...60 {
            model.train()
            var sum = 0.0
            for (inputs, labels) in loader {
                optimizer.zeroGrad()
                let loss = criterion(model(inputs), labels)
                loss.backward()
                optimizer.step()
                sum += loss.item() * Double(inputs.shape[0])
            }
            losses.append(sum / 160)
        }
        #expect(losses[59] < losses[0] / 2)
        #expect(model.stateDict.keys == ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"])
    }

    @Test func declarations() {
        final class Scale: Module {
            @Param var factor: Tensor
            @Buffer var mean: Tensor
            override init() {
                factor = .ones([3])
                mean = .zeros([3])
            }
        }
        let scale = Scale()
        #expect(scale.stateDict.keys == ["factor", "mean"])
        #expect(scale.parameters.count == 1)
        let model = Sequential {
            Linear(784, 128)
            ReLU()
        }
        #expect(model.parameterCount() == 100_480)
    }
}
