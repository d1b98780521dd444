import HearthData
import HearthNN
import HearthTensor
import Testing

import HearthTrain

/// A classifier of `points`, always with the same weights at the start.
func classifier() -> Sequential {
    let model = Sequential {
        Linear(2, 16)
        ReLU()
        Linear(16, 3)
    }
    let random = Generator(seed: 11)
    noGrad {
        for parameter in model.parameters {
            parameter.tensor = .uniform(parameter.shape, low: -0.5, high: 0.5, generator: random)
        }
    }
    return model
}

/// Fails at one sample, as a file that cannot be read.
struct FailingPoints: Dataset {
    struct Broken: Error { let index: Int }
    typealias Failure = Broken

    let points: TensorDataset
    var broken: Int?

    var count: Int { points.count }

    func sample(at index: Int, random: Generator) throws(Broken) -> (Tensor, Tensor) {
        if index == broken { throw Broken(index: index) }
        return points.sample(at: index, random: random)
    }
}

/// Calls closures, so that a test can look and steer.
final class Watcher: TrainerCallback {
    var batch: (Trainer) throws -> Void = { _ in }
    var epoch: (Trainer, EpochRecord) throws -> Void = { _, _ in }
    private(set) var calls: [String] = []

    func trainingStarts(_ trainer: Trainer, _ plan: TrainingPlan) {
        calls.append("start \(plan.batches)×\(plan.epochs)")
    }
    func epochStarts(_ trainer: Trainer, _ epoch: Int) { calls.append("epoch \(epoch)") }
    func batchEnds(_ trainer: Trainer, _ plan: TrainingPlan) throws {
        calls.append("batch \(trainer.position.batch)")
        try batch(trainer)
    }
    func epochEnds(_ trainer: Trainer, _ record: EpochRecord) throws {
        calls.append("end \(record.epoch)")
        try epoch(trainer, record)
    }
    func epochCloses(_ trainer: Trainer, _ record: EpochRecord) { calls.append("close \(record.epoch)") }
    func trainingEnds(_ trainer: Trainer) { calls.append("stop") }
}

@Suite struct TrainerTests {
    private func trainer(maxGradientNorm: Double? = nil) -> Trainer {
        let model = classifier()
        return Trainer(
            model, loss: CrossEntropyLoss(), optimizer: Adam(model.parameters, lr: 0.02), metrics: [Accuracy()],
            maxGradientNorm: maxGradientNorm)
    }

    @Test func learns() async throws {
        let trainer = trainer()
        let history = try await trainer.fit(
            DataLoader(points(300), batchSize: 32, shuffle: true, seed: 4),
            validation: DataLoader(points(100, seed: 2), batchSize: 50), epochs: 15)
        #expect(history.map(\.epoch) == Array(1...15))
        #expect(history[0].values.map(\.name) == ["train_loss", "train_accuracy", "val_loss", "val_accuracy", "lr"])
        let (first, last) = (history[0], history[14])
        #expect(try #require(last["train_loss"]) < 0.5 * #require(first["train_loss"]))
        #expect(try #require(last["val_accuracy"]) > 0.9)
        #expect(last["lr"] == 0.02)
        #expect(last["nothing"] == nil)
        #expect(last.seconds > 0 && last.samplesPerSecond > 0)
        #expect(trainer.history == history)
        #expect(trainer.position == Trainer.Position(epoch: 15))
    }

    @Test func isThePlainLoop() async throws {
        let trainer = trainer(maxGradientNorm: 0.3)
        let loader = DataLoader(points(70), batchSize: 16, shuffle: true, seed: 9)
        try await trainer.fit(loader, epochs: 3)

        let model = classifier()
        let optimizer = Adam(model.parameters, lr: 0.02)
        var losses: [Double] = []
        for epoch in 0..<3 {
            var sum = 0.0
            for (inputs, targets) in loader.walk(epoch: epoch) {
                optimizer.zeroGrad()
                let loss = CrossEntropyLoss()(model(inputs), targets)
                loss.backward()
                clipGradNorm(model.parameters, maxNorm: 0.3)
                optimizer.step()
                sum += loss.item() * Double(inputs.shape[0])
            }
            losses.append(sum / 70)
        }
        #expect(bits(trainer.model.stateDict) == bits(model.stateDict))
        #expect(trainer.history.map { $0["train_loss"] } == losses)
    }

    @Test func clipsGradients() async throws {
        let trainer = trainer(maxGradientNorm: 0.01)
        let watcher = Watcher()
        var norms: [Double] = []
        watcher.batch = { trainer in
            let squares = trainer.optimizer.parameters.map { $0.grad?.square().sum().item() ?? 0 }
            norms.append(squares.reduce(0, +).squareRoot())
        }
        try await trainer.fit(DataLoader(points(64), batchSize: 16), epochs: 1, callbacks: [watcher])
        #expect(norms.count == 4 && norms.allSatisfy { $0 < 0.01001 && $0 > 0.0099 })
    }

