import Hearth
import HearthVision

/// Inputs with their targets, from whatever source.
struct Examples {
    let data: ExampleSet
    /// The names of the classes; none for a regression.
    let classes: [String]
    let inputShape: [Int]
    /// `classification` or `regression`.
    let task: String
    /// How the columns of a table became features.
    var columns: [TableColumn] = []
}

/// Pictures or rows of a table, as one dataset.
enum ExampleSet: Dataset {
    /// Pictures, and what is done to each batch of them.
    case images(ImageSet, batches: [any BatchTransform] = [])
    case rows(TensorDataset)

    var count: Int {
        switch self {
        case .images(let images, _): images.count
        case .rows(let rows): rows.count
        }
    }

    func sample(at index: Int, random: Generator) -> (Tensor, Tensor) {
        switch self {
        case .images(let images, _): images.sample(at: index, random: random)
        case .rows(let rows): rows.sample(at: index, random: random)
        }
    }

    func batch(at indices: [Int], random: RandomSource) -> (Tensor, Tensor) {
        switch self {
        case .images(let images, let steps):
            // Numbers of their own, which no picture has.
            steps.enumerated().reduce(images.batch(at: indices, random: random)) { batch, step in
                let random = random.generator(for: count * (step.offset + 1) + (indices.first ?? 0))
                return step.element(batch.0, batch.1, random: random)
            }
        case .rows(let rows): rows.batch(at: indices, random: random)
        }
    }
}

extension Examples {
    /// The names that `hearth train` takes.
    static let names = [
        "digits", "mnist", "fashion-mnist", "kmnist", "emnist", "cifar10", "cifar100", "folder", "csv",
    ]
    /// Those that are read from a path of their own.
    static let paths = ["folder", "csv"]

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
        case "emnist":
            return Examples(try await EMNIST(root: root, split: .balanced, train: !held, download: true))
        case "cifar10": return Examples(try await CIFAR10(root: root, train: !held, download: true))
        case "cifar100": return Examples(try await CIFAR100(root: root, train: !held, download: true))
        case "folder":
            let known = configuration.classes.isEmpty ? nil : configuration.classes
            let step = configuration.imageSize.map { Compose(Resize($0), CenterCrop($0)) }
            return Examples(try ImageFolder(root, classes: known).loaded(after: step))
        case "csv": return try Examples(table: Table(contentsOf: root), configuration)
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
        task = "classification"
    }

    private init(_ examples: Examples, data: ExampleSet) {
        self.data = data
        classes = examples.classes
        inputShape = examples.inputShape
        task = examples.task
        columns = examples.columns
    }

    /// Completes the configuration of a run by what these examples are, and by the statistics of those for training.
    func describe(in run: inout RunConfiguration, training: [Int]) {
        run.classes = classes
        run.inputShape = inputShape
        run.task = task
        run.columns = columns
        (run.mean, run.std) = statistics(over: training)
        guard task == "regression", case .rows(let rows) = data else { return }
        let targets = rows.targets.indexSelect(0, Tensor(training)).to(.float64)
        let deviation: Double = targets.std(correction: 0).item()
        run.targetScale = [targets.mean().item(), deviation == 0 ? 1 : deviation]
    }

    /// The same examples with mean 0 and deviation 1 by the given numbers: one for each feature of a table, one for each
    /// channel of pictures. A number that is missing becomes the mean. Pictures are augmented before, where steps are given.
    func normalised(mean: [Double], std: [Double], augmented augmentation: Augmentation? = nil) -> Examples {
        switch data {
        case .images(let images, _):
            let steps = augmentation?.imageSteps ?? []
            let transform = Compose(steps + [ToTensor(), Normalize(mean: mean, std: std)])
            return Examples(
                self,
                data: .images(
                    images.transformed(by: transform),
                    batches: augmentation?.batchSteps(classes: classes.count) ?? []))
        case .rows(let rows):
            return Examples(
                self,
                data: .rows(TensorDataset(Self.normalised(rows.inputs, mean: mean, std: std), rows.targets)))
        }
    }

    /// Features of a table with mean 0 and deviation 1.
    static func normalised(_ features: Tensor, mean: [Double], std: [Double]) -> Tensor {
        let standard = (features - Tensor(mean)) / Tensor(std)
        return standard.maskedFill(standard.isNaN(), with: 0)
    }

    /// Mean and deviation over some examples: of each feature of a table, of each channel of pictures (as `ToTensor`
    /// gives them, 0 to 1).
    private func statistics(over indices: [Int]) -> (mean: [Double], std: [Double]) {
        switch data {
        case .images(let images, _): return Self.pixelStatistics(images.images, indices)
        case .rows(let rows):
            let chosen = rows.inputs.indexSelect(0, Tensor(indices)).to(.float64)
            let isKnown = chosen.isNaN().logicalNot()
            let count = isKnown.to(.float64).sum(dim: 0).clamp(min: 1)
            let mean = Tensor.where(isKnown, chosen, 0.0).sum(dim: 0) / count
            let std = (Tensor.where(isKnown, (chosen - mean).square(), 0.0).sum(dim: 0) / count).sqrt()
            // A feature that never changes stays as it is.
            return (mean.array(of: Double.self), std.maskedFill(std == 0, with: 1).array(of: Double.self))
        }
    }

    /// From how often each of 256 values occurs in each channel, so that no pixel is converted.
    private static func pixelStatistics(_ images: Tensor, _ indices: [Int]) -> (mean: [Double], std: [Double]) {
        let channels = images.shape[1]
        let area = images.shape[2] * images.shape[3]
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 256), count: channels)
        images.withUnsafeBytes { bytes in
            for index in indices {
                for channel in 0..<channels {
                    let start = (index * channels + channel) * area
                    for byte in bytes[start..<(start + area)] { counts[channel][Int(byte)] += 1 }
                }
            }
        }
        let total = Double(max(indices.count * area, 1))
        let statistics = counts.map { counts in
            func mean(_ value: (Double) -> Double) -> Double {
                counts.enumerated().reduce(0) { $0 + value(Double($1.offset) / 255) * Double($1.element) } / total
            }
            let centre = mean { $0 }
            let deviation = mean { ($0 - centre) * ($0 - centre) }.squareRoot()
            return (mean: centre, std: deviation == 0 ? 1 : deviation)
        }
        return (statistics.map(\.mean), statistics.map(\.std))
    }
}
