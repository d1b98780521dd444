import HearthData
import HearthFormats
import HearthTensor

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Pictures in folders that are named after their classes: `root/cat/1.jpg`, `root/dog/2.png`. torchvision's
/// `ImageFolder`.
///
///     let data = try ImageFolder("cifar10/train", transform: Compose(ToTensor(), Normalize(mean: 0.5, std: 0.5)))
///     for try await (images, labels) in DataLoader(data, batchSize: 64, shuffle: true) { … }
///
/// Files are read when their sample is asked for; `loaded()` reads all at once. A sample is the picture in red, green
/// and blue after the transform, and the number of its class, by the order of the names.
public struct ImageFolder: Dataset {
    /// What reading a picture throws: `FileError` or `FormatError`.
    public typealias Failure = any Error
    /// An input and the number of its class.
    public typealias Sample = (Tensor, Tensor)
    /// Inputs and classes, stacked.
    public typealias Batch = (Tensor, Tensor)

    /// The names of the classes, sorted.
    public let classes: [String]
    /// The files with their classes, by class and name.
    public let files: [(path: String, label: Int)]
    /// What is done to a picture before it is given out.
    public let transform: (any Transform)?
    private let chain: Chain?

    /// The endings of names that count as pictures.
    private static let endings = [".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".pgm", ".pbm"]

    /// The pictures under `root`, or those of some `classes` in this order. Throws `FileError` when a folder cannot be
    /// read, and `FormatError` when there is no picture.
    public init(_ root: String, classes: [String]? = nil, transform: (any Transform)? = nil) throws {
        let names = try classes ?? Self.entries(of: root).filter { Self.isFolder("\(root)/\($0)") }
        var files: [(path: String, label: Int)] = []
        for (label, name) in names.enumerated() {
            let folder = "\(root)/\(name)"
            for file in try Self.entries(of: folder) where Self.isPicture(file) {
                files.append((path: "\(folder)/\(file)", label: label))
            }
        }
        guard !files.isEmpty else {
            throw FormatError(
                file: root, expected: "folders with pictures (\(Self.endings.joined(separator: ", ")))",
                found: "none", offset: 0)
        }
        self.init(files, classes: names, transform: transform)
    }

    /// Pictures wherever they are, each with the number of its class: what a list of files or a table of labels comes to.
    public init(_ files: [(path: String, label: Int)], classes: [String], transform: (any Transform)? = nil) {
        self.classes = classes
        self.files = files
        self.transform = transform
        chain = transform.map { Chain([$0]) }
    }

    private static func isPicture(_ name: String) -> Bool {
        let name = name.lowercased()
        return !name.hasPrefix(".") && endings.contains { name.hasSuffix($0) }
    }

    private static func isFolder(_ path: String) -> Bool {
        guard let folder = opendir(path) else { return false }
        closedir(folder)
        return true
    }

    /// The names in a folder, sorted, without those that begin with a point.
    private static func entries(of path: String) throws -> [String] {
        guard let folder = opendir(path) else { throw FileError.last("open the folder", path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// The number of pictures.
    public var count: Int { files.count }

    /// The picture with this number after the transform, and its label. Throws `FileError` or `FormatError`.
    public func sample(at index: Int, random: Generator) throws(any Error) -> (Tensor, Tensor) {
        let image = try Image.read(files[index].path, as: .rgb)
        return (chain?.run(image, random: random) ?? image, Tensor(files[index].label))
    }

    /// The pictures with these numbers after the transform, each written into its place in the batch, and their labels.
    /// Throws `FileError` or `FormatError`.
    public func batch(at indices: [Int], random: RandomSource) throws(any Error) -> (Tensor, Tensor) {
        let outcomes = try indices.map { index in
            let image = try Image.read(files[index].path, as: .rgb)
            return chain?.outcome(image, random: random.generator(for: index)) ?? .tensor(image)
        }
        return (Chain.stack(outcomes), Tensor(indices.map { files[$0].label }))
    }

    /// All pictures in memory; they must be of one size, or `step` (such as `Resize` and `CenterCrop`) must make them so.
    /// Throws `FileError` or `FormatError`.
    public func loaded(after step: (any Transform)? = nil) throws -> ImageSet {
        var images: [Tensor] = []
        images.reserveCapacity(count)
        for file in files {
            let stored = try Image.read(file.path, as: .rgb)
            let image = step?(stored) ?? stored
            if let first = images.first, first.shape != image.shape {
                throw FormatError(
                    file: file.path, expected: "a picture of \(first.shape), as the first", found: "\(image.shape)",
                    offset: 0)
            }
            images.append(image)
        }
        return ImageSet(
            images: Tensor.stack(images), labels: Tensor(files.map(\.label)), classes: classes, transform: transform)
    }
}