    @Test func evaluatesWithoutChange() async throws {
        let trainer = trainer()
        let (training, held) = (DataLoader(points(64), batchSize: 16), DataLoader(points(50, seed: 3), batchSize: 7))
        try await trainer.fit(training, epochs: 2)
        let (weights, state, metric) = (
            bits(trainer.model.stateDict), bits(trainer.optimizer.state), trainer.metrics[0].state
        )
        trainer.model.train()
        let measured = try await trainer.evaluate(held)
        #expect(measured.map(\.name) == ["loss", "accuracy"])
        #expect(trainer.model.isTraining)
        #expect(trainer.metrics[0].state == metric)
        #expect(bits(trainer.model.stateDict) == weights)
        #expect(bits(trainer.optimizer.state) == state)
        trainer.model.eval()
        let all = points(50, seed: 3)
        let model = try #require(trainer.model as? any Layer)
        let whole = CrossEntropyLoss()(model(all.inputs), all.targets).item()
        #expect(abs(measured[0].value - whole) < 1e-6)
        #expect(try await trainer.evaluate(held).map(\.value) == measured.map(\.value))
    }

    @Test func validationLeavesTrainingAlone() async throws {
        let (alone, watched) = (trainer(), trainer())
        let loader = DataLoader(points(64), batchSize: 16, shuffle: true, seed: 1)
        try await alone.fit(loader, epochs: 3)
        try await watched.fit(loader, validation: DataLoader(points(40, seed: 2), batchSize: 9), epochs: 3)
        #expect(bits(alone.model.stateDict) == bits(watched.model.stateDict))
        #expect(alone.history.map { $0["train_accuracy"] } == watched.history.map { $0["train_accuracy"] })
    }

    @Test func trainsOnDataThatCanFail() async throws {
        let (plain, failing) = (trainer(), trainer())
        let data = points(64)
        try await plain.fit(DataLoader(data, batchSize: 16, shuffle: true, seed: 1), epochs: 2)
        let loader = DataLoader(FailingPoints(points: data), batchSize: 16, shuffle: true, workers: 2, seed: 1)
        try await failing.fit(loader, validation: loader, epochs: 2)
        #expect(bits(plain.model.stateDict) == bits(failing.model.stateDict))
    }

    @Test func throwsWhatTheDataThrows() async throws {
        let trainer = trainer()
        let loader = DataLoader(FailingPoints(points: points(64), broken: 40), batchSize: 16)
        await #expect(throws: FailingPoints.Broken.self) { try await trainer.fit(loader, epochs: 2) }
        #expect(trainer.position.batch == 2 && trainer.history.isEmpty)
        // What was learned stays, and training goes on behind it with data that is whole.
        try await trainer.fit(DataLoader(points(64), batchSize: 16), epochs: 1)
        #expect(trainer.history.count == 1 && trainer.history[0]["train_accuracy"] != nil)
    }

    @Test func evaluationThatFailsRestoresTheMode() async throws {
        let trainer = trainer()
        trainer.metrics[0].state = [3, 4]
        trainer.model.train()
        let loader = DataLoader(FailingPoints(points: points(64), broken: 40), batchSize: 16)
        await #expect(throws: FailingPoints.Broken.self) { _ = try await trainer.evaluate(loader) }
        #expect(trainer.model.isTraining)
        #expect(trainer.metrics[0].state == [3, 4])
    }

    @Test func callsCallbacksInOrder() async throws {
        let watcher = Watcher()
        try await trainer().fit(DataLoader(points(20), batchSize: 10), epochs: 2, callbacks: [watcher])
        #expect(
            watcher.calls == [
                "start 2×2", "epoch 1", "batch 1", "batch 2", "end 1", "close 1", "epoch 2", "batch 1", "batch 2",
                "end 2", "close 2", "stop",
            ])
    }

    @Test func stopsAfterABatchAndGoesOn() async throws {
        let (whole, stopped) = (trainer(), trainer())
        let loader = DataLoader(points(64), batchSize: 16, shuffle: true, seed: 1)
        try await whole.fit(loader, epochs: 3)
        let watcher = Watcher()
        watcher.batch = { if $0.history.count == 1, $0.position.batch == 3 { $0.stop() } }
        try await stopped.fit(loader, epochs: 3, callbacks: [watcher])
        #expect(stopped.position.epoch == 1 && stopped.position.batch == 3 && stopped.isStopping)
        #expect(!stopped.position.isInterrupted)
        try await stopped.fit(loader, epochs: 3)
        #expect(bits(whole.model.stateDict) == bits(stopped.model.stateDict))
        #expect(values(whole.history) == values(stopped.history))
    }

    @Test func aStopInTheLastBatchEndsTheEpoch() async throws {
        let trainer = trainer()
        let watcher = Watcher()
        watcher.batch = { if $0.position.batch == 4 { $0.stop() } }
        try await trainer.fit(DataLoader(points(64), batchSize: 16), epochs: 3, callbacks: [watcher])
        #expect(trainer.position == Trainer.Position(epoch: 1) && trainer.history.count == 1)
    }

    @Test func nothingWasLostOverNoSamples() async throws {
        let measured = try await trainer().evaluate(DataLoader(Subset(points(4), []), batchSize: 2))
        #expect(measured.allSatisfy { $0.value.isNaN })
    }
}
