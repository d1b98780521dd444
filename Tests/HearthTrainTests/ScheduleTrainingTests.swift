import HearthData
import HearthNN
import HearthTensor
import Testing

import HearthTrain

/// Schedules that a trainer drives: by epoch, by batch and by a value, also over an interruption.
@Suite struct ScheduleTrainingTests {
    private func trainer(
        _ schedule: (any Optimizer) -> any Scheduler, interval: ScheduleInterval? = nil, monitor: String = "val_loss"
    ) -> Trainer {
        let model = classifier()
        let optimizer = SGD(model.parameters, lr: 0.1, momentum: 0.9)
        return Trainer(
            model, loss: CrossEntropyLoss(), optimizer: optimizer, scheduler: schedule(optimizer),
            scheduleInterval: interval, monitor: monitor)
    }

    private let loader = DataLoader(points(64), batchSize: 16, shuffle: true, seed: 4)
    private let held = DataLoader(points(32, seed: 2), batchSize: 16, seed: 0)

    @Test func stepsAfterEpochsBatchesAndByValue() async throws {
        let epochs = trainer { StepLR($0, stepSize: 1, gamma: 0.5) }
        try await epochs.fit(loader, epochs: 3)
        #expect(epochs.history.map { $0["lr"] } == [0.1, 0.05, 0.025])

        let batches = trainer { OneCycleLR($0, maxLR: 1.0, totalSteps: 12) }
        var rates: [Double] = []
        let watcher = Watcher()
        watcher.batch = { rates.append($0.optimizer.lr) }
        try await batches.fit(loader, epochs: 3, callbacks: [watcher])
        let plain = SGD([Parameter(.zeros([1]))], momentum: 0.9)
        let schedule = OneCycleLR(plain, maxLR: 1.0, totalSteps: 12)
        let expected = (0..<12).map { _ in
            schedule.step()
            return plain.lr
        }
        #expect(rates == expected)

        let told = trainer({ StepLR($0, stepSize: 4, gamma: 0.5) }, interval: .batch)
        try await told.fit(loader, epochs: 2)
        #expect(told.scheduler?.epoch == 8 && told.optimizer.lr == 0.025)

        let plateau = trainer({ ReduceLROnPlateau($0, mode: .max, factor: 0.5, patience: 0) }, monitor: "train_loss")
        try await plateau.fit(loader, epochs: 4)
        let losses = plateau.history.compactMap { $0["train_loss"] }
        let falls = (1..<4).count { losses[$0] <= losses[..<$0].max()! * 1.0001 }
        #expect(falls > 0 && plateau.optimizer.lr == 0.1 * [1, 0.5, 0.25, 0.125][falls])
    }

    @Test func namesAValueThatIsMissing() async {
        let trainer = trainer { ReduceLROnPlateau($0) }
        let text = await message { try await trainer.fit(loader, epochs: 1) }
        #expect(text.contains("no value is called 'val_loss'"))
    }

    @Test func trainsWithAClosure() async throws {
        let model = classifier()
        let optimizer = LBFGS(model.parameters, maxIterations: 10, lineSearch: .strongWolfe)
        let trainer = Trainer(model, loss: CrossEntropyLoss(), optimizer: optimizer, metrics: [Accuracy()])
        try await trainer.fit(DataLoader(points(64), batchSize: 64), epochs: 4)
        let losses = trainer.history.compactMap { $0["train_loss"] }
        #expect(losses.count == 4 && losses[3] < 0.2 * losses[0])
    }

    private static let schedules: [String: @Sendable (any Optimizer) -> any Scheduler] = [
        "OneCycleLR": { OneCycleLR($0, maxLR: 0.5, totalSteps: 24) },
        "CyclicLR": { CyclicLR($0, baseLR: 0.01, maxLR: 0.3, stepSizeUp: 3) },
        "ReduceLROnPlateau": { ReduceLROnPlateau($0, factor: 0.5, patience: 0, threshold: 0.3) },
        "CosineAnnealingLR": { CosineAnnealingLR($0, tMax: 6) },
        "warm-up": { SequentialLR(warmup: 2, then: CosineAnnealingWarmRestarts($0, t0: 3)) },
        "chained": { ChainedScheduler([LinearLR($0, totalIters: 3), ExponentialLR($0, gamma: 0.9)]) },
        "SWALR": { SWALR($0, swaLR: 0.01, annealEpochs: 4) },
    ]

    /// Interrupted in the middle of an epoch, saved, and gone on with by a new trainer.
    @Test(arguments: schedules.keys.sorted())
    func resumesBitForBit(_ name: String) async throws {
        let make = Self.schedules[name]!
        let whole = trainer(make)
        try await whole.fit(loader, validation: held, epochs: 6)
        try await withTemporaryFolder { folder in
            let first = trainer(make)
            let watcher = Watcher()
            watcher.batch = { if $0.history.count == 2, $0.position.batch == 3 { $0.stop() } }
            try await first.fit(
                loader, validation: held, epochs: 6, callbacks: [watcher, CheckpointWriter("\(folder)/checkpoint")])
            let second = trainer(make)
            try second.resume(from: "\(folder)/checkpoint")
            #expect(second.scheduler?.state == first.scheduler?.state)
            try await second.fit(loader, validation: held, epochs: 6)
            #expect(bits(whole.model.stateDict) == bits(second.model.stateDict))
            #expect(values(whole.history) == values(second.history))
            #expect(whole.scheduler?.state == second.scheduler?.state)

            let other = trainer { StepLR($0, stepSize: 1) }
            let text = await message { try other.resume(from: "\(folder)/checkpoint") }
            #expect(text.contains("a schedule StepLR of 3 numbers"))
        }
    }
}
