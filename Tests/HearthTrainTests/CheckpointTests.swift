import HearthData
import HearthFormats
import HearthNN
import HearthTensor
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

import HearthTrain

/// One way to train `points`, with everything that a checkpoint has to remember.
struct Recipe: Sendable {
    var name: String
    var makeOptimizer: @Sendable ([Parameter]) -> any Optimizer
    var workers = 0

    static let all = [
        Recipe(name: "adam", makeOptimizer: { Adam($0, lr: 0.01, weightDecay: 0.01, amsgrad: true) }),
        Recipe(name: "adamw", makeOptimizer: { AdamW($0, lr: 0.01) }, workers: 2),
        Recipe(name: "momentum", makeOptimizer: { SGD($0, lr: 0.05, momentum: 0.9, nesterov: true) }),
        Recipe(name: "rmsprop", makeOptimizer: { RMSprop($0, lr: 0.01, momentum: 0.5, centered: true) }),
        Recipe(name: "adagrad", makeOptimizer: { Adagrad($0, lr: 0.05, lrDecay: 0.1) }),
    ]

    /// A trainer whose weights, dropout and order of samples all come from the default generator.
    func trainer(seed: UInt64) -> (Trainer, DataLoader<TensorDataset, (Tensor, Tensor)>) {
        manualSeed(seed)
        let model = Sequential {
            Linear(2, 16)
            ReLU()
            Dropout(0.3)
            Linear(16, 3)
        }
        let optimizer = makeOptimizer(model.parameters)
        let trainer = Trainer(
            model, loss: CrossEntropyLoss(), optimizer: optimizer,
            scheduler: .stepLR(optimizer, size: 1, gamma: 0.7), metrics: [Accuracy(), ClassMetric(.f1, classes: 3)],
            maxGradientNorm: 1)
        return (trainer, DataLoader(points(70), batchSize: 16, shuffle: true, workers: workers))
    }

    /// With a seed, since drawing one at the first use would move the default generator.
    static let held = DataLoader(points(30, seed: 3), batchSize: 16, seed: 0)
}

/// What must be the same after an interruption.
struct Outcome: Equatable {
    let weights: [String: [UInt32]]
    let optimizer: [Int: [String: [UInt32]]]
    let learningRates: [Double]
    let history: [[String]]
    let random: Generator.State

    init(_ trainer: Trainer) {
        weights = bits(trainer.model.stateDict)
        optimizer = bits(trainer.optimizer.state)
        learningRates = trainer.optimizer.learningRates
        history = values(trainer.history)
        random = Generator.default.state
    }
}

