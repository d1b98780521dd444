import ArgumentParser
import Hearth
import HearthRuns

/// `hearth compare`: how far two programs are apart.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Run two programs on the same inputs, and tell the largest difference.",
        discussion: """
            For each result the largest difference of two elements is told. Inputs and results belong together by their names, \
            or by their order where the names differ. The exit status is 1 when a difference is larger than the tolerance.
            """)

    @Argument(help: ArgumentHelp("The first program (.hearth, .onnx).", valueName: "a"))
    var first: String

    @Argument(help: ArgumentHelp("The second program.", valueName: "b"))
    var second: String

    @OptionGroup var options: ProgramOptions

    @Option(help: "The largest difference that is none, beside the largest element where that is above 1.")
    var tolerance = 1e-4

    func validate() throws {
        guard tolerance >= 0 else { throw ValidationError("--tolerance must not be negative") }
    }

    func run() throws {
        let (a, b) = (try Program(contentsOf: first), try Program(contentsOf: second))
        let comparison = try ProgramComparison(a, b, try options.inputs(of: a))
        let width = comparison.rows.map(\.name.count).max() ?? 0
        for row in comparison.rows {
            print(
                "\(row.name.padded(to: width))  \(row.type)  largest difference \(row.largest), largest element \(row.scale)"
                    .safeInMessages)
        }
        guard comparison.isWithin(tolerance) else {
            note("the results differ by more than \(tolerance)")
            throw ExitCode(1)
        }
    }
}
