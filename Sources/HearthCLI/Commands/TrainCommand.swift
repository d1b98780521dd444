import ArgumentParser
import Hearth
import HearthReport
import HearthRuns

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

    @Argument(help: "\(DatasetKind.names.joined(separator: ", ")). (default: digits)")
    var dataset: String?

    @Argument(help: "The table of csv, or the folder with one folder of pictures for each class of folder.")
    var file: String?

    @OptionGroup(title: "Data")
    var dataOptions: SettingOptions<DataSettings>

    @OptionGroup(title: "Network")
    var networkOptions: SettingOptions<NetworkSettings>

    @OptionGroup(title: "Training")
    var trainingOptions: SettingOptions<TrainingSettings>

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

    func validate() throws {
        if let dataset { try checkDataset(dataset, path: file, usage: ": hearth train \(dataset) FILE") }
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
