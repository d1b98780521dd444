import ArgumentParser
import Hearth
import HearthReport

/// `hearth report`: runs on a page.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Compare runs on one page: results, curves, options that differ.",
        discussion:
            "The page is one file that needs nothing else. Training writes one of its own into each run's folder.")

    @Argument(help: ArgumentHelp("The folders of runs.", valueName: "run"))
    var runs: [String]

    @Option(help: "The page that is written.")
    var out = "report.html"

    func run() throws {
        let records = try runs.map { try RunRecord($0) }
        try Page.comparison(records).write(to: out)
        print("\(out): \(records.map(\.name).joined(separator: ", "))")
    }
}
