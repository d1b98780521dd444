import HearthData
import HearthNN
import HearthTensor
import HearthTrain
import Testing

/// Trainers whose step is a closure: batches of any type, several results, several optimizers; and losses that are no
/// numbers.
struct TrainingStepTests {
    /// Encodes two numbers into one and back, with noise between.
    private final class Autoencoder: Module {
        let encoder = Linear(2, 2)
        let decoder = Linear(1, 2)

        func callAsFunction(_ x: Tensor) -> (output: Tensor, mean: Tensor, logVariance: Tensor) {
            let parts = encoder(x)
            let (mean, logVariance) = (parts[0..., 0..<1], parts[0..., 1..<2])
            let noise = Tensor.randn(mean.shape, generator: Generator(seed: 3))
            return (decoder(mean + noise * (logVariance * 0.5).exp()), mean, logVariance)
        }
    }

    private struct Vectors: Dataset {
        let count = 48
        func sample(at index: Int, random: Generator) -> Tensor {
            Tensor([Float(index % 5) - 2, Float(index % 3) - 1])
        }
    }

    private func autoencoderLoss(_ model: Autoencoder, _ x: Tensor) -> Tensor {
        let (y, mean, logVariance) = model(x)
        return MSELoss()(y, x) - 0.001 * (1 + logVariance - mean.square() - logVariance.exp()).mean()
    }

    @Test func aLossOfOneTensorIsWhatAPlainLoopComputes() async throws {
        let (model, plain) = (Autoencoder(), Autoencoder())
        try plain.loadStateDict(model.stateDict)
        let trainer = Trainer(model, optimizer: Adam(model.parameters, lr: 0.01)) { (model, x: Tensor) in
            autoencoderLoss(model, x)
        }
        let loader = DataLoader(Vectors(), batchSize: 16)
        let history = try await trainer.fit(loader, validation: loader, epochs: 3)
        let optimizer = Adam(plain.parameters, lr: 0.01)
        for _ in 0..<3 {
            for x in DataLoader(Vectors(), batchSize: 16) {
                optimizer.zeroGrad()
                autoencoderLoss(plain, x.to(.default)).backward()
                optimizer.step()
            }
        }
        #expect(bits(model.stateDict) == bits(plain.stateDict))
        #expect(history.map { $0.values.map(\.name) }.last == ["train_loss", "val_loss", "lr"])
        #expect(history[2]["val_loss"]! < history[0]["val_loss"]!)
    }

    private struct Triples: Dataset {
        let count = 10
        func sample(at index: Int, random: Generator) -> (Tensor, Tensor, Tensor) {
            (.full([2], Double(index)), Tensor.ones([3]), Tensor([Float(index)]))
        }
    }

    private final class Sum: Module {
        let first = Linear(2, 1)
        let second = Linear(3, 1)
        func callAsFunction(_ a: Tensor, _ b: Tensor) -> Tensor { first(a) + second(b) }
    }

    @Test func severalInputsAndMetrics() async throws {
        let model = Sum()
        let trainer = Trainer(model, optimizer: SGD(model.parameters, lr: 1e-3), metrics: [MeanError(.squared)]) {
            (model, batch: (Tensor, Tensor, Tensor)) in
            let y = model(batch.0, batch.1)
            return StepResult(loss: MSELoss()(y, batch.2), output: y, target: batch.2)
        }
        let history = try await trainer.fit(DataLoader(Triples(), batchSize: 4), epochs: 2)
        let last = try #require(history.last)
        #expect(abs(last["train_loss"]! - last["train_mse"]!) < 1e-5)
    }

    private struct Notes: Dataset {
        let count = 6
        func sample(at index: Int, random: Generator) -> (String, Double) { ("note \(index)", Double(index)) }
        static func collate(_ samples: [(String, Double)]) -> [(String, Double)] { samples }
    }

    @Test func batchesMayBeOfAnyType() async throws {
        final class Bias: Module { @Param var value: Tensor = .zeros([]) }
        let model = Bias()
        let trainer = Trainer(model, optimizer: SGD(model.parameters, lr: 0.1)) { (model, notes: [(String, Double)]) in
            (model.value - notes.map(\.1).reduce(0, +) / Double(notes.count)).square()
        }
        let history = try await trainer.fit(DataLoader(Notes(), batchSize: 4), epochs: 1)
        // Four samples of mean 1.5, then two of mean 4.5 after one step: weighted by their number.
        #expect(abs(history[0]["train_loss"]! - (2.25 * 4 + 17.64 * 2) / 6) < 1e-5)
    }

