import Hearth
import HearthVision

/// A trained model with what it needs to know of its inputs: of a run, or of a file of weights alone.
package struct Predictor {
    package let configuration: RunConfiguration
    private let model: (Tensor) throws -> Tensor

    /// What a model makes of one input.
    package struct Prediction {
        /// The file, or the file and the row.
        package let input: String
        package let answer: Answer
    }

    /// A class among all, or a number.
    package enum Answer {
        case classes([(name: String, probability: Double)])
        case number(Double)
    }

    /// The model of a run.
    package init(run folder: RunFolder) throws {
        configuration = try folder.readConfiguration()
        let network = try folder.loadModel(configuration)
        model = { network($0) }
    }

    /// A program in a file, `.hearth` or `.onnx`, that takes pictures or rows and gives a number for each class. What
    /// `hearth export` has written of a run is known from the file; others are taken to have torchvision's normalisation.
    /// Throws `RunError` for a program that takes or gives something else, and what reading throws.
    package init(program path: String) throws {
        let program = try Program(contentsOf: path)
        configuration = try RunConfiguration(program)
        model = { try program.classify($0) }
    }

    /// A network of HearthVision with weights from a file. It takes pictures of `size` pixels a side, normalised as
    /// torchvision's are; its classes are numbers, as many as the last layer has results. Throws `RunError` for another
    /// network, and what reading and loading throw.
    package init(weights path: String, model name: String, size: Int) throws {
        let file = try WeightsFile(path, model: name)
        let network = file.network
        model = { network($0) }
        var configuration = RunConfiguration()
        configuration.inputShape = [3, size, size]
        configuration.classes = (0..<file.classes).map(String.init)
        (configuration.mean, configuration.std) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
        self.configuration = configuration
    }

    /// What the model makes of inputs, `[…]` each as `RunConfiguration.input` gives them.
    package func predictions(_ inputs: [(name: String, tensor: Tensor)]) throws -> [Prediction] {
        guard !inputs.isEmpty else { return [] }
        let output = try noGrad { try model(Tensor.stack(inputs.map(\.tensor)).to(.default)).cpu() }
        if configuration.isRegression {
            let values = output.reshape([-1]).array(of: Float.self)
            return zip(inputs, values).map { Prediction(input: $0.name, answer: .number(Double($1))) }
        }
        let probabilities = output.softmax(dim: 1)
        return inputs.enumerated().map { row, input in
            let shares = probabilities[row].array(of: Float.self).map(Double.init)
            return Prediction(
                input: input.name,
                answer: .classes(zip(configuration.classes, shares).map { (name: $0, probability: $1) }))
        }
    }

    /// The pictures in a folder and the folders in it, in the order of their names.
    package static func pictures(in folder: String) throws -> [String] {
        try FileList.files(in: folder, endings: ["png", "jpg", "jpeg", "bmp", "pgm", "ppm"])
    }
}
