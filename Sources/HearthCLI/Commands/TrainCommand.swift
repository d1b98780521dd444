import ArgumentParser
import Hearth
import HearthReport
import HearthRuns

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

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

    @Flag(help: "Compile the steps of training: the same results, computed without the code and the tape between.")
    var compile = false

    @Flag(help: "Tell TensorBoard how training goes, in the run's folder: tensorboard --logdir runs.")
    var tensorboard = false

    @Flag(help: "Go on from the checkpoint in --out.")
    var resume = false

    @Flag(help: "Replace the run that is in --out.")
    var overwrite = false

    @Flag(help: "Read the data, make the network, show both, and train nothing.")
    var dryRun = false

    @Flag(name: .customLong("find-lr"), help: "Show how the loss answers to learning rates, and train nothing.")
    var findLR = false

    @Flag(name: .shortAndLong, help: "Say nothing on the way.")
    var quiet = false

    @Flag(help: "Say every option and library before.")
    var verbose = false

    @Flag(help: "End with one JSON object on standard output.")
    var json = false

    // Not `validate`, which the parser asks before it tells of an option that is not there.
    private func check() throws {
        if let dataset { try checkDataset(dataset, path: file, usage: ": hearth train \(dataset) FILE") }
        guard threads ?? 1 > 0 else { throw ValidationError("--threads must be positive") }
        guard !resume || out != nil else { throw ValidationError("--resume needs --out, the folder of the run") }
        guard out?.isEmpty != true else { throw ValidationError("--out needs the name of a folder; it is empty") }
        guard !resume || !(overwrite || dryRun || findLR) else {
            throw ValidationError("--resume goes on with a run; --overwrite, --dry-run and --find-lr begin with none")
        }
        guard !(dryRun && findLR) else {
            throw ValidationError("--dry-run trains nothing, --find-lr a little; not both")
        }
        guard !(quiet && verbose) else { throw ValidationError("--quiet or --verbose, not both") }
        guard !resume || config == nil else {
            throw ValidationError("--resume goes on with the run's own options; --config needs a run of its own")
        }
        // Mistakes are told before any work.
        if !resume { _ = try requested() }
    }

    func run() async throws {
        try check()
        if let threads { ThreadLimit.set(threads) }
        let wanted = resume ? nil : try requested()
        let folder = out.map { RunFolder(path: $0) } ?? .free("runs/\(wanted!.dataset)-\(wanted!.modelName)")
        var run = TrainingRun(
            configuration: try wanted ?? savedConfiguration(folder), folder: folder, isResumed: resume,
            writesTensorBoard: tensorboard)
        run.compiles = compile
        run.showsProgress = !quiet
        if !json && !quiet { run.begins = { try introduce($0, $1) } }
        if findLR { return try await showRates(&run) }
        if dryRun { return try await run.rehearse() }
        guard resume || overwrite || !folder.holdsRun else {
            throw ValidationError(
                "'\(folder.path)' already holds a run; --resume goes on with it, --overwrite replaces it, another --out "
                    + "keeps it")
        }
        run.overwrites = overwrite
        if !json && !quiet {
            note("\(run.configuration.dataset) into \(folder.path), \(Threads.count) threads")
        }
        let outcome = try await run.run()
        if outcome.isInterrupted {
            note("interrupted; go on with: hearth train --resume --out \(folder.path)")
            throw ExitCode(Interruption.exitCode)
        }
        if report {
            let record = try RunRecord(folder.path)
            try Page.report(record, outcome.model, outcome.test, on: outcome.samples).write(to: folder.report)
        }
        if json {
            print(outcome.json(modelFile: folder.model))
        } else {
            tell(outcome, folder)
        }
    }

    /// Shows the network before it is trained, in lines that fit the terminal.
    private func introduce(_ model: any Layer, _ configuration: RunConfiguration) throws {
        if verbose {
            for setting in Settings.all { note("\(setting.name): \(configuration[setting])") }
            for library in NativeLibrary.all {
                note("\(library.name): \(library.isFound ? library.version ?? "found" : "not found")")
            }
        }
        let summary = try model.summary(input: Shape([1] + configuration.inputShape))
        print(summary.table(columns: columns))
    }

    /// Shows the losses by the logarithm of the rates.
    private func showRates(_ run: inout TrainingRun) async throws {
        let search = try await run.findLearningRate()
        if json {
            print(
                [
                    "suggestion": search.suggestion.map { .number($0) } ?? .null,
                    "points": .array(search.points.map { ["lr": .number($0.rate), "loss": .number($0.loss)] }),
                ] as JSON)
            return
        }
        let chart = LineChart(
            "loss by learning rate", x: "power of ten of the rate",
            series: [.init("loss", search.points.map { (x: $0.rate.powerOfTen, y: $0.loss) })])
        for line in chart.text(columns: min(columns - 1, 76), rows: 14, isColoured: false) { print(line) }
        guard let rate = search.suggestion else { return print("The loss never fell: no rate can be suggested.") }
        print("Suggested: --lr \(rate.significant(2))")
    }

    private func tell(_ outcome: TrainingRun.Outcome, _ folder: RunFolder) {
        print("\nTest: \(outcome.test.samples) samples that were not trained on\n")
        print(outcome.test.text)
        guard !quiet else { return }
        print("\nSaved in \(folder.path): model.pth (for PyTorch too), model.safetensors, checkpoint,")
        print("config.json, config.yaml, metrics.jsonl" + (report ? ", report.html" : ""))
    }

    /// The width that lines may have.
    private var columns: Int { Terminal.current?.columns ?? 80 }
}

extension Double {
    fileprivate var powerOfTen: Double { log10(self) }

    /// The number with so many digits that say something: `0.0031`.
    fileprivate func significant(_ digits: Int) -> String {
        guard isFinite, self > 0 else { return "\(self)" }
        let scale = pow(10, floor(log10(self)) - Double(digits - 1))
        // As a quotient, since multiples of a power below 1 are not exact.
        return "\((self / scale).rounded() / (1 / scale).rounded())"
    }
}
