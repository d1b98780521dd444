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

    /// Reads the dataset of a run, as it is stored.
    ///
    /// - Parameter held: The images that a collection keeps for testing, where it has any, instead of those for
    ///   training.
    static func load(_ configuration: RunConfiguration, held: Bool = false) async throws -> Examples {
        let root = configuration.data
        switch configuration.dataset {
        case "digits": return Examples(Digits())
        case "mnist": return Examples(try await MNIST(root: root, train: !held, download: true))
        case "fashion-mnist": return Examples(try await FashionMNIST(root: root, train: !held, download: true))
        case "kmnist": return Examples(try await KMNIST(root: root, train: !held, download: true))
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

    /// The same examples with mean 0 and deviation 1 by the given numbers: one for each feature of a table, one for all
    /// pixels of pictures.
    func normalised(mean: [Double], std: [Double]) -> Examples {
        let data: ExampleSet =
            switch data {
            case .images(let images):
                .images(images.transformed(by: Compose(ToTensor(), Normalize(mean: mean, std: std))))
            case .rows(let rows):
                .rows(TensorDataset((rows.inputs - Tensor(mean)) / Tensor(std), rows.targets))
            }
        return Examples(data: data, classes: classes, inputShape: inputShape)
    }

    /// Mean and deviation over some examples: of each feature of a table, of all pixels of pictures (as `ToTensor` gives
    /// them, 0 to 1).
    func statistics(over indices: [Int]) -> (mean: [Double], std: [Double]) {
        switch data {
        case .images(let images): return Self.pixelStatistics(images.images, indices)
        case .rows(let rows):
            let chosen = rows.inputs.indexSelect(0, Tensor(indices)).to(.float64)
            let std = chosen.std(dim: 0, correction: 0)
            // A feature that never changes stays as it is.
            return (
                chosen.mean(dim: 0).array(of: Double.self),
                std.maskedFill(std == 0, with: 1).array(of: Double.self)
            )
        }
    }

    /// From how often each of 256 values occurs, so that no pixel is converted.
    private static func pixelStatistics(_ images: Tensor, _ indices: [Int]) -> (mean: [Double], std: [Double]) {
        var counts = [Int](repeating: 0, count: 256)
        let size = images.count / max(images.shape[0], 1)
        images.withUnsafeBytes { bytes in
            for index in indices { for byte in bytes[(index * size)..<((index + 1) * size)] { counts[Int(byte)] += 1 } }
        }
        let total = Double(max(indices.count * size, 1))
        func mean(_ value: (Double) -> Double) -> Double {
            counts.enumerated().reduce(0) { $0 + value(Double($1.offset) / 255) * Double($1.element) } / total
        }
        let centre = mean { $0 }
        let deviation = mean { ($0 - centre) * ($0 - centre) }.squareRoot()
        return ([centre], [deviation == 0 ? 1 : deviation])
    }
}
