import HearthTensor

/// Every image of a batch blended with the one before it, and their labels likewise. torchvision's `MixUp`.
///
///     let mix = MixUp(classes: 10)
///     for (images, labels) in loader {
///         let (inputs, targets) = mix(images, labels)       // targets [N, 10], for CrossEntropyLoss
///
/// Source: Zhang et al., "mixup: Beyond empirical risk minimization", 2017 (<https://arxiv.org/abs/1710.09412>).
public struct MixUp: BatchTransform {
    /// The number of classes; nil where labels are probabilities.
    public let classes: Int?
    private let alpha: Double

    /// Blends with shares of the beta distribution with the parameter `alpha` twice.
    ///
    /// - Parameters:
    ///   - classes: The number of classes; may be left out where labels are probabilities.
    ///   - alpha: The parameter: the smaller, the more images stay nearly as they are.
    public init(classes: Int? = nil, alpha: Double = 1) {
        guard classes ?? 1 > 0, alpha > 0 else {
            fatalError("MixUp: \(classes.map(String.init) ?? "any") classes, alpha \(alpha)")
        }
        self.classes = classes
        self.alpha = alpha
    }

    /// Floating-point images `[N, C, H, W]` blended, and labels `[N]` or `[N, classes]` as probabilities `[N, classes]`.
    public func callAsFunction(_ images: Tensor, _ labels: Tensor, random: Generator) -> (Tensor, Tensor) {
        require(images.dtype.isFloatingPoint, "MixUp", "floating-point images are expected")
        checkBatch(images, labels)
        return mixed(images, labels, keeping: random.beta(alpha))
    }

    /// The batch with `share` of each image kept.
    package func mixed(_ images: Tensor, _ labels: Tensor, keeping share: Double) -> (Tensor, Tensor) {
        noGrad { (images.roll(1, dim: 0) * (1 - share) + images * share, blended(labels, keeping: share)) }
    }
}

/// A rectangle of every image of a batch replaced by that of the one before it, and labels blended by its area.
/// torchvision's `CutMix`.
///
/// Source: Yun et al., "CutMix: Regularization strategy to train strong classifiers with localizable features", 2019
/// (<https://arxiv.org/abs/1905.04899>).
public struct CutMix: BatchTransform {
    /// The number of classes; nil where labels are probabilities.
    public let classes: Int?
    private let alpha: Double

    /// Rectangles whose share of the area has the beta distribution with the parameter `alpha` twice.
    ///
    /// - Parameters:
    ///   - classes: The number of classes; may be left out where labels are probabilities.
    ///   - alpha: The parameter: the smaller, the more rectangles take all or nothing.
    public init(classes: Int? = nil, alpha: Double = 1) {
        guard classes ?? 1 > 0, alpha > 0 else {
            fatalError("CutMix: \(classes.map(String.init) ?? "any") classes, alpha \(alpha)")
        }
        self.classes = classes
        self.alpha = alpha
    }

    /// Images `[N, C, H, W]` with a foreign part, and labels `[N]` or `[N, classes]` as probabilities `[N, classes]`.
    public func callAsFunction(_ images: Tensor, _ labels: Tensor, random: Generator) -> (Tensor, Tensor) {
        checkBatch(images, labels)
        let (rows, columns) = rectangle(images.shape[-2], images.shape[-1], random)
        return mixed(images, labels, rows, columns)
    }

    /// The rows and columns that change.
    package func rectangle(_ height: Int, _ width: Int, _ random: Generator) -> (rows: Range<Int>, columns: Range<Int>)
    {
        let half = 0.5 * (1 - random.beta(alpha)).squareRoot()
        let (x, y) = (random.next(in: 0..<width), random.next(in: 0..<height))
        let (across, down) = (Int(half * Double(width)), Int(half * Double(height)))
        return (max(y - down, 0)..<min(y + down, height), max(x - across, 0)..<min(x + across, width))
    }

    /// The batch with this rectangle of each image replaced.
    package func mixed(
        _ images: Tensor, _ labels: Tensor, _ rows: Range<Int>, _ columns: Range<Int>
    ) -> (Tensor, Tensor) {
        let share = 1 - Double(rows.count * columns.count) / Double(images.shape[-2] * images.shape[-1])
        return noGrad {
            var mixed = images
            mixed[.ellipsis, rows, columns] = images.roll(1, dim: 0)[.ellipsis, rows, columns]
            return (mixed, blended(labels, keeping: share))
        }
    }
}

/// A step that works on a whole batch and its labels.
public protocol BatchTransform: Sendable {
    /// The number of classes; nil where labels are probabilities and tell it.
    var classes: Int? { get }
    /// Images `[N, C, H, W]` and labels `[N]` or `[N, classes]` after this step; labels become probabilities.
    func callAsFunction(_ images: Tensor, _ labels: Tensor, random: Generator) -> (Tensor, Tensor)
}

extension BatchTransform {
    /// The batch after this step, with random numbers from the default generator.
    public func callAsFunction(_ images: Tensor, _ labels: Tensor) -> (Tensor, Tensor) {
        callAsFunction(images, labels, random: .default)
    }

    /// Stops the program unless there is a label, or a probability of each class, for each image of a batch.
    fileprivate func checkBatch(_ images: Tensor, _ labels: Tensor) {
        let name = "\(Self.self)"
        require(images.rank == 4, "\(name)", "images [N, C, H, W] are expected, not \(images.spec)")
        require(
            labels.rank == 1 || labels.rank == 2, "\(name)",
            "labels [N] or [N, classes] are expected, not \(labels.spec)")
        require(
            labels.shape[0] == images.shape[0], "\(name)",
            "there are \(labels.shape[0]) labels for \(images.shape[0]) images")
        if labels.rank == 1, classes == nil {
            fatalError("\(name): labels [N] need the number of classes, \(name)(classes:)")
        }
        if labels.rank == 2, let classes, labels.shape[1] != classes {
            fatalError("\(name): probabilities of \(classes) classes are expected, not \(labels.spec)")
        }
    }

    /// Labels as probabilities, each with the one before it.
    fileprivate func blended(_ labels: Tensor, keeping share: Double) -> Tensor {
        let shares =
            labels.rank == 1
            ? Tensor.oneHot(labels, classes: classes ?? 0, dtype: .float32)
            : labels.dtype.isFloatingPoint ? labels : labels.to(.float32)
        return shares.roll(1, dim: 0) * (1 - share) + shares * share
    }
}
