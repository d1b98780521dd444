import ArgumentParser
import Hearth

/// `hearth train`: from data to a tested model.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a network, test it and save it.",
        discussion: """
            Without a dataset the digits that are built in are used, so nothing else is needed. Ctrl-C saves a \
            checkpoint; --resume goes on from it with the run's own options, of which --epochs may be raised.
            """)

    @Argument(help: "digits, mnist, fashion-mnist, kmnist, or csv.")
    var dataset = "digits"

    @Argument(help: "The table of csv: numbers, the last column the class.")
    var file: String?

    @Option(help: "The folder of datasets; what is missing there is downloaded.")
    var data = "data"

    @Option(help: "The kind of network: mlp.")
    var model = "mlp"

    @Option(help: "The sizes of hidden layers: 128 or 256,128.")
    var hidden = "128"

    @Option(help: "How often all training samples are seen. (default: 5)")
    var epochs: Int?

    @Option(help: "The samples of one step.")
    var batchSize = 64

    @Option(help: "adam, adamw, sgd (with momentum 0.9), rmsprop or adagrad.")
    var optimizer = "adam"

    @Option(help: "The learning rate.")
    var lr = 1e-3

    @Option(help: "What all chance derives from.")
    var seed: UInt64 = 0

    @Option(help: "The shares of training, validation and test samples.")
    var split = "0.7,0.15,0.15"

    @Option(help: "The threads of an operation; all processors when left out.")
    var threads: Int?

    @Option(help: "The folder of the run; runs/NAME when left out.")
    var out: String?

    @Flag(help: "Go on from the checkpoint in --out.")
    var resume = false

    @Flag(help: "End with one JSON object on standard output.")
    var json = false

    func validate() throws {
        guard Examples.names.contains(dataset) else {
            throw ValidationError(
                "unknown dataset '\(dataset)'; there are \(Examples.names.joined(separator: ", "))")
        }
        guard (dataset == "csv") == (file != nil) else {
            throw ValidationError(
                file == nil ? "csv needs a file: hearth train csv FILE" : "\(dataset) takes no file '\(file!)'")
        }
        guard epochs ?? 1 > 0, batchSize > 0 else {
            throw ValidationError("--epochs and --batch-size must be positive")
        }
        guard lr > 0, lr.isFinite else { throw ValidationError("--lr '\(lr)' must be a positive number") }
        try RunConfiguration.checkNames(model: model, optimizer: optimizer)
        guard threads ?? 1 > 0 else { throw ValidationError("--threads must be positive") }
        guard !resume || out != nil else { throw ValidationError("--resume needs --out, the folder of the run") }
        _ = try hiddenSizes
        _ = try shares
    }

    private var hiddenSizes: [Int] {
        get throws {
            let sizes = hidden.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard sizes.allSatisfy(RunConfiguration.sizes.contains) else {
                throw ValidationError("--hidden '\(hidden)' must be sizes like 128 or 256,128, up to a million")
            }
            return sizes
        }
    }

    private var shares: [Double] {
        get throws {
            let shares = split.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? 0 }
            guard shares.count == 3, shares.allSatisfy({ $0 > 0 }), abs(shares.reduce(0, +) - 1) < 1e-6 else {
                throw ValidationError("--split '\(split)' must be three shares above 0 that sum to 1")
            }
            return shares
        }
    }

    func run() async throws {
        if let threads { Threads.count = threads }
        let folder = out.map { RunFolder(path: $0) } ?? .free("runs/\(dataset)-\(model)")
        var run = TrainingRun(configuration: try configuration(folder), folder: folder, isResumed: resume)
        if !json { note("\(dataset) into \(folder.path), \(Threads.count) threads") }
        let outcome = try await run.run()
        if outcome.isInterrupted {
            note("interrupted; go on with: hearth train --resume --out \(folder.path)")
            throw ExitCode(130)
        }
        if json {
            print(outcome.json(modelFile: folder.model))
        } else {
            try report(outcome, folder)
        }
    }

    /// What was asked for, or what an earlier run in the folder was asked for.
    private func configuration(_ folder: RunFolder) throws -> RunConfiguration {
        if resume { return try savedConfiguration(folder) }
        guard !folder.holdsRun else {
            throw ValidationError(
                "'\(folder.path)' already holds a run; --resume goes on with it, another --out keeps it")
        }
        return RunConfiguration(
            dataset: dataset, data: file ?? data, model: model, hidden: try hiddenSizes, epochs: epochs ?? 5,
            batchSize: batchSize, optimizer: optimizer, lr: lr, seed: seed, split: try shares)
    }

    /// The options of the run in the folder. Throws when others than --epochs were given as well, since they would
    /// change nothing.
    private func savedConfiguration(_ folder: RunFolder) throws -> RunConfiguration {
        var saved = try folder.readConfiguration()
        let standard = try TrainCommand.defaults
        let options: [(name: String, given: String, standard: String, saved: String)] = [
            ("the dataset", dataset, standard.dataset, saved.dataset), ("--model", model, standard.model, saved.model),
            ("--hidden", hidden, standard.hidden, saved.hidden.map(String.init).joined(separator: ",")),
            ("--batch-size", "\(batchSize)", "\(standard.batchSize)", "\(saved.batchSize)"),
            ("--optimizer", optimizer, standard.optimizer, saved.optimizer),
            ("--lr", "\(lr)", "\(standard.lr)", "\(saved.lr)"),
            ("--seed", "\(seed)", "\(standard.seed)", "\(saved.seed)"),
            ("--split", "\(try shares)", "\(try standard.shares)", "\(saved.split)"),
        ]
        for option in options where option.given != option.standard && option.given != option.saved {
            throw ValidationError(
                "--resume goes on with \(option.name) \(option.saved); \(option.given) needs a run of its own")
        }
        if let epochs {
            guard epochs >= saved.epochs else {
                throw ValidationError("--epochs \(epochs) is less than the \(saved.epochs) of the run")
            }
            saved.epochs = epochs
        }
        return saved
    }

    /// What options are when they are left out.
    private static var defaults: TrainCommand { get throws { try TrainCommand.parse([]) } }

    private func report(_ outcome: TrainingRun.Outcome, _ folder: RunFolder) throws {
        let shape = Shape([1] + outcome.configuration.inputShape)
        print(try outcome.model.summary(input: shape))
        print("\nTest: \(outcome.test.matrix.total) samples that were not trained on\n")
        print(outcome.test)
        print("\n\(outcome.test.matrixDescription)\n")
        print("Saved \(folder.model) (for PyTorch too), model.safetensors, checkpoint, config.json, metrics.jsonl")
    }
}
