import Hearth
import HearthVision

/// One line of the benchmark table: something to run many times, and how its speed is told.
package struct Benchmark {
    /// How a time becomes the number that is shown.
    package enum Unit: String {
        case microseconds = "µs"
        case milliseconds = "ms"
        case seconds = "s"
        case imagesPerSecond = "images/s"
    }

    package let name: String
    package let unit: Unit
    /// How many runs make one sample.
    let runs: Int
    /// Things per run, for units of things per second.
    var things = 1
    /// Prepares the work and gives what is timed.
    let prepare: () throws -> () -> Void

    /// The median over `samples` samples, after a warm-up.
    package func measure(samples: Int = 7) throws -> Double {
        let work = try prepare()
        for _ in 0..<max(runs / 4, 2) { work() }
        let clock = ContinuousClock()
        let seconds = (0..<samples).map { _ in
            let time = clock.measure { for _ in 0..<runs { work() } }
            return time / .seconds(1) / Double(runs)
        }
        let median = seconds.sorted()[samples / 2]
        switch unit {
        case .microseconds: return median * 1e6
        case .milliseconds: return median * 1e3
        case .seconds: return median
        case .imagesPerSecond: return Double(things) / median
        }
    }
}

extension Benchmark {
    /// Every line of the table. Names are those of `Benchmarks/peer.py`, which measures the same in PyTorch.
    package static var all: [Benchmark] {
        [
            step("mlp-step-64", batch: 64, runs: 300),
            step("mlp-step-512", batch: 512, runs: 100),
            Benchmark(name: "op-8x8-recorded", unit: .microseconds, runs: 100_000) {
                let x = Tensor.randn(8, 8).requiringGrad()
                let y = Tensor.randn(8, 8)
                return { _ = x * y }
            },
            large("add-16m") { $0 + $0 },
            large("exp-16m") { $0.exp() },
            large("gelu-16m") { $0.gelu() },
            large("softmax-16m") { $0.softmax(dim: 1) },
            large("sum-16m") { $0.sum(dim: 0) },
            large("transpose-16m") { $0.t().contiguous() },
            product("matmul-64x784x128", 64, 784, 128, runs: 500),
            product("matmul-784x64x128", 784, 64, 128, runs: 500),
            product("matmul-512x784x128", 512, 784, 128, runs: 100),
            product("matmul-64x128x10", 64, 128, 10, runs: 5000),
            product("matmul-1x784x128", 1, 784, 128, runs: 5000),
            product("matmul-1024", 1024, 1024, 1024, runs: 10),
            product("matmul-2048", 2048, 2048, 2048, runs: 3),
        ] + networks
    }

    /// One training step of the tutorial's network with Adam.
    private static func step(_ name: String, batch: Int, runs: Int) -> Benchmark {
        Benchmark(name: name, unit: .microseconds, runs: runs) {
            let model = Sequential {
                Linear(784, 128)
                ReLU()
                Linear(128, 10)
            }
            let optimizer = Adam(model.parameters, lr: 0.001)
            let criterion = CrossEntropyLoss()
            let inputs = Tensor.randn(batch, 784)
            let labels = Tensor.randint(0..<10, [batch])
            return {
                optimizer.zeroGrad()
                let loss = criterion(model(inputs), labels)
                loss.backward()
                optimizer.step()
            }
        }
    }

    /// An operation on 4096 × 4096 numbers.
    private static func large(_ name: String, _ operation: @escaping (Tensor) -> Tensor) -> Benchmark {
        Benchmark(name: name, unit: .milliseconds, runs: 5) {
            let x = Tensor.randn(4096, 4096)
            return { _ = operation(x) }
        }
    }

    private static func product(_ name: String, _ m: Int, _ k: Int, _ n: Int, runs: Int) -> Benchmark {
        Benchmark(name: name, unit: .microseconds, runs: runs) {
            let (x, y) = (Tensor.randn(m, k), Tensor.randn(k, n))
            return { _ = x.matmul(y) }
        }
    }

    /// One epoch of the tutorial's program on MNIST, and its loader alone.
    package static func tutorial(data: String) async throws -> [Benchmark] {
        let transform = Compose(ToTensor(), Normalize(mean: 0.5, std: 0.5))
        let dataset = try await MNIST(root: data, train: true, transform: transform)
        let training = dataset.randomSplit([0.7, 0.15, 0.15], seed: 0)[0]
        return [
            Benchmark(name: "tutorial-epoch", unit: .seconds, runs: 1) {
                let model = Sequential {
                    Flatten()
                    Linear(784, 128)
                    ReLU()
                    Linear(128, 10)
                }
                let optimizer = Adam(model.parameters, lr: 0.001)
                let criterion = CrossEntropyLoss()
                let loader = DataLoader(training, batchSize: 64, shuffle: true)
                return {
                    var total = 0.0
                    for (inputs, labels) in loader {
                        optimizer.zeroGrad()
                        let loss = criterion(model(inputs.to(.default)), labels.to(.default))
                        loss.backward()
                        optimizer.step()
                        total += loss.item() * Double(inputs.shape[0])
                    }
                }
            },
            Benchmark(name: "tutorial-loader-per-second", unit: .imagesPerSecond, runs: 1, things: dataset.count) {
                let loader = DataLoader(dataset, batchSize: 64, shuffle: true)
                return { for batch in loader { _ = batch } }
            },
        ]
    }
}