/// Resumption to the bit. Each test runs in a process of its own, since the default generator and the request to stop
/// are the whole process's.
@Suite struct ResumptionTests {
    @Test func goesOnAfterAnEpoch() async {
        await #expect(processExitsWith: .success) {
            try await withTemporaryFolder { folder in
                for recipe in Recipe.all {
                    let (whole, loader) = recipe.trainer(seed: 1)
                    try await whole.fit(loader, validation: Recipe.held, epochs: 4)
                    let expected = Outcome(whole)

                    let (first, half) = recipe.trainer(seed: 1)
                    let path = "\(folder)/\(recipe.name)"
                    try await first.fit(
                        half, validation: Recipe.held, epochs: 2, callbacks: [CheckpointWriter(path)])
                    // Another program, with other weights, another order and other random numbers.
                    let (second, rest) = recipe.trainer(seed: 99)
                    try second.resume(from: path)
                    #expect(second.history.count == 2)
                    try await second.fit(rest, validation: Recipe.held, epochs: 4)
                    #expect(Outcome(second) == expected, "\(recipe.name)")
                }
            }
        }
    }

    @Test func goesOnInTheMiddleOfAnEpoch() async {
        await #expect(processExitsWith: .success) {
            try await withTemporaryFolder { folder in
                for (number, recipe) in Recipe.all.enumerated() {
                    let (whole, loader) = recipe.trainer(seed: 5)
                    try await whole.fit(loader, validation: Recipe.held, epochs: 4)
                    let expected = Outcome(whole)

                    let path = "\(folder)/\(recipe.name)"
                    let (first, half) = recipe.trainer(seed: 5)
                    let stopper = Watcher()
                    stopper.batch = { trainer in
                        guard trainer.position.epoch == 1, trainer.position.batch == 1 + number % 4 else { return }
                        // By a callback, or as Ctrl-C does.
                        if number % 2 == 0 { trainer.stop() } else { Interruption.request() }
                    }
                    try await first.fit(
                        half, validation: Recipe.held, epochs: 4, callbacks: [stopper, CheckpointWriter(path)])
                    #expect(first.position.isInterrupted == (number % 2 == 1))
                    #expect(first.position.batch == 1 + number % 4)
                    Interruption.reset()
                    let (second, rest) = recipe.trainer(seed: 77)
                    try second.resume(from: path)
                    #expect(second.position.batch == 1 + number % 4)
                    try await second.fit(rest, validation: Recipe.held, epochs: 4)
                    #expect(Outcome(second) == expected, "\(recipe.name)")
                }
            }
        }
    }

    @Test func earlyStoppingIsWhereItWas() async {
        await #expect(processExitsWith: .success) {
            try await withTemporaryFolder { folder in
                func callbacks(_ path: String) -> [any TrainerCallback] {
                    // The margin is never reached, so the third epoch after the first is the last.
                    [CheckpointWriter(path, best: path + "-best"), EarlyStopping(patience: 3, margin: 10)]
                }
                let (whole, loader) = Recipe.all[0].trainer(seed: 2)
                try await whole.fit(loader, validation: Recipe.held, epochs: 9, callbacks: callbacks("\(folder)/a"))
                let expected = Outcome(whole)
                #expect(whole.history.count == 4)
                let (first, half) = Recipe.all[0].trainer(seed: 2)
                try await first.fit(half, validation: Recipe.held, epochs: 2, callbacks: callbacks("\(folder)/b"))
                let (second, rest) = Recipe.all[0].trainer(seed: 3)
                try second.resume(from: "\(folder)/b")
                try await second.fit(rest, validation: Recipe.held, epochs: 9, callbacks: callbacks("\(folder)/b"))
                #expect(Outcome(second) == expected)
            }
        }
    }

    @Test func aStopRightAfterTheStartGoesOnToo() async {
        await #expect(processExitsWith: .success) {
            try await withTemporaryFolder { folder in
                let (trainer, loader) = Recipe.all[0].trainer(seed: 2)
                Interruption.request()
                try await trainer.fit(loader, epochs: 2, callbacks: [CheckpointWriter("\(folder)/a")])
                #expect(trainer.position.batch == 1 && trainer.position.isInterrupted)
                Interruption.reset()
                try await trainer.fit(loader, epochs: 2)
                #expect(trainer.history.count == 2 && !trainer.position.isInterrupted)
            }
        }
    }

    @Test func aSignalAsksToStop() async {
        await #expect(processExitsWith: .success) {
            Interruption.listen()
            #expect(!Interruption.isRequested)
            // To the process, since the threads of tests take no signals.
            kill(getpid(), SIGINT)
            for _ in 0..<1000 where !Interruption.isRequested { usleep(1000) }
            #expect(Interruption.isRequested)
        }
        await #expect(processExitsWith: .signal(SIGINT)) {
            Interruption.listen()
            kill(getpid(), SIGINT)
            for _ in 0..<1000 where !Interruption.isRequested { usleep(1000) }
            kill(getpid(), SIGINT)
            sleep(5)
        }
    }
}

