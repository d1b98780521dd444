import ArgumentParser
import Hearth
import HearthRuns
import HearthVision

/// `hearth data`: looks at what networks are trained on.
struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Show a dataset's pictures, and measure how fast they are read.",
        subcommands: [DataShowCommand.self, DataSpeedCommand.self])
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
        try checkDataset(dataset, path: file, known: DatasetKind.names.filter { $0 != "csv" }, path: "folder")
        _ = try augmentation()
    }

    func augmentation() throws -> AugmentationSteps {
        try AugmentationSteps(augment.map(AugmentationSteps.texts) ?? [])
    }
}

/// `hearth data show`: a sheet of pictures to look at.
struct DataShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Draw a dataset's pictures on one sheet, as a network sees them in training.",
        discussion: """
            Without steps each picture is another one, chosen by chance. With --augment every row is one picture and what \
            the steps make of it.
            """)

    @OptionGroup var pictures: PictureOptions

    @Option(help: "The picture that is written: .png, .jpg, .bmp or .ppm.")
    var out = "sheet.png"

    @Option(help: "The rows of the sheet.")
    var rows = 8

    @Option(help: "The pictures of a row.")
    var columns = 8

    @Option(help: "How many times as large pictures are shown; chosen by their size when left out.")
    var zoom: Int?

    @Option(help: "The size that pictures of a folder are brought to.")
    var imageSize: Int?

    func validate() throws {
        guard (1...100).contains(rows), (1...100).contains(columns), (1...32).contains(zoom ?? 1) else {
            throw ValidationError("--rows and --columns must be from 1 to 100, --zoom from 1 to 32")
        }
    }

    func run() async throws {
        var run = RunConfiguration()
        (run.dataset, run.data, run.imageSize) = (pictures.dataset, pictures.file ?? pictures.data, imageSize)
        guard case .images(let images, _) = try await run.loadExamples().data else {
            throw RunError("'\(pictures.dataset)' has no pictures")
        }
        let random = Generator(seed: pictures.seed)
        let augmentation = try pictures.augmentation()
        try augmentation.check(height: images.images.shape[2], width: images.images.shape[3])
        let step = augmentation.isEmpty ? nil : Compose(augmentation.imageSteps)
        let chosen = (0..<(rows * columns)).map { place -> Tensor in
            // The first picture of a row is shown without steps.
            if let step, place % columns > 0 { return step(sample(images, row: place / columns), random: random) }
            return step == nil ? images.images[random.next(in: 0..<images.count)] : sample(images, row: place / columns)
        }
        let times = zoom ?? max(1, 96 / max(images.images.shape[3], 1))
        let size = (images.images.shape[2] * times, images.images.shape[3] * times)
        let larger = Resize(height: size.0, width: size.1, interpolation: .nearest)
        let sheet = ContactSheet(columns: columns, padding: 4, fill: 255).lay(Tensor.stack(chosen.map { larger($0) }))
        try Image.write(sheet, to: out)
        print("\(out): \(rows) × \(columns) pictures of \(images.count)")
    }

    /// The picture of a row: the same for every column.
    private func sample(_ images: ImageSet, row: Int) -> Tensor {
        images.images[Generator(seed: pictures.seed &+ UInt64(row) &+ 1).next(in: 0..<images.count)]
    }
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
            guard case .images(let images, _) = try await configuration.loadExamples().data else {
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
