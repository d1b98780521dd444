import HearthData
import HearthFormats
import HearthTensor

/// Pictures in folders that are named after their classes: `root/cat/1.jpg`, `root/dog/2.png`. torchvision's
/// `ImageFolder`.
///
///     let data = try ImageFolder("cifar10/train", transform: Compose(ToTensor(), Normalize(mean: 0.5, std: 0.5)))
///     for try await (images, labels) in DataLoader(data, batchSize: 64, shuffle: true) { … }
///
/// Folders within a class's folder are part of it. Files are read when their sample is asked for; `loaded()` reads all at
/// once. A sample is the picture in red, green and blue after the transform, and the number of its class, by the order of
/// the names. The pictures of a batch must come out of the transform in one size (`Resize(height:width:)`,
/// `RandomResizedCrop`).
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
    private let applyExifOrientation: Bool
    private let limit: Int

    /// The pictures under `root`, or those of some `classes` in this order.
    ///
    /// - Parameters:
    ///   - root: The folder of the folders.
    ///   - classes: The folders that count; all of them when nil.
    ///   - transform: What is done to a picture before it is given out.
    ///   - allowEmpty: Whether a class may be without pictures.
    ///   - applyExifOrientation: Whether pictures that were taken with the camera turned are turned upright.
    ///   - limit: The most bytes that one picture may take.
    ///
    /// Throws `FileError` when a folder cannot be read, and `FormatError` when there are no classes, or no picture of one.
    public init(
        _ root: String, classes: [String]? = nil, transform: (any Transform)? = nil, allowEmpty: Bool = false,
        applyExifOrientation: Bool = false, limit: Int = Image.standardLimit
    ) throws {
        let names = try classes ?? PictureFolder(root).folders()
        var files: [(path: String, label: Int)] = []
        var empty: [String] = []
        for (label, name) in names.enumerated() {
            let pictures = try PictureFolder("\(root)/\(name)").pictures()
            files += pictures.map { (path: $0, label: label) }
            if pictures.isEmpty { empty.append(name) }
        }
        guard !names.isEmpty, allowEmpty || empty.isEmpty else {
            let endings = PictureFolder.endings.joined(separator: ", ")
            throw FormatError(
                file: root, expected: "a folder with pictures (\(endings)) for each class",
                found: names.isEmpty ? "no folders" : "none for \(empty.joined(separator: ", "))")
        }
        self.init(
            files, classes: names, transform: transform, applyExifOrientation: applyExifOrientation, limit: limit)
    }

    /// Pictures wherever they are, each with the number of its class: what a list of files or a table of labels comes to.
    public init(
        _ files: [(path: String, label: Int)], classes: [String], transform: (any Transform)? = nil,
        applyExifOrientation: Bool = false, limit: Int = Image.standardLimit
    ) {
        self.classes = classes
        self.files = files
        self.transform = transform
        self.applyExifOrientation = applyExifOrientation
        self.limit = limit
        chain = transform.map { Chain([$0]) }
    }

    private func read(_ index: Int) throws -> Tensor {
        try Image.read(files[index].path, as: .rgb, applyExifOrientation: applyExifOrientation, limit: limit)
    }

    /// The number of pictures.
    public var count: Int { files.count }

    /// The picture with this number after the transform, and its label. Throws `FileError` or `FormatError`.
    public func sample(at index: Int, random: Generator) throws(any Error) -> (Tensor, Tensor) {
        let image = try read(index)
        return (chain?.run(image, random: random) ?? image, Tensor(files[index].label, device: .cpu))
    }

    /// The pictures with these numbers after the transform, each written into its place in the batch, and their labels.
    /// Throws `FileError`, and `FormatError` when a file is damaged or the pictures are not of one size.
    public func batch(at indices: [Int], random: RandomSource) throws(any Error) -> (Tensor, Tensor) {
        var outcomes: [Chain.Outcome] = []
        outcomes.reserveCapacity(indices.count)
        for index in indices {
            let image = try read(index)
            outcomes.append(chain?.outcome(image, random: random.generator(for: index)) ?? .tensor(image))
        }
        let batch = try Chain.stack(outcomes) { number in
            throw otherShape(outcomes[number].shape, of: indices[number], than: outcomes[0].shape, of: indices[0])
        }
        return (batch, Tensor(indices.map { files[$0].label }, device: .cpu))
    }

    /// The error of a picture that has another shape than the first of its batch.
    private func otherShape(_ shape: Shape, of index: Int, than first: Shape, of firstIndex: Int) -> FormatError {
        FormatError(
            file: files[index].path,
            expected: "a picture of \(first) after the transform, as \(files[firstIndex].path)",
            found: "\(shape); Resize(height:width:) or RandomResizedCrop brings them to one size")
    }

    /// All pictures in memory; they must be of one size, or `step` (such as `Resize` and `CenterCrop`) must make them so.
    /// Throws `FileError` or `FormatError`.
    public func loaded(after step: (any Transform)? = nil) throws -> ImageSet {
        var images: [Tensor] = []
        images.reserveCapacity(count)
        for index in files.indices {
            let stored = try read(index)
            let image = step?(stored) ?? stored
            if let first = images.first, first.shape != image.shape {
                throw otherShape(image.shape, of: index, than: first.shape, of: 0)
            }
            images.append(image)
        }
        return ImageSet(
            images: Tensor.stack(images), labels: Tensor(files.map(\.label), device: .cpu), classes: classes,
            transform: transform)
    }
}
