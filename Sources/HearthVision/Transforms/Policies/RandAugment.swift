import HearthTensor

/// A few changes chosen by chance, all of one strength. torchvision's `RandAugment`.
///
/// Source: Cubuk et al., "RandAugment: Practical automated data augmentation with a reduced search space", 2019
/// (<https://arxiv.org/abs/1909.13719>).
public struct RandAugment: DraftTransform {
    private let operations: Int
    private let magnitude: Int
    private let levels: Int
    private let bending: Augmentation.Bending

    /// - Parameters:
    ///   - operations: How many changes follow each other.
    ///   - magnitude: How strong they are, from 0 to before `levels`.
    ///   - levels: The number of strengths; torchvision's `num_magnitude_bins`.
    ///   - interpolation: How turned and sheared images are made.
    ///   - fill: What stands where the image does not reach; zero when nil.
    public init(
        operations: Int = 2, magnitude: Int = 9, levels: Int = 31, interpolation: Interpolation = .nearest,
        fill: [Double]? = nil
    ) {
        require(
            operations >= 0 && (0..<max(levels, 1)).contains(magnitude), "RandAugment",
            "\(operations) operations of magnitude \(magnitude) of \(levels)")
        self.operations = operations
        self.magnitude = magnitude
        self.levels = levels
        bending = Augmentation.Bending(interpolation: interpolation, fill: fill, "RandAugment")
    }

    /// All but inverting, which RandAugment leaves out.
    package static let changes = Augmentation.allCases.filter { $0 != .invert }

    func edit(_ draft: inout Draft, random: Generator) {
        for _ in 0..<operations {
            let change = Self.changes[random.next(in: 0..<Self.changes.count)]
            AugmentationSpace.standard.apply(change, level: magnitude, levels: levels, to: &draft, bending, random)
        }
    }
}

/// One change chosen by chance, of a strength chosen by chance. torchvision's `TrivialAugmentWide`.
///
/// Source: Müller and Hutter, "TrivialAugment: Tuning-free yet state-of-the-art data augmentation", 2021
/// (<https://arxiv.org/abs/2103.10158>).
public struct TrivialAugmentWide: DraftTransform {
    private let levels: Int
    private let bending: Augmentation.Bending

    /// - Parameters:
    ///   - levels: The number of strengths; torchvision's `num_magnitude_bins`.
    ///   - interpolation: How turned and sheared images are made.
    ///   - fill: What stands where the image does not reach; zero when nil.
    public init(levels: Int = 31, interpolation: Interpolation = .nearest, fill: [Double]? = nil) {
        require(levels > 0, "TrivialAugmentWide", "\(levels) levels")
        self.levels = levels
        bending = Augmentation.Bending(interpolation: interpolation, fill: fill, "TrivialAugmentWide")
    }

    func edit(_ draft: inout Draft, random: Generator) {
        let change = RandAugment.changes[random.next(in: 0..<RandAugment.changes.count)]
        AugmentationSpace.wide.apply(
            change, level: random.next(in: 0..<levels), levels: levels, to: &draft, bending, random)
    }
}

/// The image mixed with several chains of weak changes of itself, which makes networks robust. torchvision's `AugMix`.
///
/// Source: Hendrycks et al., "AugMix: A simple data processing method to improve robustness and uncertainty", 2019
/// (<https://arxiv.org/abs/1912.02781>).
public struct AugMix: DraftTransform {
    private let severity: Int
    private let width: Int
    private let depth: Int?
    private let alpha: Double
    private let changes: [Augmentation]
    private let bending: Augmentation.Bending

    private static let levels = 10

    /// - Parameters:
    ///   - severity: How strong changes are at most, from 1 to 10.
    ///   - mixtureWidth: The number of chains.
    ///   - chainDepth: The changes of a chain; one to three by chance when nil.
    ///   - alpha: The concentration of the shares that chains get.
    ///   - allOperations: Whether brightness, colour, contrast and sharpness are changed too.
    ///   - interpolation: How turned and sheared images are made.
    ///   - fill: What stands where the image does not reach; zero when nil.
    public init(
        severity: Int = 3, mixtureWidth: Int = 3, chainDepth: Int? = nil, alpha: Double = 1, allOperations: Bool = true,
        interpolation: Interpolation = .bilinear, fill: [Double]? = nil
    ) {
        require(
            (1...Self.levels).contains(severity) && mixtureWidth > 0 && chainDepth ?? 1 > 0 && alpha > 0, "AugMix",
            "severity \(severity) of 10, \(mixtureWidth) chains, alpha \(alpha)")
        self.severity = severity
        width = mixtureWidth
        depth = chainDepth
        self.alpha = alpha
        let left: [Augmentation] =
            [.identity, .invert] + (allOperations ? [] : [.brightness, .color, .contrast, .sharpness])
        changes = Augmentation.allCases.filter { !left.contains($0) }
        bending = Augmentation.Bending(interpolation: interpolation, fill: fill, "AugMix")
    }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireScale("AugMix")
        let original = draft.pixels
        // Images of a batch go through the same changes, and each has shares of its own.
        let leading = Array(original.shape.dropLast(3))
        let count = leading.reduce(1, *)
        let kept = (0..<count).map { _ in random.dirichlet(alpha, count: 2) }
        let shares = kept.map { kept in random.dirichlet(alpha, count: width).map { $0 * kept[1] } }
        let dtype = original.dtype == .float64 ? DType.float64 : .float32
        func weights(_ values: [Double]) -> Tensor {
            Tensor(values, dtype: dtype).reshape(Shape(leading + [1, 1, 1]))
        }
        var mix = noGrad { original.to(dtype) * weights(kept.map { $0[0] }) }
        for chain in 0..<width {
            var branch = Draft(original)
            for _ in 0..<(depth ?? random.next(in: 1..<4)) {
                let change = changes[random.next(in: 0..<changes.count)]
                AugmentationSpace.mixing.apply(
                    change, level: random.next(in: 0..<severity), levels: Self.levels, to: &branch, bending, random)
            }
            let changed = branch.pixels
            mix = noGrad { mix + changed.to(dtype) * weights(shares.map { $0[chain] }) }
        }
        draft.pixels = mix.to(original.dtype)
    }
}
