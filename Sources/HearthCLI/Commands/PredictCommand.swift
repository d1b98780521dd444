import ArgumentParser
import Hearth
import HearthRuns

/// `hearth predict`: what a trained model makes of one input.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Tell the class of a picture, or the class or number of a row of a table.",
        discussion: """
            A picture is made grey where the model wants that, and brought to the size that it was trained on. The datasets of handwriting \
            are light on dark; --invert turns a picture of dark ink on light paper around.
            """)

    @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"))
    var runPath: String

    @Argument(help: "A PNG or JPEG file.")
    var image: String?

    @Option(help: "Values instead of a picture: features as in the table, or pixels from 0 to 255.")
    var row: String?

    @Flag(help: "Exchange light and dark.")
    var invert = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (image == nil) != (row == nil) else { throw ValidationError("give a PNG file or --row, and not both") }
    }

    func run() throws {
        let folder = RunFolder(path: runPath)
        let configuration = try folder.readConfiguration()
        let model = try folder.loadModel(configuration)
        let input =
            if let image { try configuration.input(picture: image, isInverted: invert) } else {
                try configuration.input(row: row ?? "")
            }
        let output = noGrad { model(input.unsqueeze(0).to(.default)) }
        if configuration.isRegression {
            let value = output.item()
            print(json ? (["value": .number(value)] as JSON).description : value.fixed(4))
        } else {
            tell(output.softmax(dim: 1)[0].array(of: Float.self), configuration)
        }
    }

    private func tell(_ probabilities: [Float], _ configuration: RunConfiguration) {
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }!
        if json {
            print(
                [
                    "class": .string(configuration.classes[best]),
                    "probabilities": .object(
                        zip(configuration.classes, probabilities).map { (key: $0, value: .number(Double($1))) }),
                ] as JSON)
            return
        }
        let width = configuration.classes.map(\.count).max() ?? 0
        for (index, (name, probability)) in zip(configuration.classes, probabilities).enumerated() {
            let bar = String(repeating: "█", count: Int((probability * 40).rounded()))
            let share = (Double(probability) * 100).fixed(2).padded(to: 6, right: true)
            print("\(index == best ? "▶" : " ") \(name.padded(to: width))  \(share)%  \(bar)")
        }
    }
}
