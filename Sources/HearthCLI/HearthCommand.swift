import ArgumentParser
import Hearth
import HearthDescription
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
            ReportCommand.self, RunsCommand.self, InfoCommand.self,
            DataCommand.self, DoctorCommand.self,
            BenchCommand.self, RunCommand.self, ExportCommand.self, GraphCommand.self, CompareCommand.self,
        ])

    /// Runs the command that the arguments name.
    static func main() async {
        // libgomp's threads wait for each other by spinning, for so long that a machine with other work on it goes several
        // times slower. libgomp reads this when it is opened; a value that the user has set is kept.
        setenv("GOMP_SPINCOUNT", "10000", 0)
        useFriendlyBacktraces()
        StandardOutput.prepare()
        ThreadLimit.checkEnvironment()
        refuseOtherEncodings()
        suggestCommand()
        await main(nil)
        checkOutput()
    }

    /// Ends the program for an argument that is not UTF-8: Swift would silently read another name.
    private static func refuseOtherEncodings() {
        for number in 1..<max(Int(CommandLine.argc), 1) {
            guard let argument = CommandLine.unsafeArgv[number], String(validatingCString: argument) == nil else {
                continue
            }
            exit(
                withError: ValidationError(
                    "argument \(number) is not UTF-8: '\(String(cString: argument))'; give the file another name"))
        }
    }

    /// Ends the program with the nearest command for a first argument that is none.
    private static func suggestCommand() {
        guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), word != "help" else { return }
        let names = configuration.subcommands.compactMap { $0.configuration.commandName }
        if !names.contains(word) { exit(withError: ValidationError(unknown("command", word, among: names))) }
    }

    /// Ends the program when what it has printed could not be written, as on a full disk.
    private static func checkOutput() {
        guard StandardOutput.hasFailed else { return }
        note("Error: not all that was printed could be written")
        Self.exit(withError: ExitCode.failure)
    }
}
