import HearthTensor

/// Each channel less its mean, divided by its standard deviation. torchvision's `Normalize`, whose results it gives to
/// the bit.
///
///     Normalize(mean: 0.1307, std: 0.3081)                                        // every channel
///     Normalize(mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])          // red, green, blue
public struct Normalize: Transform {
    /// What is taken away: one number, or one for each channel.
    public let mean: [Double]
    /// What is divided by: one number, or one for each channel.
    public let std: [Double]
    /// Its inverse: what turns the result back into the image.
    public var inverse: Denormalize { Denormalize(self) }
    private let means: Tensor
    private let deviations: Tensor

    /// One mean and one standard deviation for all channels.
    public init(mean: Double, std: Double) { self.init(mean: [mean], std: [std]) }

    /// A mean and a standard deviation for each channel. Stops the program when their numbers differ or a standard
    /// deviation is 0.
    public init(mean: [Double], std: [Double]) {
        require(
            !mean.isEmpty && mean.count == std.count, "Normalize",
            "\(mean.count) means and \(std.count) standard deviations; one for each channel")
        require(!std.contains(0), "Normalize", "the standard deviation is 0 in \(std)")
        self.mean = mean
        self.std = std
        means = Tensor(mean, dtype: .float64, device: .cpu).reshape([mean.count, 1, 1])
        deviations = Tensor(std, dtype: .float64, device: .cpu).reshape([std.count, 1, 1])
    }

    /// Every pixel is worked on alone.
    public var isPixelwise: Bool { true }

    /// The step with its options.
    public var description: String { "Normalize(mean: \(mean), std: \(std))" }

    /// The image normalised. Stops the program unless it is floating-point with one channel for each mean.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor {
        require(
            image.dtype.isFloatingPoint, "Normalize",
            "a floating-point image is expected, not \(image.spec); ToTensor comes before it")
        require(
            image.rank >= 3 && (mean.count == 1 || mean.count == image.shape[-3]), "Normalize",
            "\(mean.count) means for an image of shape \(image.shape); one for each channel")
        return noGrad { (image - means.to(image.dtype).to(image.device)) / deviations.to(image.dtype).to(image.device) }
    }
}

/// The inverse of `Normalize`: each channel times its standard deviation, plus its mean, to look at what a network sees.
public struct Denormalize: Transform {
    private let mean: [Double]
    private let std: [Double]

    /// Undoes `normalize`.
    public init(_ normalize: Normalize) { (mean, std) = (normalize.mean, normalize.std) }

    /// The image as it was. Stops the program unless it is floating-point with one channel for each mean.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor {
        // x * std + mean, written as a normalisation: (x - (-mean / std)) / (1 / std).
        Normalize(mean: zip(mean, std).map { -$0 / $1 }, std: std.map { 1 / $0 })(image, random: random)
    }
}