    @Test func anotherTypeOfBatchIsRefused() async throws {
        let model = Autoencoder()
        let trainer = Trainer(model, optimizer: Adam(model.parameters)) { (model, x: Tensor) in
            autoencoderLoss(model, x)
        }
        let error = await #expect(throws: TrainerError.self) {
            try await trainer.fit(DataLoader(Triples(), batchSize: 4), epochs: 1)
        }
        #expect("\(try #require(error))".contains("(Tensor, Tensor, Tensor)"))
        await #expect(throws: TrainerError.self) { try await trainer.evaluate(DataLoader(Notes(), batchSize: 2)) }
        await #expect(throws: TrainerError.self) {
            try await trainer.predict(DataLoader(points(4), batchSize: 2)) { _, _ in }
        }
    }

    private final class Game: Module {
        let generator = Linear(1, 2)
        let critic = Linear(2, 1)
    }

    private func game() -> (Game, Trainer) {
        let game = Game()
        noGrad {
            for (i, parameter) in game.parameters.enumerated() {
                parameter.tensor = .full(parameter.shape, Double(i) / 7)
            }
        }
        let critics = Adam(game.critic.parameters, lr: 0.01)
        let generators = SGD(game.generator.parameters, lr: 0.02, momentum: 0.5)
        let trainer = Trainer(game, optimizers: [critics, generators]) { (game, real: Tensor) in
            let noise = Tensor.ones([real.shape[0], 1])
            critics.zeroGrad()
            let loss = game.critic(game.generator(noise).detach()).mean() - game.critic(real).mean()
            loss.backward()
            critics.step()
            generators.zeroGrad()
            (-game.critic(game.generator(noise)).mean()).backward()
            generators.step()
            return loss
        }
        return (game, trainer)
    }

    @Test func optimizersAreSteppedByTheClosureAndSavedTogether() async throws {
        let loader = DataLoader(Vectors(), batchSize: 16)
        let (whole, wholeTrainer) = game()
        try await wholeTrainer.fit(loader, epochs: 4)
        let (first, firstTrainer) = game()
        try await firstTrainer.fit(loader, epochs: 2)
        try await withTemporaryFolder { folder in
            let path = folder + "/checkpoint"
            try Checkpoint.save(firstTrainer, to: path)
            let (second, secondTrainer) = game()
            try secondTrainer.resume(from: path)
            try await secondTrainer.fit(loader, epochs: 4)
            #expect(bits(second.stateDict) == bits(whole.stateDict))
            #expect(bits(first.stateDict) != bits(whole.stateDict))
            await #expect(throws: TrainerError.self) { try await secondTrainer.evaluate(loader) }
            await #expect(throws: TrainerError.self) {
                try await secondTrainer.fit(loader, validation: loader, epochs: 5)
            }
            let single = Trainer(second, optimizer: Adam(second.parameters)) { (game, x: Tensor) in
                game.critic(x).mean()
            }
            #expect(throws: (any Error).self) { try single.resume(from: path) }
        }
    }

    /// The loss of the third batch of each epoch is `value`.
    private func trainer(_ value: Double, _ policy: NaNPolicy) -> (Linear, Trainer) {
        let model = Linear(2, 1)
        var batch = 0
        let trainer = Trainer(model, optimizer: Adam(model.parameters, lr: 0.01), onNaN: policy) { (model, x: Tensor) in
            batch += 1
            return model(x).square().mean() * (batch % 3 == 0 ? value : 1)
        }
        return (model, trainer)
    }

    @Test(arguments: [Double.nan, .infinity]) func aLossThatIsNoNumberEndsTraining(value: Double) async throws {
        let (model, trainer) = trainer(value, .stop)
        var before: [String: [UInt32]] = [:]
        let watcher = Watcher()
        watcher.batch = { before = bits($0.model.stateDict) }
        let error = await #expect(throws: NonFiniteLoss.self) {
            try await trainer.fit(DataLoader(Vectors(), batchSize: 16), epochs: 2, callbacks: [watcher])
        }
        #expect(error?.epoch == 1 && error?.batch == 3)
        #expect(bits(model.stateDict) == before)
        #expect(error.map { "\($0)" }?.contains("-nan") == false)
    }

    @Test func suchABatchCanBeSkipped() async throws {
        let (model, trainer) = trainer(.nan, .skip)
        let history = try await trainer.fit(DataLoader(Vectors(), batchSize: 16), epochs: 2)
        #expect(history.allSatisfy { $0["train_loss"]!.isFinite })
        #expect(model.parameters.allSatisfy { $0.tensor.isFinite().all().item(as: Bool.self) })
    }

    @Test func orOnlyWarnedOf() async throws {
        let (model, trainer) = trainer(.nan, .warn)
        let history = try await trainer.fit(DataLoader(Vectors(), batchSize: 16), epochs: 1)
        #expect(history[0]["train_loss"]!.isNaN)
        #expect(!model.parameters.allSatisfy { $0.tensor.isFinite().all().item(as: Bool.self) })
    }

    @Test func earlyStoppingGivesTheBestWeightsBack() async throws {
        let model = classifier()
        let trainer = Trainer(model, loss: CrossEntropyLoss(), optimizer: SGD(model.parameters, lr: 50))
        var epochs: [(loss: Double, weights: [String: [UInt32]])] = []
        let watcher = Watcher()
        watcher.epoch = { epochs.append(($1["val_loss"]!, bits($0.model.stateDict))) }
        let held = DataLoader(points(30, seed: 3), batchSize: 30)
        try await trainer.fit(
            DataLoader(points(64), batchSize: 16), validation: held, epochs: 8,
            callbacks: [watcher, EarlyStopping(patience: 3, restoresBest: true)])
        let best = try #require(epochs.min { $0.loss < $1.loss })
        #expect(bits(model.stateDict) == best.weights)
    }
}
