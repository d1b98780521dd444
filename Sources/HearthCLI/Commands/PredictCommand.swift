import ArgumentParser
import Hearth
import HearthVision

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
        let input = if let image { try picture(image, configuration) } else { try numbers(configuration) }
        let output = noGrad { model(input.unsqueeze(0)) }
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

    private func picture(_ path: String, _ configuration: RunConfiguration) throws -> Tensor {
        let shape = configuration.inputShape
        guard shape.count == 3, shape[0] == 1 || shape[0] == 3 else {
            throw RunError("the model takes \(shape.reduce(1, *)) numbers, not pictures; use --row")
        }
        let picture = try Image.read(path, as: shape[0] == 1 ? .grey : .rgb)
        var pixels = Resize(height: shape[1], width: shape[2])(picture)
        if invert { pixels = 255 - pixels }
        return normalised(pixels, configuration)
    }

    private func numbers(_ configuration: RunConfiguration) throws -> Tensor {
        guard let cells = Table.cells(row ?? "") else { throw RunError("--row: a quotation mark is not closed") }
        let shape = Shape(configuration.inputShape)
        if !configuration.columns.isEmpty { return try features(cells, configuration) }
        let values = try cells.map { cell in
            guard let value = Float(cell), value.isFinite else {
                throw RunError("--row: '\(cell)' is not a finite number")
            }
            return value
        }
        guard values.count == shape.elementCount else {
            throw RunError("--row has \(values.count) numbers; the model takes \(shape.elementCount)")
        }
        let tensor = Tensor(values, shape: shape)
        guard shape.count == 3 else {
            return Examples.normalised(tensor, mean: configuration.mean, std: configuration.std)
        }
        return normalised(tensor.clamp(min: 0, max: 255).round().to(.uint8), configuration)
    }

    /// A row of a table as the model takes it.
    private func features(_ cells: [String], _ configuration: RunConfiguration) throws -> Tensor {
        let columns = configuration.columns
        guard cells.count == columns.count else {
            throw RunError(
                "--row has \(cells.count) values; the model takes \(columns.count): "
                    + columns.map(\.name).joined(separator: ", "))
        }
        let values = try zip(columns, cells).flatMap { try $0.features($1, "--row") }
        return Examples.normalised(Tensor(values), mean: configuration.mean, std: configuration.std)
    }

    private func normalised(_ pixels: Tensor, _ configuration: RunConfiguration) -> Tensor {
        Compose(ToTensor(), Normalize(mean: configuration.mean, std: configuration.std))(pixels)
    }
}
