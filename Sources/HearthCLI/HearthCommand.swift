import ArgumentParser

/// The `hearth` program.
@main struct HearthCommand: AsyncParsableCommand {
    /// The version of this build.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "hearth", abstract: "Deep learning in Swift: train, evaluate, predict, tune, measure.",
        version: version,
        subcommands: [
            TrainCommand.self, EvaluateCommand.self, PredictCommand.self, TuneCommand.self,
            ReportCommand.self,
            DataCommand.self, DoctorCommand.self,
            BenchCommand.self,
        ])
}
