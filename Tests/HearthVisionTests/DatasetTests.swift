import HearthData
import HearthFormats
import HearthTensor
import Testing

import HearthVision

@Suite struct MNISTTests {
    private let transform = Compose(ToTensor(), Normalize(mean: 0.5, std: 0.5))

    /// Four files as MNIST has them, of generated images.
    private func writeFiles(
        under root: String, name: String = "MNIST", images: Tensor? = nil, labels: Tensor? = nil,
        compressed: Bool = false
    ) throws {
        let folder = "\(root)/\(name)/raw"
        try Folder.create(folder)
        let random = Generator(seed: 5)
        for (part, count) in [("train", 50), ("t10k", 20)] {
            let images = images ?? Tensor.randint(0..<256, [count, 28, 28], generator: random).to(.uint8)
            let labels = labels ?? Tensor.randint(0..<10, [count], generator: random).to(.uint8)
            let suffix = compressed ? ".gz" : ""
            try IDX.write(images, to: "\(folder)/\(part)-images-idx3-ubyte\(suffix)")
            try IDX.write(labels, to: "\(folder)/\(part)-labels-idx1-ubyte\(suffix)")
        }
    }

    @Test(arguments: [false, true]) func readsFilesPlainAndCompressed(compressed: Bool) async throws {
        try await withTemporaryFolder { root in
            try writeFiles(under: root, compressed: compressed)
            let training = try await MNIST(root: root, train: true, transform: transform)
            #expect(
                training.count == 50 && training.images.shape == [50, 1, 28, 28] && training.labels.dtype == .int64)
            #expect(training.classes.count == 10)
            let test = try await MNIST(root: root, train: false)
            let (image, _) = test[0]
            #expect(test.count == 20 && image.dtype == .uint8)
            let parts = training.randomSplit([0.7, 0.15, 0.15], seed: 0)
            let loader = DataLoader(parts[0], batchSize: 16, shuffle: true)
            var count = 0
            for (inputs, labels) in loader {
                #expect(inputs.shape == [labels.count, 1, 28, 28] && inputs.dtype == .float32)
                #expect(labels.dtype == .int64)
                count += labels.count
            }
            #expect(count == 36)
        }
    }

    @Test func relativesHaveFoldersOfTheirOwn() async throws {
        try await withTemporaryFolder { root in
            try writeFiles(under: root, name: "FashionMNIST")
            try writeFiles(under: root, name: "KMNIST", compressed: true)
            #expect(try await FashionMNIST(root: root).classes[9] == "Ankle boot")
            #expect(try await KMNIST(root: root, train: false).classes[0] == "o")
        }
    }

    @Test func aMissingFileIsNamed() async throws {
        try await withTemporaryFolder { root in
            let error = try await #require(throws: MissingFile.self) { _ = try await MNIST(root: root) }
            #expect(error.file == "train-images-idx3-ubyte" && error.folder == "\(root)/MNIST/raw")
            #expect(error.description.contains("download: true") && error.description.contains("https://"))
        }
    }

    @Test func filesThatDoNotFitAreRefused() async throws {
        let images = Tensor.zeros(5, 28, 28, dtype: .uint8)
        let cases: [(Tensor, Tensor, String)] = [
            (images, Tensor.zeros(4, dtype: .uint8), "5 labels"),
            (images, Tensor([0, 1, 12, 3, 4]).to(.uint8), "12 for image 2"),
            (images, Tensor.zeros(5, dtype: .int32), "int32"),
            (Tensor.zeros(5, 784, dtype: .uint8), Tensor.zeros(5, dtype: .uint8), "[5, 784]"),
        ]
        for (images, labels, reason) in cases {
            try await withTemporaryFolder { root in
                try writeFiles(under: root, images: images, labels: labels)
                let error = try await #require(throws: FormatError.self) { _ = try await MNIST(root: root) }
                #expect(error.description.contains(reason), "\(error)")
            }
        }
    }

    /// The real files, where `HEARTH_DATA` names a folder that has them.
    @Test(.enabled(if: environment("HEARTH_DATA") != nil, "HEARTH_DATA does not name a folder with MNIST/raw"))
    func readsTheRealFiles() async throws {
        let root = try #require(environment("HEARTH_DATA"))
        let training = try await MNIST(root: root, train: true, transform: ToTensor())
        let test = try await MNIST(root: root, train: false, transform: transform)
        #expect(training.images.shape == [60_000, 1, 28, 28] && test.images.shape == [10_000, 1, 28, 28])
        #expect(training.labels[0..<10].array(of: Int.self) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
        #expect(test.labels[0..<5].array(of: Int.self) == [7, 2, 1, 0, 4])
        // The mean that everyone normalises MNIST with.
        #expect(abs(training.images.to(.float32).mean().item() / 255 - 0.1307) < 1e-4)
    }

    @Test(.enabled(if: environment("HEARTH_SPEED") != nil, "HEARTH_SPEED is not set"), arguments: [0, 1])
    func loadsFast(workers: Int) {
        let images = Tensor.randint(0..<256, [60_000, 1, 28, 28], dtype: .int16).to(.uint8)
        let data = ImageSet(images: images, labels: Tensor.randint(0..<10, [60_000]), transform: transform)
        let loader = DataLoader(data, batchSize: 64, shuffle: true, workers: workers)
        let clock = ContinuousClock()
        var best = Duration.seconds(100)
        for _ in 0..<10 {
            var seen = 0
            best = min(best, clock.measure { for (inputs, _) in loader { seen += inputs.shape[0] } })
            #expect(seen == 60_000)
        }
        let seconds = Double(best.components.attoseconds) / 1e18 + Double(best.components.seconds)
        print("loader with \(workers) workers: \(Int(60_000 / seconds)) images a second")
    }
}

@Suite struct DigitsTests {
    @Test func areThoseOfTheCollection() {
        let digits = Digits(transform: ToTensor())
        #expect(digits.count == 1797 && digits.images.shape == [1797, 1, 8, 8] && digits.images.dtype == .uint8)
        #expect(digits.labels[0..<12].array(of: Int.self) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
        let counts = (0..<10).map { digit in digits.labels.array(of: Int.self).count { $0 == digit } }
        #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
        // The first row of the collection's file begins with 0, 0, 5, 13, 9, 1, 0, 0.
        let row = digits.images[0, 0, 0].array(of: UInt8.self)
        #expect(row == [0, 0, 80, 207, 143, 16, 0, 0])
        let (image, label) = digits[0]
        #expect(image.shape == [1, 8, 8] && image.dtype == .float32 && label.item(as: Int.self) == 0)
        #expect(digits.images.max().item(as: UInt8.self) == 255)
        let sum = digits.images.to(.float64).sum().item()
        #expect(abs(sum / 1797 / 64 * 16 / 255 - 4.8842) < 0.01, "the mean of the pixels from 0 to 16")
    }

    @Test func base64IsRead() {
        #expect(Base64.decode("aGVhcnRo") == Array("hearth".utf8))
        #expect(Base64.decode("aGVh\n cnQ=") == Array("heart".utf8))
        #expect(Base64.decode("+/8=") == [0xfb, 0xff])
    }
}
