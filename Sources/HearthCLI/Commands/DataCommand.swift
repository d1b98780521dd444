import ArgumentParser
import Hearth
import HearthVision

/// `hearth data`: looks at what networks are trained on.
struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Show a dataset's pictures, and measure how fast they are read.",
        subcommands: [DataSpeedCommand.self])
}

/// Which pictures are looked at.
struct PictureOptions: ParsableArguments {
    @Argument(help: "digits, mnist, fashion-mnist, kmnist, emnist, cifar10, cifar100, or folder.")
    var dataset: String

    @Argument(help: "The folder with one folder of pictures for each class of folder.")
    var file: String?

    @Option(help: "The folder of datasets; what is missing there is downloaded.")
    var data = "data"

    @Option(help: "Steps such as 'RandomCrop(32, padding=4), RandomHorizontalFlip', or a file of them in YAML.")
    var augment: String?

    @Option(help: "What all chance derives from.")
    var seed: UInt64 = 0

    func validate() throws {
        let known = Examples.names.filter { $0 != "csv" }
        guard known.contains(dataset) else {
            throw ValidationError("unknown dataset '\(dataset)'; there are \(known.joined(separator: ", "))")
        }
        guard Examples.paths.contains(dataset) == (file != nil) else {
            throw ValidationError(file == nil ? "\(dataset) needs a folder" : "\(dataset) takes no folder '\(file!)'")
        }
        _ = try augmentation()
    }

    func augmentation() throws -> Augmentation { try Augmentation(augment.map(Augmentation.texts) ?? []) }
}

/// `hearth data speed`: how many pictures a second come out of a loader.
struct DataSpeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "speed", abstract: "Measure how many pictures a second are read, augmented and normalised.",
        discussion: "Pictures of a folder are read from their files, those of other datasets from memory.")

    @OptionGroup var pictures: PictureOptions

    @Option(help: "The pictures of a batch.")
    var batchSize = 64

    @Option(help: "The threads that make batches; 0 for the loop's own.")
    var workers = 2

    @Option(help: "How often all pictures are read; the median is told.")
    var rounds = 3

    @Flag(help: "Tell the numbers as one JSON object.")
    var json = false

    func validate() throws {
        guard batchSize > 0, rounds > 0, (0...256).contains(workers) else {
            throw ValidationError("--batch-size and --rounds must be positive, --workers from 0 to 256")
        }
    }

    func run() async throws {
        let steps = try pictures.augmentation().imageSteps
        let transform = Compose(steps + [ToTensor(), Normalize(mean: 0.5, std: 0.5)])
        let rates: [Double]
        if pictures.dataset == "folder" {
            rates = try await measure(ImageFolder(pictures.file ?? "", transform: transform))
        } else {
            var configuration = RunConfiguration()
            (configuration.dataset, configuration.data) = (pictures.dataset, pictures.data)
            guard case .images(let images, _) = try await Examples.load(configuration).data else {
                throw RunError("'\(pictures.dataset)' has no pictures")
            }
            rates = try await measure(images.transformed(by: transform))
        }
        let median = rates.sorted()[rates.count / 2]
        if json {
            print(["images_per_second": .number(median.rounded()), "workers": .number(Double(workers))] as JSON)
        } else {
            print("\(ModelSummary.grouped(Int(median.rounded()))) pictures a second with \(workers) workers")
        }
    }

    private func measure<Data: Dataset>(_ data: Data) async throws -> [Double] where Data.Batch == (Tensor, Tensor) {
        let loader = DataLoader(data, batchSize: batchSize, shuffle: true, workers: workers, seed: pictures.seed)
        let clock = ContinuousClock()
        var rates: [Double] = []
        for _ in 0..<rounds {
            let start = clock.now
            var count = 0
            for try await (images, _) in loader { count += images.shape[0] }
            rates.append(Double(count) / ((clock.now - start) / .seconds(1)))
        }
        return rates
    }
}
