import Hearth
import HearthVision

/// Inputs with their classes, from whatever source.
struct Examples {
    let data: ExampleSet
    let classes: [String]
    let inputShape: [Int]
}

/// Pictures or rows of a table, as one dataset.
enum ExampleSet: Dataset {
    case images(ImageSet)
    case rows(TensorDataset)

    var count: Int {
        switch self {
        case .images(let images): images.count
        case .rows(let rows): rows.count
        }
    }

    func sample(at index: Int, random: Generator) -> (Tensor, Tensor) {
        switch self {
        case .images(let images): images.sample(at: index, random: random)
        case .rows(let rows): rows.sample(at: index, random: random)
        }
    }

    func batch(at indices: [Int], random: RandomSource) -> (Tensor, Tensor) {
        switch self {
        case .images(let images): images.batch(at: indices, random: random)
        case .rows(let rows): rows.batch(at: indices, random: random)
        }
    }
}

extension Examples {
    /// The names that `hearth train` takes.
    static let names = ["digits", "mnist", "fashion-mnist", "kmnist", "csv"]

    /// Reads the dataset of a run.
    ///
    /// - Parameter held: The images that a collection keeps for testing, where it has any, instead of those for
    ///   training.
    static func load(_ configuration: RunConfiguration, held: Bool = false) async throws -> Examples {
        let transform = Compose(ToTensor(), Normalize(mean: configuration.mean, std: configuration.std))
        let root = configuration.data
        switch configuration.dataset {
        case "digits": return Examples(Digits(transform: transform))
        case "mnist":
            return Examples(try await MNIST(root: root, train: !held, download: true, transform: transform))
        case "fashion-mnist":
            return Examples(try await FashionMNIST(root: root, train: !held, download: true, transform: transform))
        case "kmnist":
            return Examples(try await KMNIST(root: root, train: !held, download: true, transform: transform))
        case "csv": return try Examples(table: Table(contentsOf: root), classes: configuration.classes)
        default:
            throw RunError(
                "unknown dataset '\(configuration.dataset)'; there are \(names.joined(separator: ", "))")
        }
    }

    private init(_ collection: some ImageDataset) {
        let images = collection.imageSet
        data = .images(images)
        classes = images.classes
        inputShape = Array(images.images.shape.dropFirst())
    }

    /// Rows of a table whose last column is the class. Known classes keep their numbers.
    private init(table: Table, classes known: [String]) throws {
        let (features, labels, classes) = try table.classified(classes: known)
        data = .rows(TensorDataset(features, labels))
        self.classes = classes
        inputShape = [features.shape[1]]
    }

    /// The same rows with every feature brought to mean 0 and deviation 1 by the given numbers. Pictures are normalised
    /// by their transform.
    func standardised(mean: [Double], std: [Double]) -> Examples {
        guard case .rows(let rows) = data else { return self }
        let inputs = (rows.inputs - Tensor(mean)) / Tensor(std)
        return Examples(data: .rows(TensorDataset(inputs, rows.targets)), classes: classes, inputShape: inputShape)
    }

    /// Mean and deviation of each feature over some rows; nil for pictures.
    func statistics(over indices: [Int]) -> (mean: [Double], std: [Double])? {
        guard case .rows(let rows) = data else { return nil }
        let chosen = rows.inputs.indexSelect(0, Tensor(indices)).to(.float64)
        let std = chosen.std(dim: 0, correction: 0)
        // A feature that never changes stays as it is.
        let safe = std.maskedFill(std == 0, with: 1)
        return (chosen.mean(dim: 0).array(of: Double.self), safe.array(of: Double.self))
    }
}
