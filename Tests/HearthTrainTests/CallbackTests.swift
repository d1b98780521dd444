import HearthData
import HearthFormats
import HearthNN
import HearthTensor
import Testing

import HearthTrain

@Suite struct CallbackTests {
    private func trainer() -> Trainer {
        let model = classifier()
        return Trainer(
            model, loss: CrossEntropyLoss(), optimizer: Adam(model.parameters, lr: 0.02), metrics: [Accuracy()])
    }

    private func record(_ epoch: Int, _ name: String, _ value: Double) -> EpochRecord {
        var record = EpochRecord.sample
        record.epoch = epoch
        record.values = [(name: name, value: value)]
        return record
    }

    /// After which epoch a series of values stops training; nil when it does not.
    private func stop(_ stopping: EarlyStopping, _ name: String, _ values: [Double]) throws -> Int? {
        let trainer = trainer()
        for (epoch, value) in values.enumerated() {
            try stopping.epochEnds(trainer, record(epoch + 1, name, value))
            if trainer.isStopping { return epoch + 1 }
        }
        return nil
    }

    @Test func stopsWhenNothingImproves() throws {
        #expect(try stop(EarlyStopping(patience: 2), "val_loss", [3, 2, 2, 1, 1.5, 1]) == 6)
        #expect(try stop(EarlyStopping(patience: 2), "val_loss", [3, 2, 2, 1, 1.5, 0.9]) == nil)
        #expect(try stop(EarlyStopping(patience: 1, margin: 0.5), "val_loss", [3, 2.7]) == 2)
        #expect(
            try stop(EarlyStopping(monitor: "val_accuracy", patience: 2), "val_accuracy", [0.1, 0.2, 0.1, 0.2]) == 4)
        #expect(try stop(EarlyStopping(monitor: "x", patience: 1, goal: .minimize), "x", [1, 0.5, 0.7]) == 3)
        #expect(try stop(EarlyStopping(patience: 2), "val_loss", [1, .nan, .nan]) == 3)
    }

    @Test func earlyStoppingGoesOnFromItsState() throws {
        let first = EarlyStopping(patience: 3)
        #expect(try stop(first, "val_loss", [1, 2, 2]) == nil)
        #expect(first.state == [1, 2])
        let second = EarlyStopping(patience: 3)
        second.state = first.state
        #expect(try stop(second, "val_loss", [1.5]) == 1)
    }

    @Test func namesTheValuesThatThereAre() async throws {
        let trainer = trainer()
        let loader = DataLoader(points(20), batchSize: 10)
        let text = await message { try await trainer.fit(loader, epochs: 1, callbacks: [EarlyStopping()]) }
        #expect(text == "no value is called 'val_loss'; the epoch has train_loss, train_accuracy, lr")
    }

    @Test func guessesWhatIsGood() {
        for name in ["val_loss", "train_mse", "val_mae"] { #expect(Goal(for: name) == .minimize) }
        for name in ["val_accuracy", "val_f1_macro"] { #expect(Goal(for: name) == .maximize) }
    }

    @Test func writesLastAndBestCheckpoint() async throws {
        try await withTemporaryFolder { folder in
            let (last, best) = ("\(folder)/last", "\(folder)/best")
            let trainer = trainer()
            let watcher = Watcher()
            var epochs: [(loss: Double, weights: [String: [UInt32]])] = []
            watcher.epoch = { trainer, record in
                epochs.append((record["val_accuracy"] ?? 0, bits(trainer.model.stateDict)))
            }
            try await trainer.fit(
                DataLoader(points(64), batchSize: 8, shuffle: true, seed: 2),
                validation: DataLoader(points(30, seed: 5), batchSize: 30), epochs: 6,
                callbacks: [CheckpointWriter(last, best: best, monitor: "val_accuracy"), watcher])
            let goal = epochs.map(\.loss).max()
            let first = try #require(epochs.firstIndex { $0.loss == goal })
            func weights(_ path: String) throws -> [String: [UInt32]] {
                bits(try TorchFile.read(path)["model"]?.stateDict() ?? StateDict())
            }
            #expect(try weights(best) == epochs[first].weights)
            #expect(try weights(last) == epochs[5].weights)
            #expect(fileNames(in: folder) == ["best", "last"])
        }
    }

    @Test func writesLogs() async throws {
        try await withTemporaryFolder { folder in
            let (lines, table) = ("\(folder)/log.jsonl", "\(folder)/log.csv")
            let trainer = trainer()
            let callbacks: [any TrainerCallback] = [JSONLinesLog(lines), CSVLog(table)]
            let loader = DataLoader(points(30), batchSize: 10)
            try await trainer.fit(loader, epochs: 2, callbacks: callbacks)
            try await trainer.fit(loader, epochs: 3, callbacks: callbacks)
            let records = try text(of: lines).split(separator: "\n").map { try JSON(parsing: $0) }
            #expect(records.map { $0["epoch"]?.int } == [1, 2, 3])
            #expect(records.map { $0["train_loss"]?.double } == trainer.history.map { $0["train_loss"] })
            guard case .object(let members) = records[0] else { throw NoFile(path: lines) }
            #expect(
                members.map(\.key) == ["epoch", "train_loss", "train_accuracy", "lr", "seconds", "samples_per_second"])
            let rows = try text(of: table).split(separator: "\n").map { $0.split(separator: ",") }
            #expect(rows[0] == ["epoch", "train_loss", "train_accuracy", "lr", "seconds", "samples_per_second"])
            #expect(rows.dropFirst().map { Double($0[1]) } == trainer.history.map { $0["train_loss"] })
            #expect(fileNames(in: folder) == ["log.csv", "log.jsonl"])
        }
    }

    @Test func aLogThatCannotBeWrittenThrows() async {
        let trainer = trainer()
        let log = JSONLinesLog("/nowhere/log.jsonl")
        let text = await message {
            try await trainer.fit(DataLoader(points(8), batchSize: 8), epochs: 1, callbacks: [log])
        }
        #expect(text.contains("/nowhere/log.jsonl"))
    }
}

extension EpochRecord {
    /// Any record; there is no public initialiser, since only training makes them.
    static var sample: EpochRecord {
        EpochRecord(epoch: 1, values: [], seconds: 1, samplesPerSecond: 1)
    }
}
