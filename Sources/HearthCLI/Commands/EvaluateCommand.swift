import ArgumentParser
import Hearth
import HearthRuns

/// `hearth evaluate`: how good a trained model is.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Test a trained model.",
        discussion: """
            Without a dataset the run's own test samples are used. mnist, fashion-mnist and kmnist mean the images that \
            the collection keeps for testing, digits all of them, csv a table. A program that hearth export wrote of a run \
            knows the run's data.
            """)

    @Argument(help: ArgumentHelp("The folder of a run, or a program (.hearth, .onnx).", valueName: "run"))
    var runPath: String

    @Argument(help: "Other data than the run's own test samples.")
    var dataset: String?

    @Argument(help: "The table of csv, or the folder of folder.")
    var file: String?

    @Option(help: "The folder of datasets; the run's own when left out.")
    var data: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        if let dataset { try checkDataset(dataset, path: file, usage: ": hearth evaluate RUN \(dataset) FILE") }
        let (model, known) = try readModel()
        var configuration = known
        let samples: Subset<ExampleSet>
        if let dataset {
            samples = try await configuration.samples(of: dataset, path: file, data: data)
        } else {
            if let data { configuration.data = data }
            samples = try await configuration.testSamples()
        }
        let loader = DataLoader(samples, batchSize: 256)
        let report = try await TestReport.measure(model, loader, configuration)
        if json {
            print(JSON.object([(key: "samples", value: .number(Double(report.samples)))] + report.json()))
        } else {
            print(report.text)
        }
    }

    /// The model, in evaluation mode, and what is known of its data.
    private func readModel() throws -> (any Layer, RunConfiguration) {
        if Program.isProgram(runPath) {
            let program = try Program(contentsOf: runPath)
            return (ProgramLayer(program).eval(), try RunConfiguration(program))
        }
        let folder = RunFolder(path: runPath)
        let configuration = try folder.readConfiguration()
        return (try folder.loadModel(configuration), configuration)
    }
}
