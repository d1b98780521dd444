import HearthFormats
import HearthTensor

/// Small photographs in 10 classes: 50,000 for training and 10,000 for testing, of 32 × 32 pixels in colour.
///
///     let crop = Compose(RandomCrop(32, padding: 4), RandomHorizontalFlip(), ToTensor(), Normalize(mean: 0.5, std: 0.5))
///     let training = try await CIFAR10(root: "data", train: true, download: true, transform: crop)
///
/// A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009
/// (<https://www.cs.toronto.edu/~kriz/cifar.html>). torchvision's `CIFAR10`; the files are those of the binary version.
public struct CIFAR10: ImageDataset {
    /// The images with their labels, classes and transform.
    public let imageSet: ImageSet

    /// The images in `root/cifar-10-batches-bin`, read into memory (184 MB for both parts).
    ///
    /// - Parameters:
    ///   - root: The folder of all datasets.
    ///   - train: The training images, or else those for testing.
    ///   - download: Whether the archive (162 MB) is downloaded where it is missing.
    ///   - transform: What is done to an image before it is given out; without one it is uint8.
    ///
    /// Throws `MissingFile`; `DownloadError` when the archive cannot be had; `FileError`; and `FormatError` when a file is
    /// damaged.
    public init(
        root: String, train: Bool = true, download: Bool = false, transform: (any Transform)? = nil
    ) async throws {
        imageSet = try await Self.records.load(root: root, train: train, download: download, transform: transform)
    }

    static let records = CIFARRecords(
        folder: "cifar-10-batches-bin",
        archive: Archive(
            dataset: "CIFAR10", kind: .tar, name: "cifar-10-binary.tar.gz",
            urls: ["https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"], md5: "c32a1d4ab5d03f1284b67883e8d87530"),
        training: (1...5).map { "data_batch_\($0).bin" }, test: ["test_batch.bin"], names: "batches.meta.txt",
        labelBytes: 1, classCount: 10)
}

/// Small photographs in 100 classes, in the format and the sizes of `CIFAR10`, 500 of each class for training.
/// torchvision's `CIFAR100`.
public struct CIFAR100: ImageDataset {
    /// The images with their labels, classes and transform.
    public let imageSet: ImageSet

    /// The images in `root/cifar-100-binary`, read into memory. Parameters and errors are those of `CIFAR10`.
    public init(
        root: String, train: Bool = true, download: Bool = false, transform: (any Transform)? = nil
    ) async throws {
        imageSet = try await Self.records.load(root: root, train: train, download: download, transform: transform)
    }

    static let records = CIFARRecords(
        folder: "cifar-100-binary",
        archive: Archive(
            dataset: "CIFAR100", kind: .tar, name: "cifar-100-binary.tar.gz",
            urls: ["https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"], md5: "03b5dce01913d631647c71ecec9e9cb8"),
        training: ["train.bin"], test: ["test.bin"], names: "fine_label_names.txt", labelBytes: 2, classCount: 100)
}

/// Files of records: the labels of an image, the last of which counts, and its bytes in planes of red, green and blue.
struct CIFARRecords: Sendable {
    let folder: String
    let archive: Archive
    let training: [String]
    let test: [String]
    /// The file with a line for each class.
    let names: String
    let labelBytes: Int
    let classCount: Int

    private static let imageBytes = 3 * 32 * 32

    func load(root: String, train: Bool, download: Bool, transform: (any Transform)?) async throws -> ImageSet {
        let paths = try await archive.files(
            (train ? training : test) + [names], in: "\(root)/\(folder)", archiveFolder: root, download: download)
        var pixels: [UInt8] = []
        var labels: [Int] = []
        for path in paths.dropLast() { try append(path, to: &pixels, &labels) }
        return ImageSet(
            images: Tensor(pixels, shape: [labels.count, 3, 32, 32], device: .cpu),
            labels: Tensor(labels, device: .cpu),
            classes: try classes(paths[paths.count - 1]), transform: transform)
    }

    private func append(_ path: String, to pixels: inout [UInt8], _ labels: inout [Int]) throws {
        let source = try ByteSource(path: path)
        let length = labelBytes + Self.imageBytes
        guard source.byteCount > 0, source.byteCount % length == 0 else {
            throw FormatError(
                file: path, expected: "records of \(length) bytes", found: "\(source.byteCount) bytes in all")
        }
        let bytes = try source.bytes(at: 0, count: source.byteCount)
        for start in stride(from: 0, to: bytes.count, by: length) {
            let label = Int(bytes[start + labelBytes - 1])
            guard label < classCount else {
                throw FormatError(
                    file: path, expected: "labels from 0 to \(classCount - 1)", found: "\(label)",
                    offset: start + labelBytes - 1)
            }
            labels.append(label)
            pixels += bytes[(start + labelBytes)..<(start + length)]
        }
    }

    private func classes(_ path: String) throws -> [String] {
        let source = try ByteSource(path: path)
        let text = String(decoding: try source.bytes(at: 0, count: min(source.byteCount, 1 << 16)), as: UTF8.self)
        let names = text.split(whereSeparator: \.isNewline).map(String.init)
        guard names.count == classCount else {
            throw FormatError(file: path, expected: "\(classCount) names of classes", found: "\(names.count)")
        }
        return names
    }
}
