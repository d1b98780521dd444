import HearthFormats
import HearthTensor

/// A published collection of images like MNIST: four IDX files, their checksums, and where they can be had.
struct IDXCollection: Sendable {
    /// One file as it is published: compressed with gzip.
    struct Resource: Sendable {
        /// The name without `.gz`.
        let name: String
        /// The MD5 of the compressed file.
        let md5: String
    }

    /// The folder under the root, as torchvision names it.
    let name: String
    let classes: [String]
    /// Addresses of folders, the best first, each with a slash at its end.
    let mirrors: [String]
    let training: (images: Resource, labels: Resource)
    let test: (images: Resource, labels: Resource)

    /// The four files under the names that MNIST gave them, with these checksums in the order of torchvision's lists:
    /// training images and labels, test images and labels.
    init(name: String, classes: [String], mirrors: [String], md5: [String]) {
        self.name = name
        self.classes = classes
        self.mirrors = mirrors
        training = (
            Resource(name: "train-images-idx3-ubyte", md5: md5[0]),
            Resource(name: "train-labels-idx1-ubyte", md5: md5[1])
        )
        test = (
            Resource(name: "t10k-images-idx3-ubyte", md5: md5[2]), Resource(name: "t10k-labels-idx1-ubyte", md5: md5[3])
        )
    }

    /// The images under `root`, downloaded if need be and wanted.
    func load(root: String, train: Bool, download: Bool, transform: (any Transform)?) async throws -> ImageSet {
        let folder = "\(root)/\(name)/raw"
        let part = train ? training : test
        let imagePath = try await path(of: part.images, in: folder, download: download)
        let labelPath = try await path(of: part.labels, in: folder, download: download)
        return try Self.images(imagePath, labels: labelPath, classes: classes, transform: transform)
    }

    /// The images and labels of two files. Throws `FileError`, and `FormatError` when they are damaged or do not belong
    /// together.
    static func images(
        _ imagePath: String, labels labelPath: String, classes: [String], transform: (any Transform)?
    ) throws -> ImageSet {
        let images = try read(imagePath, rank: 3)
        let labels = try read(labelPath, rank: 1)
        guard images.shape[0] == labels.shape[0] else {
            throw FormatError(
                file: labelPath, expected: "\(images.shape[0]) labels, one for each image of \(imagePath)",
                found: "\(labels.shape[0])")
        }
        if let wrong = labels.array(of: UInt8.self).firstIndex(where: { $0 >= classes.count }) {
            throw FormatError(
                file: labelPath, expected: "labels from 0 to \(classes.count - 1)",
                found: "\(labels[wrong].item(as: UInt8.self)) for image \(wrong)")
        }
        return ImageSet(
            images: images.unsqueeze(1), labels: labels.to(.int64), classes: classes, transform: transform)
    }

    /// Where a file is: plain or compressed, both as torchvision leaves them.
    private func path(of resource: Resource, in folder: String, download: Bool) async throws -> String {
        let plain = "\(folder)/\(resource.name)"
        let compressed = plain + ".gz"
        if Folder.hasFile(plain) { return plain }
        if Folder.hasFile(compressed) {
            guard download else { return compressed }
            // torchvision checks an archive that it finds, too; a wrong one is downloaded anew.
            if try MD5.hexDigest(ofFile: compressed) == resource.md5 { return compressed }
        }
        let urls = mirrors.map { $0 + resource.name + ".gz" }
        guard download else {
            throw MissingFile(dataset: name, file: resource.name, folder: folder, urls: urls)
        }
        try await Download.file(compressed, from: urls, md5: resource.md5)
        return compressed
    }

    private static func read(_ path: String, rank: Int) throws -> Tensor {
        let array = try IDX.read(path)
        guard array.dtype == .uint8, array.rank == rank else {
            throw FormatError(
                file: path, expected: rank == 3 ? "uint8 images [N, H, W]" : "uint8 labels [N]", found: "\(array.spec)")
        }
        return array
    }
}

/// A file of a dataset that is not where it should be, when it may not be downloaded.
public struct MissingFile: Error, Sendable, CustomStringConvertible {
    /// The dataset: `MNIST`.
    public let dataset: String
    /// The file's name, without `.gz`.
    public let file: String
    /// The folder where it was looked for.
    public let folder: String
    /// Where it can be had.
    public let urls: [String]

    /// The file, the folder, and what to do.
    public var description: String {
        "\(dataset): neither '\(file)' nor '\(file).gz' is in '\(folder)'; pass download: true, or put there "
            + urls.joined(separator: " or ")
    }
}
