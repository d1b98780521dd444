import ArgumentParser
import Hearth

/// `hearth evaluate`: how good a trained model is.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Test a trained model.",
        discussion: """
            Without a dataset the run's own test samples are used. mnist, fashion-mnist and kmnist mean the images that \
            the collection keeps for testing, digits all of them, csv a table.
            """)

    @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"))
    var runPath: String

    @Argument(help: "Other data than the run's own test samples.")
    var dataset: String?

    @Argument(help: "The table of csv, or the folder of folder.")
    var file: String?

    @Option(help: "The folder of datasets; the run's own when left out.")
    var data: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard let dataset else { return }
        guard Examples.names.contains(dataset) else {
            throw ValidationError("unknown dataset '\(dataset)'; there are \(Examples.names.joined(separator: ", "))")
        }
        guard Examples.paths.contains(dataset) == (file != nil) else {
            throw ValidationError(
                file == nil
                    ? "\(dataset) needs a file: hearth evaluate RUN \(dataset) FILE"
                    : "\(dataset) takes no file '\(file!)'")
        }
    }

    func run() async throws {
        let folder = RunFolder(path: runPath)
        var configuration = try folder.readConfiguration()
        let model = try folder.loadModel(configuration)
        if let data { configuration.data = data }
        let samples: Subset<ExampleSet>
        if let dataset {
            // The run's own data is a file where its dataset is a table.
            if Examples.paths.contains(configuration.dataset), data == nil { configuration.data = "data" }
            configuration.dataset = dataset
            if let file { configuration.data = file }
            let examples = try await configuration.trainedExamples(held: true)
            samples = Subset(examples, Array(0..<examples.count))
        } else {
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
}

extension RunConfiguration {
    /// The samples of the run's data that it was not trained on. Throws `RunError` when the data has changed.
    func testSamples() async throws -> Subset<ExampleSet> {
        try await trainedExamples(held: false).randomSplit(split, seed: seed)[2]
    }

    /// Data for the trained model: `held` are those that a collection keeps for testing. Throws `RunError` when it does not
    /// fit the model.
    fileprivate func trainedExamples(held: Bool) async throws -> ExampleSet {
        let examples = try await Examples.load(self, held: held)
        guard examples.inputShape == inputShape, examples.classes.count <= classes.count,
            examples.task == task ?? "classification"
        else {
            throw RunError(
                "the model takes \(inputShape) and knows \(classes.count) classes; the data "
                    + "has \(examples.inputShape) and \(examples.classes.count)")
        }
        return examples.normalised(mean: mean, std: std).data
    }
}
