import HearthTensor

/// Every image of a batch blended with the one before it, and their labels likewise. torchvision's `MixUp`.
///
///     let mix = MixUp(classes: 10)
///     for (images, labels) in loader {
///         let (inputs, targets) = mix(images, labels)       // targets [N, 10], for CrossEntropyLoss
///
/// Source: Zhang et al., "mixup: Beyond empirical risk minimization", 2017 (<https://arxiv.org/abs/1710.09412>).
public struct MixUp: BatchTransform {
    /// The number of classes.
    public let classes: Int
    private let alpha: Double

    /// Blends with shares of the beta distribution with the parameter `alpha` twice.
    public init(classes: Int, alpha: Double = 1) {
        guard classes > 0, alpha > 0 else { fatalError("MixUp: \(classes) classes, alpha \(alpha)") }
        self.classes = classes
        self.alpha = alpha
    }

    /// Floating-point images `[N, C, H, W]` blended, and labels `[N]` or `[N, classes]` as probabilities `[N, classes]`.
    public func callAsFunction(_ images: Tensor, _ labels: Tensor, random: Generator) -> (Tensor, Tensor) {
        guard images.dtype.isFloatingPoint else { fatalError("MixUp: floating-point images are expected") }
        let share = random.beta(alpha)
        return noGrad {
            (images.roll(1, dim: 0) * (1 - share) + images * share, blended(labels, keeping: share))
        }
    }
}

/// A rectangle of every image of a batch replaced by that of the one before it, and labels blended by its area.
/// torchvision's `CutMix`.
///
/// Source: Yun et al., "CutMix: Regularization strategy to train strong classifiers with localizable features", 2019
/// (<https://arxiv.org/abs/1905.04899>).
public struct CutMix: BatchTransform {
    /// The number of classes.
    public let classes: Int
    private let alpha: Double

    /// Rectangles whose share of the area has the beta distribution with the parameter `alpha` twice.
    public init(classes: Int, alpha: Double = 1) {
        guard classes > 0, alpha > 0 else { fatalError("CutMix: \(classes) classes, alpha \(alpha)") }
        self.classes = classes
        self.alpha = alpha
    }

    /// Images `[N, C, H, W]` with a foreign part, and labels `[N]` or `[N, classes]` as probabilities `[N, classes]`.
    public func callAsFunction(_ images: Tensor, _ labels: Tensor, random: Generator) -> (Tensor, Tensor) {
        let (height, width) = (images.shape[-2], images.shape[-1])
        let half = 0.5 * (1 - random.beta(alpha)).squareRoot()
        let (x, y) = (random.next(in: 0..<width), random.next(in: 0..<height))
        let (across, down) = (Int(half * Double(width)), Int(half * Double(height)))
        let columns = max(x - across, 0)..<min(x + across, width)
        let rows = max(y - down, 0)..<min(y + down, height)
        let share = 1 - Double(rows.count * columns.count) / Double(height * width)
        return noGrad {
            var mixed = images
            mixed[.ellipsis, rows, columns] = images.roll(1, dim: 0)[.ellipsis, rows, columns]
            return (mixed, blended(labels, keeping: share))
        }
    }
}

/// A step that works on a whole batch and its labels.
public protocol BatchTransform: Sendable {
    /// The number of classes.
    var classes: Int { get }
    /// Images `[N, C, H, W]` and labels `[N]` or `[N, classes]` after this step; labels become probabilities.
    func callAsFunction(_ images: Tensor, _ labels: Tensor, random: Generator) -> (Tensor, Tensor)
}

extension BatchTransform {
    /// The batch after this step, with random numbers from the default generator.
    public func callAsFunction(_ images: Tensor, _ labels: Tensor) -> (Tensor, Tensor) {
        callAsFunction(images, labels, random: .default)
    }

    fileprivate func blended(_ labels: Tensor, keeping share: Double) -> Tensor {
        let shares =
            labels.rank == 1 ? Tensor.oneHot(labels, classes: classes, dtype: .float32) : labels.to(.float32)
        return shares.roll(1, dim: 0) * (1 - share) + shares * share
    }
}
