import ArgumentParser
import Hearth
import HearthRuns

/// `hearth predict`: what a trained model makes of its inputs.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Tell the classes of pictures, or the classes or numbers of rows of a table.",
        discussion: """
            Inputs are pictures, folders of them, and CSV files; one alone is shown with all classes. A picture is made grey \
            where the model wants that, and brought to the size that it was trained on. The datasets of handwriting are light \
            on dark; --invert turns pictures of dark ink on light paper around. A file of weights needs --model, a network of \
            torchvision's names.
            """)

    /// How predictions are written.
    enum Format: String, CaseIterable, ExpressibleByArgument { case text, csv, json }

    @Argument(
        help: ArgumentHelp(
            "The folder of a run, a program (.hearth, .onnx), or a file of weights (.pth, .safetensors).",
            valueName: "run"))
    var runPath: String

    @Argument(help: ArgumentHelp("Pictures, folders of pictures, CSV files.", valueName: "input"))
    var inputs: [String] = []

    @Option(
        parsing: .unconditional,
        help: "Values instead of a file: features as in the table, or pixels from 0 to 255.")
    var row: String?

    @Flag(help: "Exchange light and dark.")
    var invert = false

    @Option(help: "The network of a file of weights: resnet18, mobilenet_v2, …")
    var model: String?

    @Option(help: "The size that pictures are brought to for a file of weights.")
    var imageSize = 224

    @Option(help: "text, csv, or json: an object a line.")
    var format = Format.text

    @Flag(help: "The same as --format json.")
    var json = false

    func validate() throws {
        guard inputs.isEmpty == (row != nil) else {
            throw ValidationError("give pictures, folders or CSV files, or --row, and not both")
        }
        guard (1...4096).contains(imageSize) else { throw ValidationError("--image-size must be from 1 to 4096") }
    }

    func run() throws {
        let predictor = try makePredictor()
        let writer = PredictionWriter(
            format: json ? .json : format, isRegression: predictor.configuration.isRegression,
            isAlone: row != nil || (inputs.count == 1 && !FileList.isFolder(inputs[0]) && !inputs[0].isTable))
        var isComplete = true
        if let row {
            writer.write(try predictor.predictions([("--row", try predictor.configuration.input(row: row))]))
        }
        for input in inputs {
            if input.isTable {
                for rows in try predictor.configuration.inputs(table: input).chunks(of: 256) {
                    writer.write(try predictor.predictions(rows))
                }
            } else {
                let pictures = FileList.isFolder(input) ? try Predictor.pictures(in: input) : [input]
                isComplete = try write(pictures, predictor, writer) && isComplete
            }
        }
        if !isComplete { throw ExitCode(1) }
    }

    private func makePredictor() throws -> Predictor {
        if FileList.isFolder(runPath) {
            guard model == nil else { throw ValidationError("a run knows its model; --model is for a file of weights") }
            return try Predictor(run: RunFolder(path: runPath))
        }
        if Program.isProgram(runPath) {
            guard model == nil else {
                throw ValidationError("a program needs no model; --model is for a file of weights")
            }
            return try Predictor(program: runPath)
        }
        guard let model else {
            // A run that is not there is said by its own error.
            guard runPath.hasSuffix(".pth") || runPath.hasSuffix(".safetensors") else {
                return try Predictor(run: RunFolder(path: runPath))
            }
            throw ValidationError("a file of weights needs --model, the name of its network")
        }
        return try Predictor(weights: runPath, model: model, size: imageSize)
    }

    /// Writes what the model makes of pictures. One among several that cannot be read is told, and left out: false.
    private func write(_ pictures: [String], _ predictor: Predictor, _ writer: PredictionWriter) throws -> Bool {
        var isComplete = true
        for paths in pictures.chunks(of: 32) {
            var known: [(name: String, tensor: Tensor)] = []
            for path in paths {
                do {
                    known.append((path, try predictor.configuration.input(picture: path, isInverted: invert)))
                } catch  where pictures.count + inputs.count > 2 {
                    note("\(error)")
                    isComplete = false
                }
            }
            writer.write(try predictor.predictions(known))
        }
        return isComplete
    }
}

extension String {
    fileprivate var isTable: Bool { lowercased().hasSuffix(".csv") || lowercased().hasSuffix(".tsv") }
}

extension Array {
    /// The elements in pieces.
    fileprivate func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