@Suite struct CheckpointTests {
    private func trainer(
        hidden: Int = 16, optimizer make: ([Parameter]) -> any Optimizer = { Adam($0, lr: 0.02) },
        metrics: [any Metric] = [Accuracy()], isScheduled: Bool = false
    ) -> Trainer {
        let model = Sequential {
            Linear(2, hidden)
            ReLU()
            Linear(hidden, 3)
        }
        let optimizer = make(model.parameters)
        return Trainer(
            model, loss: CrossEntropyLoss(), optimizer: optimizer,
            scheduler: isScheduled ? .stepLR(optimizer, size: 1) : nil, metrics: metrics)
    }

    private func checkpoint(_ path: String, _ trainer: Trainer) async throws {
        try await trainer.fit(DataLoader(points(40), batchSize: 8), epochs: 2, callbacks: [CheckpointWriter(path)])
    }

    /// Expects that `resume` throws with certain words and changes nothing.
    private func expectRefusal(_ path: String, _ trainer: Trainer, _ words: String, line: Int = #line) async throws {
        try await trainer.fit(DataLoader(points(24), batchSize: 8), epochs: 1)
        func everything() -> [String] {
            [
                "\(bits(trainer.model.stateDict).sorted { $0.key < $1.key })",
                "\(bits(trainer.optimizer.state).sorted { $0.key < $1.key }.map { $0.value.sorted { $0.key < $1.key } })",
                "\(trainer.optimizer.learningRates) \(trainer.position) \(values(trainer.history))",
                "\(trainer.metrics.map(\.state)) \(String(describing: trainer.loaderSeed))",
            ]
        }
        let before = everything()
        let text = await message { try trainer.resume(from: path) }
        #expect(text.contains(words), "line \(line): \(text)")
        #expect(everything() == before, "line \(line)")
    }

