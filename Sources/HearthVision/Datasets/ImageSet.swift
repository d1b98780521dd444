import HearthData
import HearthTensor

/// Labelled images that are in memory as bytes, all of one size.
///
///     let data = ImageSet(images: bytes, labels: labels, classes: ["cat", "dog"], transform: ToTensor())
///     for (inputs, labels) in DataLoader(data, batchSize: 64, shuffle: true) { … }
///
/// A sample is an image after the transform, and its label as an int64 scalar; without a transform the image is uint8.
/// Where the transform is pixelwise (`ToTensor`, `Normalize`), a batch is gathered, converted and normalised in one
/// pass, and where it also crops, mirrors or resizes, each image is written into its place in the batch, with the same
/// bits as one sample after another.
public struct ImageSet: ImageDataset {
    /// All images, `[N, C, H, W]` uint8.
    public let images: Tensor
    /// The class of each image, `[N]` int64.
    public let labels: Tensor
    /// The names of the classes; empty when they have none.
    public let classes: [String]
    /// What is done to an image before it is given out.
    public let transform: (any Transform)?
    /// The transform worked out for each byte, where that can be done.
    private let table: PixelTable?
    private let chain: Chain?

    /// Images `[N, C, H, W]` uint8 with labels `[N]` int64. Stops the program for other shapes or dtypes.
    public init(images: Tensor, labels: Tensor, classes: [String] = [], transform: (any Transform)? = nil) {
        require(
            images.rank == 4 && images.dtype == .uint8, "ImageSet",
            "uint8 images [N, C, H, W] are expected, not \(images.spec)")
        require(
            labels.dtype == .int64 && labels.shape == [images.shape[0]], "ImageSet",
            "\(images.shape[0]) int64 labels are expected, not \(labels.spec)")
        self.images = images.cpu().contiguous()
        self.labels = labels.cpu().contiguous()
        self.classes = classes
        self.transform = transform
        table = transform.flatMap { PixelTable($0, channels: images.shape[1]) }
        chain = transform.map { Chain([$0]) }
    }

    /// The same images with another transform, or none.
    public func transformed(by transform: (any Transform)?) -> ImageSet {
        ImageSet(images: images, labels: labels, classes: classes, transform: transform)
    }

    /// Itself.
    public var imageSet: ImageSet { self }

    /// The number of images.
    public var count: Int { images.shape[0] }

    /// The image with this number after the transform, and its label.
    public func sample(at index: Int, random: Generator) -> (Tensor, Tensor) {
        if let table { return (table.gather(images, at: [index])[0], labels[index]) }
        return (chain?.run(images[index], random: random) ?? images[index], labels[index])
    }

    /// The images with these numbers after the transform, and their labels.
    public func batch(at indices: [Int], random: RandomSource) -> (Tensor, Tensor) {
        let index = Tensor(indices, device: .cpu)
        let targets = labels.indexSelect(0, index)
        if let table { return (table.gather(images, at: indices), targets) }
        guard let chain else { return (images.indexSelect(0, index), targets) }
        let outcomes = indices.map { chain.outcome(images[$0], random: random.generator(for: $0)) }
        let batch = Chain.stack(outcomes) { number in
            fatalError(
                "images of a batch must be of one size; one is \(outcomes[0].shape), another \(outcomes[number].shape). "
                    + "Resize or crop them")
        }
        return (batch, targets)
    }
}

/// A dataset that is an `ImageSet` with a name: all there is to write is where its images come from.
public protocol ImageDataset: Dataset where Sample == (Tensor, Tensor), Batch == (Tensor, Tensor), Failure == Never {
    /// The images with their labels, classes and transform.
    var imageSet: ImageSet { get }
}

extension ImageDataset {
    /// All images, `[N, C, H, W]` uint8, before any transform.
    public var images: Tensor { imageSet.images }
    /// The class of each image, `[N]` int64.
    public var labels: Tensor { imageSet.labels }
    /// The names of the classes.
    public var classes: [String] { imageSet.classes }
    /// What is done to an image before it is given out.
    public var transform: (any Transform)? { imageSet.transform }

    /// The number of images.
    public var count: Int { imageSet.count }

    /// The image with this number after the transform, and its label.
    public func sample(at index: Int, random: Generator) -> (Tensor, Tensor) {
        imageSet.sample(at: index, random: random)
    }

    /// The images with these numbers after the transform, and their labels.
    public func batch(at indices: [Int], random: RandomSource) -> (Tensor, Tensor) {
        imageSet.batch(at: indices, random: random)
    }
}
