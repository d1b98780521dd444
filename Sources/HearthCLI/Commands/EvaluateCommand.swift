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
        let loader: DataLoader<Subset<ExampleSet>, (Tensor, Tensor)>
        if let dataset {
            // The run's own data is a file where its dataset is a table.
            if Examples.paths.contains(configuration.dataset), data == nil { configuration.data = "data" }
            configuration.dataset = dataset
            if let file { configuration.data = file }
            let examples = try await load(configuration, held: true)
            loader = DataLoader(Subset(examples, Array(0..<examples.count)), batchSize: 256)
        } else {
            let examples = try await load(configuration, held: false)
            loader = DataLoader(examples.randomSplit(configuration.split, seed: configuration.seed)[2], batchSize: 256)
        }
        let report = try await TestReport.measure(model, loader, configuration)
        if json {
            print(JSON.object([(key: "samples", value: .number(Double(report.samples)))] + report.json()))
        } else {
            print(report.text)
        }
    }

    private func load(_ configuration: RunConfiguration, held: Bool) async throws -> ExampleSet {
        let examples = try await Examples.load(configuration, held: held)
        guard examples.inputShape == configuration.inputShape, examples.classes.count <= configuration.classes.count,
            examples.task == configuration.task ?? "classification"
        else {
            throw RunError(
                "the model takes \(configuration.inputShape) and knows \(configuration.classes.count) classes; the data "
                    + "has \(examples.inputShape) and \(examples.classes.count)")
        }
        return examples.normalised(mean: configuration.mean, std: configuration.std).data
    }
}