    @Test func refusesWhatBelongsToAnotherTraining() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/checkpoint"
            try await checkpoint(path, trainer())
            try await expectRefusal(path, trainer(hidden: 17), "shape of 0.weight: expected [17, 2], found [16, 2]")
            try await expectRefusal(path, trainer { SGD($0, lr: 0.1, momentum: 0.9) }, "another optimizer")
            try await expectRefusal(path, trainer { RMSprop($0, lr: 0.1) }, "another optimizer")
            try await expectRefusal(path, trainer(metrics: []), "metrics")
            try await expectRefusal(path, trainer(metrics: [ClassMetric(.f1, classes: 3)]), "metrics")
            try await expectRefusal(path, trainer(isScheduled: true), "'scheduler'")
            try await expectRefusal(
                path, trainer { Adam(groups: [.init([$0[0]], .init()), .init(Array($0[1...]), .init())]) }, "groups")
            try await expectRefusal("\(folder)/absent", trainer(), "absent")
        }
    }

    @Test func refusesDamage() async throws {
        try await withTemporaryFolder { folder in
            let (path, broken) = ("\(folder)/checkpoint", "\(folder)/broken")
            try await checkpoint(path, trainer())
            let whole = try bytes(of: path)
            for count in [0, 1, 100, whole.count / 2, whole.count - 1] {
                try AtomicFile.write(Array(whole[..<count]), to: broken)
                try await expectRefusal(broken, trainer(), "broken")
            }
            // A changed byte is seen by its checksum or changes nothing that is read.
            var random = SeededSource(state: 12)
            let target = trainer()
            var refused = 0
            for _ in 0..<200 {
                var changed = whole
                changed[Int.random(in: 0..<whole.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
                try AtomicFile.write(changed, to: broken)
                if await message({ try target.resume(from: broken) }) != "" { refused += 1 }
            }
            #expect(refused > 150)
        }
    }

    @Test func refusesWrongEntries() async throws {
        try await withTemporaryFolder { folder in
            let (path, broken) = ("\(folder)/checkpoint", "\(folder)/broken")
            try await checkpoint(path, trainer())
            let whole = try #require(try TorchFile.read(path).dictionary)
            func write(_ name: String, _ value: PickleValue?) throws {
                var entries = PickleDictionary()
                for (key, old) in whole {
                    if key.string != name { entries.append(key, old) } else if let value { entries.append(key, value) }
                }
                try TorchFile.write(.dictionary(entries), to: broken)
            }
            for name in ["format", "model", "optimizer", "random", "position", "metrics", "callbacks", "history"] {
                try write(name, nil)
                try await expectRefusal(broken, trainer(), "'\(name)'")
                try write(name, .int(3))
                try await expectRefusal(broken, trainer(), "")
            }
            try write("format", "hearth-checkpoint-999")
            try await expectRefusal(broken, trainer(), "this version")
            let place: PickleValue = ["epoch": .int(-1), "batch": .int(0), "loss_sum": .float(0), "samples": .int(0)]
            try write("position", place)
            try await expectRefusal(broken, trainer(), "negative")
            try write("metrics", .list([.list([.float(.nan)])]))
            try await expectRefusal(broken, trainer(), "metrics")
            let group = try #require(whole["optimizer"]?["param_groups"])
            for step in [PickleValue.float(.nan), .float(1e300), .int(-1), .tensor(.zeros(2)), "many"] {
                try write("optimizer", ["state": [0: ["step": step]], "param_groups": group])
                try await expectRefusal(broken, trainer(), "count of steps")
            }
            let odd: PickleValue = ["step": .int(1), "exp_avg": .tensor(.zeros(3)), "exp_avg_sq": .tensor(.zeros(3))]
            try write("optimizer", ["state": [0: odd], "param_groups": group])
            try await expectRefusal(broken, trainer(), "of parameter 0 has shape [3]; expected [16, 2]")
        }
    }

    @Test func goesOnFromAStateThatPyTorchSaved() throws {
        let saved = try TorchFile.read(Golden.path("adam_before.pth"))
        let model = Sequential {
            Linear(4, 3)
            Tanh()
            Linear(3, 2)
        }
        let weights = try #require(saved["model"])
        try model.loadStateDict(weights.stateDict())
        let (front, back) = (Array(model.parameters[0..<2]), Array(model.parameters[2..<4]))
        let optimizer = Adam(groups: [.init(front, .init()), .init(back, .init())])
        let state = try #require(saved["optimizer"])
        try optimizer.load(OptimizerState(state))
        #expect(optimizer.learningRates == [0.02, 0.01])
        #expect(optimizer.groups[1].options.betas == (0.8, 0.99))
        #expect(optimizer.groups[1].options.weightDecay == 0.1)
        let inputs = try #require(saved["inputs"]?.tensor).to(.default)
        let targets = try #require(saved["targets"]?.tensor).to(.default)
        for _ in 0..<10 {
            optimizer.zeroGrad()
            MSELoss()(model(inputs), targets).backward()
            optimizer.step()
        }
        let expected = try StateDict(contentsOf: Golden.path("adam_after.pth")).to(.default)
        for (name, tensor) in model.stateDict {
            let distance = (tensor - (expected[name] ?? .zeros(1))).abs().max().item()
            #expect(distance < 1e-6, "\(name): \(distance)")
        }
    }

    /// The file that `Tests/Goldens/check_checkpoint.py` reads, in the folder named by `HEARTH_WRITTEN`.
    @Test func isAPyTorchFile() async throws {
        try await withTemporaryFolder { temporary in
            let path = (environment("HEARTH_WRITTEN") ?? temporary) + "/trained_checkpoint.pth"
            try await checkpoint(path, trainer())
            let file = try TorchFile.read(path)
            #expect(file["model"]?.dictionary?.count == 4)
            #expect(file["optimizer"]?["state"]?.dictionary?[key: 3]?["exp_avg"]?.tensor?.shape == [3])
            #expect(file["optimizer"]?["param_groups"]?[0]?["lr"]?.double == 0.02)
            #expect(file["history"]?.elements?.count == 2)
        }
    }
}

/// Random numbers that are the same every time.
struct SeededSource: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
