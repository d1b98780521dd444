import ArgumentParser
import Hearth
import HearthReport
import HearthRuns
import HearthTune

/// `hearth report`: runs or a study on a page.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Show a run, compare runs, or show a study on one page.",
        discussion: """
            The page is one file that needs nothing else. Of one run it has what training writes into the run's folder, of \
            several their results, curves and the options that differ, of a study its history, what matters, and what values \
            were good.
            """)

    @Argument(help: ArgumentHelp("The folders of runs.", valueName: "run"))
    var runs: [String] = []

    @Option(help: ArgumentHelp("The storage of a study that hearth tune or a program has written.", valueName: "file"))
    var study: String?

    @Option(help: "The name of the study, where the storage has several.")
    var name: String?

    @Option(help: "The page that is written.")
    var out = "report.html"

    func validate() throws {
        guard runs.isEmpty == (study != nil) else {
            throw ValidationError(
                runs.isEmpty
                    ? "the folders of runs are missing, or --study" : "a page is about runs or about a study, not both")
        }
        guard name == nil || study != nil else { throw ValidationError("--name is a study's; --study is missing") }
    }

    func run() async throws {
        let page = try await page()
        try page.write(to: out)
        print("\(out): \(page.title)")
    }

    private func page() async throws -> Page {
        if let study { return try Page.study(Study.load(name, storage: study)) }
        let records = try runs.map { try RunRecord($0) }
        guard records.count == 1 else { return Page.comparison(records) }
        let run = records[0]
        let model = try run.folder.loadModel(run.configuration)
        let samples = try await run.configuration.testSamples()
        let test = try await TestReport.measure(model, DataLoader(samples, batchSize: 256), run.configuration)
        return try Page.report(run, model, test, on: samples)
    }
}
