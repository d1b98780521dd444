import ArgumentParser
import Hearth
import HearthReport
import HearthRuns
import HearthTune

/// `hearth tune`: looks for good options.
struct TuneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune", abstract: "Search for options that train a good network.",
        discussion: """
            The space is a file with a line for each option: 'lr: 1e-4..1e-1 log', 'hidden: 32..512 log', 'dropout: 0..0.5 \
            step 0.1', 'optimizer: [adam, sgd]', 'weight_decay: 1e-6..1e-2 log if optimizer == adamw'. With --storage the \
            same command goes on after Ctrl-C or a kill, and several may work on one study. Trials side by side draw initial \
            weights from one random sequence, so they are the same again only with --parallel 1.
            """)

    /// How options are chosen.
    enum SamplerName: String, ExpressibleByArgument, CaseIterable {
        case tpe, gp, sobol, random, grid

        func choice(_ space: TuningSpace, seed: UInt64) throws -> SamplerChoice {
            switch self {
            case .grid: .grid(try space.grid(), seed: seed)
            case .tpe: .tpe(seed: seed)
            case .gp: .gaussianProcess(seed: seed)
            case .sobol: .sobol(seed: seed)
            case .random: .random(seed: seed)
            }
        }
    }

    /// What ends trials early.
    enum PrunerName: String, ExpressibleByArgument, CaseIterable {
        case median, asha, none

        var choice: PrunerChoice {
            switch self {
            case .median: .median()
            case .asha: .successiveHalving()
            case .none: .none
            }
        }
    }

    @Argument(help: "\(DatasetKind.names.joined(separator: ", ")).")
    var dataset: String

    @Argument(help: "The table of csv, or the folder with one folder of pictures for each class of folder.")
    var file: String?

    @Option(help: ArgumentHelp("The options to tune and their values.", valueName: "file.yaml"))
    var space: String

    @Option(help: "How many trials the study should have; 50 when left out, and with a grid every combination.")
    var trials: Int?

    @Option(help: "How options are chosen; grid tries every combination of lists and of ranges with steps.")
    var sampler = SamplerName.tpe

    @Option(help: "What ends trials early that promise nothing.")
    var pruner = PrunerName.median

    @Option(help: "How many trials run at the same time.")
    var parallel = 1

    @Option(help: "The file that trials are kept in; in memory when left out.")
    var storage: String?

    @Option(help: "The study's name in the storage; the dataset when left out.")
    var study: String?

    @Option(help: "A file of options that all trials have.")
    var config: String?

    @Option(help: "The folder of datasets; what is missing there is downloaded.")
    var data: String?

    @Option(help: "How often a trial sees all training samples.")
    var epochs: Int?

    @Option(help: "What all chance derives from.")
    var seed: UInt64 = 0

    @Option(help: "Where the best options are written, for hearth train --config.")
    var best: String?

    @Option(help: ArgumentHelp("Where a page about the study is written.", valueName: "file.html"))
    var report: String?

    @Flag(help: "End with one JSON object on standard output.")
    var json = false

    func validate() throws {
        guard trials ?? 1 > 0, (1...64).contains(parallel) else {
            throw ValidationError("--trials must be positive and --parallel from 1 to 64")
        }
        guard storage != "" else { throw ValidationError("--storage needs the name of a file") }
        try checkDataset(dataset, path: file)
        _ = try base()
    }

    /// What all trials have in common.
    private func base() throws -> RunConfiguration {
        var base = RunConfiguration()
        if let config { try base.apply(OptionsFile(contentsOf: config)) }
        base.dataset = dataset
        if let path = file ?? data { base.data = path }
        if let epochs { base.epochs = epochs }
        base.seed = seed
        try base.checkOptions()
        return base
    }

    func run() async throws {
        let space = try TuningSpace(contentsOf: space)
        var base = try base()
        let examples = try await base.loadExamples()
        base.task = examples.task
        let search = TuningRun(base: base, space: space, examples: examples)
        let study = try Study(
            self.study ?? dataset, storage: storage, direction: base.task == "regression" ? .minimize : .maximize,
            sampler: try sampler.choice(space, seed: seed), pruner: pruner.choice)
        // Trials side by side share the cores.
        Threads.count = max(1, Threads.count / parallel)
        Interruption.listen()
        let isQuiet = json
        let total = try trials ?? (sampler == .grid ? space.combinations() : 50)
        try await study.optimize(untilTotal: total, parallel: parallel) { trial in
            if Interruption.isRequested { throw CancellationError() }
            do {
                let value = try await search.objective(trial)
                if !isQuiet { note(Self.line(trial.snapshot, value.fixed(4))) }
                return value
            } catch let error as TrialPruned {
                if !isQuiet { note(Self.line(trial.snapshot, "pruned in epoch \(error.step)")) }
                throw error
            } catch let error where !(error is CancellationError) {
                if !isQuiet { note(Self.line(trial.snapshot, "failed: \(error)")) }
                throw error
            }
        }
        // A study that was interrupted before its first value has no best trial to report.
        if try !Interruption.isRequested || study.bestTrial() != nil {
            try tell(study, search)
            if let report { try Page.study(study).write(to: report) }
        }
        if Interruption.isRequested {
            note("interrupted\(storage == nil ? "" : "; the same command goes on")")
            throw ExitCode(Interruption.exitCode)
        }
    }

    private static func line(_ trial: TrialRecord, _ outcome: String) -> String {
        let parameters = trial.parameters.sorted { $0.key < $1.key }.map { "\($0.key) \(Self.shown($0.value))" }
        return "trial \(trial.number)  \(outcome)  \(parameters.joined(separator: "  "))"
    }

    private static func shown(_ value: ParameterValue) -> String {
        guard case .float(let number) = value else { return value.description.replacing("\"", with: "") }
        // Seven digits are enough to look at.
        return "\(Float(number))"
    }

    private func tell(_ study: Study, _ search: TuningRun) throws {
        let all = try study.trials()
        guard let winner = try study.bestTrial(), let value = winner.value else {
            throw RunError("no trial of \(all.count) has ended with a value")
        }
        // The options that the best trial was trained with: the common ones, changed by its parameters.
        var options = search.base
        for (name, value) in winner.parameters {
            guard let setting = Settings.named(name) else { continue }
            let json = try Self.json(value)
            guard options.set(setting, json) else {
                throw RunError("the study's '\(name)' cannot be \(json)")
            }
        }
        if let best { try AtomicFile.write(Array(options.optionsText.utf8), to: best) }
        let counts = TrialRecord.State.allCases.map { state in (state.rawValue, all.count { $0.state == state }) }
        guard json else {
            print("\nBest of \(counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")):")
            print("  \(search.monitor) \(value.fixed(4)) in trial \(winner.number)")
            for (name, value) in winner.parameters.sorted(by: { $0.key < $1.key }) {
                print("  \(name.padded(to: 16)) \(Self.shown(value))")
            }
            let importance = try study.analysis().importance
            print("\nWhat matters (share of the variance of ranks that each option explains by itself):")
            for (name, share) in importance {
                print(
                    "  \(name.padded(to: 16)) \(share.fixed(2))  \(String(repeating: "█", count: Int((share * 40).rounded())))"
                )
            }
            return
        }
        print(
            JSON.object(
                [
                    ("best", .number(value)), ("trial", .number(Double(winner.number))),
                    (
                        "parameters",
                        .object(
                            try winner.parameters.sorted { $0.key < $1.key }.map { ($0.key, try Self.json($0.value)) })
                    ),
                ] + counts.map { ($0.0, .number(Double($0.1))) }))
    }

    /// A value as files of options have it.
    private static func json(_ value: ParameterValue) throws -> JSON {
        switch value {
        case .int(let number): .number(Double(number))
        case .float(let number): .number(number)
        case .category(let text): try JSON(parsing: text, name: "study")
        }
    }
}
