import Hearth
import HearthReport

/// A training run from its configuration to its test report.
package struct TrainingRun {
    package var configuration: RunConfiguration
    package let folder: RunFolder
    package let isResumed: Bool
    /// Whether TensorBoard is told how training goes.
    package var writesTensorBoard = false
    /// Whether steps are compiled once they have been run twice; the results are the same.
    package var compiles = false
    /// Whether a run that is in the folder is replaced.
    package var overwrites = false
    /// Whether the run says how far it is.
    package var showsProgress = true
    /// Called with the model and what was found of the data, before anything is trained.
    package var begins: (_ model: any Layer, _ configuration: RunConfiguration) throws -> Void = { _, _ in }

    package init(
        configuration: RunConfiguration, folder: RunFolder, isResumed: Bool = false, writesTensorBoard: Bool = false
    ) {
        (self.configuration, self.folder) = (configuration, folder)
        (self.isResumed, self.writesTensorBoard) = (isResumed, writesTensorBoard)
    }

    /// What a run has given.
    package struct Outcome {
        package let configuration: RunConfiguration
        package let model: any Layer
        package let history: History
        package let test: TestReport
        /// What was tested on.
        package let samples: Subset<ExampleSet>
        package let isInterrupted: Bool
    }

    /// Trains, tests and writes all files.
    package mutating func run() async throws -> Outcome {
        // Weights, order and dropout all follow from the seed.
        manualSeed(configuration.seed)
        let parts = try await prepare()
        let model = try configuration.makeModel()
        try begin(with: model)
        if !isResumed { try folder.create() }
        let lock = try RunLock(folder)
        defer { withExtendedLifetime(lock) {} }
        try begins(model, configuration)
        if !isResumed {
            // Only now, when the data are read, the model is made and nobody else writes here, is an old run given up.
            guard overwrites || !folder.holdsRun else { throw RunError("'\(folder.path)' already holds a run") }
            if overwrites { try folder.removeRun() }
            try folder.write(configuration)
        }
        let training = configuration.loader(parts[0], shuffle: true)
        let trainer = configuration.makeTrainer(model, batches: training.count)
        if compiles { try configuration.compileSteps(of: trainer, model) }
        if isResumed { try resume(trainer) }
        let summaries =
            try writesTensorBoard
            ? SummaryWriter(folder.tensorBoard, purgeStep: isResumed ? trainer.position.epoch + 1 : nil) : nil
        if !isResumed { describe(model, in: summaries) }
        Interruption.listen()
        let history = try await trainer.fit(
            training, validation: configuration.loader(parts[1]), epochs: configuration.epochs,
            callbacks: callbacks + (summaries.map { [TensorBoardCallback($0)] } ?? []))
        let isInterrupted = trainer.position.isInterrupted
        if !isInterrupted {
            try model.stateDict.save(to: folder.model)
            try model.stateDict.save(to: folder.safetensors)
        }
        let test = try await TestReport.measure(model, configuration.loader(parts[2]), configuration)
        if !isInterrupted {
            summaries?.addHParams(configuration.hyperparameters, metrics: test.values(prefix: "test/"))
        }
        try summaries?.close()
        return Outcome(
            configuration: configuration, model: model, history: history, test: test, samples: parts[2],
            isInterrupted: isInterrupted)
    }

    /// The options and the operations of a model, for TensorBoard.
    private func describe(_ model: any Layer, in summaries: SummaryWriter?) {
        guard let summaries else { return }
        let options = Settings.all.map { "| \($0.name) | `\(configuration[$0])` |" }.joined(separator: "\n")
        summaries.addText("options", "| option | value |\n| --- | --- |\n\(options)", step: 0)
        summaries.addGraph(model, input: Shape([1] + configuration.inputShape))
    }

    private var callbacks: [any TrainerCallback] {
        let common: [any TrainerCallback] = [
            CheckpointWriter(folder.checkpoint, best: folder.best), JSONLinesLog(folder.metrics),
        ]
        return (showsProgress ? [ProgressBar(panel: LiveCharts().lines)] : []) + common
            + (configuration.earlyStop.map { [EarlyStopping(patience: $0)] } ?? [])
    }

    /// Loads the weights that training begins with, and freezes what is to stay.
    private func begin(with model: any Layer) throws {
        if let file = configuration.pretrained {
            let report = try model.loadStateDict(StateDict(contentsOf: file), strict: false, skippingMisfits: true)
            guard !report.loaded.isEmpty else {
                throw RunError(
                    "'\(file)' has no tensor of this model; the first that is missing is \(report.missing[0])")
            }
            note("loaded \(report.loaded.count) tensors of '\(file)'")
            for (words, names) in [
                ("not in the file", report.missing), ("not in the model", report.unexpected),
                ("of another shape", report.misfitting.map(\.name)),
            ] where !names.isEmpty { note("  \(words): \(names.joined(separator: ", "))") }
        }
        for pattern in configuration.freeze {
            guard !model.freeze(where: pattern).isEmpty else {
                let names = model.namedParameters.map(\.name).joined(separator: ", ")
                throw RunError("--freeze '\(pattern)' fits no parameter; there are \(names)")
            }
        }
        guard model.parameters.contains(where: \.requiresGrad) else {
            throw RunError("--freeze leaves nothing to train")
        }
    }

    /// Goes on from the checkpoint; from the start when the run was killed before there was one.
    private func resume(_ trainer: Trainer) throws {
        folder.removeUnfinishedFiles()
        if folder.holdsCheckpoint {
            try trainer.resume(from: folder.checkpoint)
        } else {
            guard !folder.holdsModel else {
                throw RunError("'\(folder.path)' has a model but no checkpoint to go on from; use another --out")
            }
            note("'\(folder.path)' has no checkpoint yet; the run starts anew")
        }
        try folder.write(configuration)
    }

    /// Reads the data, completes the configuration by what was read, and divides the data into three parts.
    private mutating func prepare() async throws -> [Subset<ExampleSet>] {
        let examples = try await configuration.loadExamples()
        if !isResumed { configuration.keepRecord(of: examples) }
        return try configuration.divide(examples, isKnown: isResumed)
    }

    /// How the loss answers to learning rates, at the beginning of the run. Nothing is written.
    package mutating func findLearningRate() async throws -> LearningRateSearch {
        manualSeed(configuration.seed)
        let parts = try await prepare()
        let model = try configuration.makeModel()
        try begin(with: model)
        let training = configuration.loader(parts[0], shuffle: true)
        let trainer = configuration.makeTrainer(model, batches: training.count)
        return try await trainer.findLearningRate(training)
    }

    /// Reads the data and makes the model, and calls `begins`. Nothing is written or trained.
    package mutating func rehearse() async throws {
        manualSeed(configuration.seed)
        _ = try await prepare()
        let model = try configuration.makeModel()
        try begin(with: model)
        try begins(model, configuration)
    }
}

