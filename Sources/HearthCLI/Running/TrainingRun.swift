import Hearth

/// A training run from its configuration to its test report.
struct TrainingRun {
    var configuration: RunConfiguration
    let folder: RunFolder
    let isResumed: Bool

    /// What a run has given.
    struct Outcome {
        let configuration: RunConfiguration
        let model: any Layer
        let history: History
        let test: ClassificationReport
        let isInterrupted: Bool
    }

    /// Trains, tests and writes all files.
    mutating func run() async throws -> Outcome {
        // Weights, order and dropout all follow from the seed.
        manualSeed(configuration.seed)
        let parts = try await prepare()
        let model = configuration.makeModel()
        let trainer = Trainer(
            model, loss: CrossEntropyLoss(), optimizer: configuration.makeOptimizer(model.parameters),
            metrics: [Accuracy()])
        if isResumed { try resume(trainer) }
        Interruption.listen()
        let history = try await trainer.fit(
            loader(parts[0], shuffle: true), validation: loader(parts[1]), epochs: configuration.epochs,
            callbacks: [
                ProgressBar(), CheckpointWriter(folder.checkpoint, best: folder.best), JSONLinesLog(folder.metrics),
            ])
        let isInterrupted = trainer.position.isInterrupted
        if !isInterrupted {
            try model.stateDict.save(to: folder.model)
            try model.stateDict.save(to: folder.safetensors)
        }
        let test = try await Self.test(model, loader(parts[2]), classes: configuration.classes)
        return Outcome(
            configuration: configuration, model: model, history: history, test: test, isInterrupted: isInterrupted)
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
        var examples = try await Examples.load(configuration)
        let indices = examples.data.randomSplit(configuration.split, seed: configuration.seed).map(\.indices)
        guard indices.allSatisfy({ !$0.isEmpty }) else {
            throw RunError("the split \(configuration.split) of \(examples.data.count) samples leaves a part empty")
        }
        if !isResumed {
            configuration.classes = examples.classes
            configuration.inputShape = examples.inputShape
            (configuration.mean, configuration.std) = examples.statistics(over: indices[0])
            try folder.create()
            try folder.write(configuration)
        }
        examples = examples.normalised(mean: configuration.mean, std: configuration.std)
        return indices.map { Subset(examples.data, $0) }
    }

    private func loader(
        _ part: Subset<ExampleSet>, shuffle: Bool = false
    ) -> DataLoader<Subset<ExampleSet>, (Tensor, Tensor)> {
        DataLoader(
            part, batchSize: shuffle ? configuration.batchSize : max(configuration.batchSize, 256), shuffle: shuffle,
            seed: configuration.seed)
    }

    /// Measures a model on batches of inputs and classes.
    static func test<Data: Dataset>(
        _ model: any Layer, _ loader: DataLoader<Data, (Tensor, Tensor)>, classes: [String]
    ) async throws -> ClassificationReport {
        model.eval()
        var matrix = ConfusionMatrix(classes: classes.count)
        for try await (inputs, labels) in loader { noGrad { matrix.update(model(inputs), labels) } }
        return ClassificationReport(matrix, names: classes)
    }
}

extension TrainingRun.Outcome {
    /// One object with what scripts want to know.
    func json(modelFile: String) -> JSON {
        let last = history.last
        let seconds = history.map(\.seconds).sorted()
        let rates = history.map(\.samplesPerSecond).sorted()
        func value(_ name: String) -> JSON { last?[name].map { .number($0) } ?? .null }
        let engine = NativeLibrary.oneDNN
        return [
            "dataset": .string(configuration.dataset), "model": .string(configuration.model),
            "parameters": .number(Double(model.parameterCount())), "epochs": .number(Double(last?.epoch ?? 0)),
            "train_loss": value("train_loss"), "val_loss": value("val_loss"), "val_accuracy": value("val_accuracy"),
            "test_accuracy": .number(test.matrix.accuracy), "test_f1": .number(test.matrix.f1(.macro)),
            "seconds_per_epoch": seconds.isEmpty ? .null : .number(seconds[seconds.count / 2]),
            "images_per_second": rates.isEmpty ? .null : .number(rates[rates.count / 2].rounded()),
            "threads": .number(Double(Threads.count)),
            "backend": .string(engine.isFound ? "cpu (oneDNN \(engine.version ?? ""))" : "cpu (portable)"),
            "model_file": .string(modelFile),
        ]
    }
}
