import ArgumentParser
import HearthRuns

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The `hearth` program.
@main struct HearthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hearth", abstract: "Deep learning in Swift: train, evaluate, predict, tune, measure.",
        version: hearthVersion,
        subcommands: [
            TrainCommand.self, EvaluateCommand.self, PredictCommand.self, TuneCommand.self,
            ReportCommand.self,
            DataCommand.self, DoctorCommand.self,
            BenchCommand.self,
        ])

    /// Runs the command that the arguments name.
    static func main() async {
        // libgomp's threads wait for each other by spinning, for so long that a machine with other work on it goes several
        // times slower. libgomp reads this when it is opened; a value that the user has set is kept.
        setenv("GOMP_SPINCOUNT", "10000", 0)
        await main(nil)
    }
}
