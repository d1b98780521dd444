import Hearth
import HearthVision

extension Benchmark {
    /// Training steps and inference of networks, whole. Names are those of `Benchmarks/peer.py`.
    static var networks: [Benchmark] {
        [
            Benchmark(name: "cnn-step-64", unit: .milliseconds, runs: 5) {
                let model = Sequential {
                    Conv2d(1, 32, kernelSize: 3)
                    ReLU()
                    Conv2d(32, 64, kernelSize: 3)
                    ReLU()
                    MaxPool2d(2)
                    Flatten()
                    Linear(9216, 128)
                    ReLU()
                    Linear(128, 10)
                }
                return trainingStep(model, Tensor.randn(64, 1, 28, 28), Tensor.randint(0..<10, [64]))
            },
            Benchmark(name: "lstm-step-64", unit: .milliseconds, runs: 20) {
                let model = RowLSTM([1, 28, 28], 10, dropout: 0)
                return trainingStep(model, Tensor.randn(64, 1, 28, 28), Tensor.randint(0..<10, [64]))
            },
            Benchmark(name: "resnet18-step-8", unit: .milliseconds, runs: 1) {
                trainingStep(resnet18(classes: 1000), Tensor.randn(8, 3, 224, 224), Tensor.randint(0..<1000, [8]))
            },
            Benchmark(name: "resnet18-inference", unit: .milliseconds, runs: 5) {
                let (model, x) = (resnet18(classes: 1000).eval(), Tensor.randn(1, 3, 224, 224))
                return { noGrad { _ = model(x) } }
            },
            Benchmark(name: "conv-64x64-56", unit: .milliseconds, runs: 3) {
                let (x, w) = (Tensor.randn(32, 64, 56, 56), Tensor.randn(64, 64, 3, 3))
                return { _ = x.conv(w, padding: 1) }
            },
            Benchmark(name: "conv-64x64-56-backward", unit: .milliseconds, runs: 3) {
                let (x, w) = (
                    Tensor.randn(32, 64, 56, 56).requiringGrad(), Tensor.randn(64, 64, 3, 3).requiringGrad()
                )
                let y = x.conv(w, padding: 1)
                let g = Tensor.randn(32, 64, 56, 56)
                return { _ = grad(of: [y], wrt: [x, w], gradients: [g], retainGraph: true) }
            },
            normalisation("batch-norm-step") { BatchNorm2d(64) },
            normalisation("max-pool-step") { MaxPool2d(3, stride: 2, padding: 1) },
            normalisation("group-norm-step") { GroupNorm(8, 64) },
            Benchmark(name: "layer-norm-16m", unit: .milliseconds, runs: 5) {
                let (layer, x) = (LayerNorm(4096), Tensor.randn(4096, 4096))
                return { noGrad { _ = layer(x) } }
            },
            attention("attention-512", length: 512), attention("attention-1024", length: 1024),
            attention("attention-2048", length: 2048), attention("attention-4096", length: 4096),
        ]
    }

    /// One training step with Adam.
    private static func trainingStep(_ model: any Layer, _ inputs: Tensor, _ labels: Tensor) -> () -> Void {
        let optimizer = Adam(model.parameters, lr: 0.001)
        let criterion = CrossEntropyLoss()
        return {
            optimizer.zeroGrad()
            let loss = criterion(model(inputs), labels)
            loss.backward()
            optimizer.step()
        }
    }

    /// A layer forward and backward over `[32, 64, 56, 56]`.
    private static func normalisation(_ name: String, _ make: @escaping () -> any Layer) -> Benchmark {
        Benchmark(name: name, unit: .milliseconds, runs: 3) {
            let layer = make()
            let x = Tensor.randn(32, 64, 56, 56).requiringGrad()
            return {
                let y = layer(x)
                x.grad = nil
                y.sum().backward()
            }
        }
    }

    /// Attention with 8 heads of 64 features, forward and backward.
    private static func attention(_ name: String, length: Int) -> Benchmark {
        Benchmark(name: name, unit: .milliseconds, runs: 1) {
            let (q, k, v) = (
                Tensor.randn(1, 8, length, 64).requiringGrad(), Tensor.randn(1, 8, length, 64).requiringGrad(),
                Tensor.randn(1, 8, length, 64).requiringGrad()
            )
            return {
                let y = Tensor.scaledDotProductAttention(q, k, v)
                _ = grad(of: [y.sum()], wrt: [q, k, v])
            }
        }
    }
}