extension TrainingRun.Outcome {
    /// One object with what scripts want to know.
    package func json(modelFile: String) -> JSON {
        let last = history.last
        let seconds = history.map(\.seconds).sorted()
        let rates = history.map(\.samplesPerSecond).sorted()
        func value(_ name: String) -> (key: String, value: JSON) { (name, last?[name].map { .number($0) } ?? .null) }
        let engine = NativeLibrary.oneDNN
        return .object(
            [
                ("dataset", .string(configuration.dataset)), ("model", .string(configuration.model)),
                ("parameters", .number(Double(model.parameterCount()))), ("epochs", .number(Double(last?.epoch ?? 0))),
            ] + ["train_loss", "val_loss", configuration.isRegression ? "val_rmse" : "val_accuracy"].map(value)
                + test.json(prefix: "test_", all: false) + [
                    ("seconds_per_epoch", seconds.isEmpty ? .null : .number(seconds[seconds.count / 2])),
                    ("images_per_second", rates.isEmpty ? .null : .number(rates[rates.count / 2].rounded())),
                    ("threads", .number(Double(Threads.count))),
                    (
                        "backend",
                        .string(engine.isFound ? "cpu (oneDNN \(engine.version ?? ""))" : "cpu (portable)")
                    ), ("model_file", .string(modelFile)),
                ])
    }
}

extension RunConfiguration {
    /// The options for TensorBoard's table of hyperparameters, without those that have no value.
    var hyperparameters: [(name: String, value: HyperparameterValue)] {
        Settings.all.compactMap { setting in
            let value = self[setting]
            if let number = value.double { return (setting.name, .number(number)) }
            if let text = value.string { return (setting.name, .text(text)) }
            guard let list = value.array, !list.isEmpty else { return nil }
            return (setting.name, .text(list.map { $0.string ?? $0.description }.joined(separator: ", ")))
        }
    }
}
