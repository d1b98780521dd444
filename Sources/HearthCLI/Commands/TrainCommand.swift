import ArgumentParser
import Hearth
import HearthReport

/// `hearth train`: from data to a tested model.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a network, test it and save it.",
        discussion: """
            Without a dataset the digits that are built in are used, so nothing else is needed. Ctrl-C saves a \
            checkpoint; --resume goes on from it with the run's own options, of which --epochs may be raised. --config \
            reads options from a file, 'batch_size: 128' and so on; what is given here counts more. A run's folder has \
            such a file of its own, config.yaml.
            """)

    @Argument(help: "\(Examples.names.joined(separator: ", ")). (default: digits)")
    var dataset: String?

    @Argument(help: "The table of csv, or the folder with one folder of pictures for each class of folder.")
    var file: String?

    @OptionGroup(title: "Data")
    var dataOptions: DataOptions

    @OptionGroup(title: "Network")
    var networkOptions: NetworkOptions

    @OptionGroup(title: "Training")
    var trainingOptions: TrainingOptions

    @Option(help: "A file of options in YAML.")
    var config: String?

    @Option(help: "The threads of an operation; all processors when left out.")
    var threads: Int?

    @Option(help: "The folder of the run; runs/NAME when left out.")
    var out: String?

    @Flag(inversion: .prefixedNo, help: "Write a page about the run, report.html.")
    var report = true

    @Flag(help: "Tell TensorBoard how training goes, in the run's folder: tensorboard --logdir runs.")
    var tensorboard = false

    @Flag(help: "Go on from the checkpoint in --out.")
    var resume = false

    @Flag(help: "End with one JSON object on standard output.")
    var json = false

    /// What the data is.
    struct DataOptions: ParsableArguments {
        @Option(help: "The folder of datasets; what is missing there is downloaded. (default: data)")
        var data: String?

        @Option(help: "The column of csv that is to be told, by name or number; the last when left out.")
        var target: String?

        @Option(help: "classification or regression; told from the target when left out.")
        var task: String?

        @Option(help: "The shares of training, validation and test samples. (default: 0.7,0.15,0.15)")
        var split: String?

        @Option(
            help: ArgumentHelp(
                "What is done to training pictures by chance: 'RandomCrop(32, padding=4), RandomHorizontalFlip', or a file.",
                valueName: "list|file.yaml"))
        var augment: String?

        @Option(help: "The size that pictures of a folder are brought to; their own, which must be one, when left out.")
        var imageSize: Int?
    }

    /// What the network is.
    struct NetworkOptions: ParsableArguments {
        @Option(help: "The kind of network: \(NetworkKind.names.joined(separator: ", ")). (default: mlp)")
        var model: String?

        @Option(help: "The sizes of hidden layers of mlp: 128 or 256,128. (default: 128)")
        var hidden: String?

        @Option(help: "The probability of a hidden unit to be left out of a step. (default: 0)")
        var dropout: Double?

        @Option(help: "A file of weights to begin with (.pth, .safetensors); what does not fit is told and left out.")
        var pretrained: String?

        @Option(
            help: ArgumentHelp(
                "Parameters that stay as they are: a name in which * stands for anything. May be given several times.",
                valueName: "pattern"))
        var freeze: [String] = []
    }

    /// How it is trained.
    struct TrainingOptions: ParsableArguments {
        @Option(help: "How often all training samples are seen. (default: 5)")
        var epochs: Int?

        @Option(help: "The samples of one step. (default: 64)")
        var batchSize: Int?

        @Option(
            help: "\(Training.optimizers.joined(separator: ", ")); sgd has momentum 0.9. (default: adam)")
        var optimizer: String?

        @Option(help: "The learning rate. (default: 0.001)")
        var lr: Double?

        @Option(
            help: "How the learning rate changes: \(Training.schedules.joined(separator: ", ")). (default: constant)")
        var schedule: String?

        @Option(help: "The factor of the L2 penalty, or of adamw's decay.")
        var weightDecay: Double?

        @Option(help: "The factor of the sum of magnitudes of all weights. (default: 0)")
        var l1: Double?

        @Option(help: "The largest norm of the gradient; larger ones are scaled down.")
        var clip: Double?

        @Option(help: "Stop when the validation loss has not fallen for so many epochs.")
        var earlyStop: Int?

        @Option(help: "What all chance derives from. (default: 0)")
        var seed: UInt64?
    }

    func validate() throws {
        if let dataset {
            guard Examples.names.contains(dataset) else {
                throw ValidationError(
                    "unknown dataset '\(dataset)'; there are \(Examples.names.joined(separator: ", "))")
            }
            guard Examples.paths.contains(dataset) == (file != nil) else {
                throw ValidationError(
                    file == nil
                        ? "\(dataset) needs a file: hearth train \(dataset) FILE"
                        : "\(dataset) takes no file '\(file!)'")
            }
        }
        guard threads ?? 1 > 0 else { throw ValidationError("--threads must be positive") }
        guard !resume || out != nil else { throw ValidationError("--resume needs --out, the folder of the run") }
        guard !resume || config == nil else {
            throw ValidationError("--resume goes on with the run's own options; --config needs a run of its own")
        }
        // Mistakes are told before any work.
        if !resume { _ = try requested() }
    }

    func run() async throws {
        if let threads { Threads.count = threads }
        let wanted = resume ? nil : try requested()
        let folder = out.map { RunFolder(path: $0) } ?? .free("runs/\(wanted!.dataset)-\(wanted!.model)")
        var run = TrainingRun(
            configuration: try wanted ?? savedConfiguration(folder), folder: folder, isResumed: resume,
            writesTensorBoard: tensorboard)
        guard resume || !folder.holdsRun else {
            throw ValidationError(
                "'\(folder.path)' already holds a run; --resume goes on with it, another --out keeps it")
        }
        if !json { note("\(run.configuration.dataset) into \(folder.path), \(Threads.count) threads") }
        let outcome = try await run.run()
        if outcome.isInterrupted {
            note("interrupted; go on with: hearth train --resume --out \(folder.path)")
            throw ExitCode(130)
        }
        if report {
            let record = try RunRecord(folder.path)
            try Page.report(record, outcome.model, outcome.test, on: outcome.samples).write(to: folder.report)
        }
        if json {
            print(outcome.json(modelFile: folder.model))
        } else {
            try tell(outcome, folder)
        }
    }

    private func tell(_ outcome: TrainingRun.Outcome, _ folder: RunFolder) throws {
        let shape = Shape([1] + outcome.configuration.inputShape)
        print(try outcome.model.summary(input: shape))
        print("\nTest: \(outcome.test.samples) samples that were not trained on\n")
        print(outcome.test.text)
        print(
            "\nSaved \(folder.model) (for PyTorch too), model.safetensors, checkpoint, config.json, metrics.jsonl"
                + (report ? ", report.html" : ""))
    }
}
