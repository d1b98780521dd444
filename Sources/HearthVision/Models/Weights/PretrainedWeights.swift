/// Weights that torchvision publishes: where they are, how good they are, and what they expect of an image.
///
///     resnet50.weights.map(\.name)                    // ["IMAGENET1K_V1", "IMAGENET1K_V2"]
///     resnet50.weights[0].preprocessing.cropSize      // 224
public struct PretrainedWeights: Sendable {
    /// The network: `resnet50`.
    public let model: String
    /// torchvision's name of the weights: `IMAGENET1K_V2`.
    public let name: String
    /// Whether torchvision recommends them.
    public let isDefault: Bool
    /// Where they are.
    public let url: String
    /// The percentage of ImageNet's test images whose class is guessed; nil where torchvision gives none.
    public let accuracy: Double?
    /// What is done to an image before the network sees it.
    public let preprocessing: Preprocessing

    /// The weights of a network, the oldest first.
    package static func of(_ model: String) -> [PretrainedWeights] { all.filter { $0.model == model } }
}

/// What is done to an image before a trained network sees it: its shorter side is made `resizeSize` long, the middle is
/// cut out, and bytes become numbers of mean 0 and deviation 1. torchvision's `ImageClassification`.
public struct Preprocessing: Sendable, Hashable {
    /// How pixels between pixels are found.
    public enum Interpolation: String, Sendable {
        /// From 2 × 2 pixels.
        case bilinear
        /// From 4 × 4 pixels.
        case bicubic
    }

    /// The length of the shorter side.
    public let resizeSize: Int
    /// The height and width of what is cut out.
    public let cropSize: Int
    /// The mean of red, green and blue, for values 0…1.
    public let mean: [Double]
    /// The standard deviation of red, green and blue, for values 0…1.
    public let std: [Double]
    /// How the new size is made.
    public let interpolation: Interpolation

    /// These steps; by default ImageNet's mean and deviation.
    public init(
        resizeSize: Int = 256, cropSize: Int = 224, mean: [Double] = [0.485, 0.456, 0.406],
        std: [Double] = [0.229, 0.224, 0.225], interpolation: Interpolation = .bilinear
    ) {
        self.resizeSize = resizeSize
        self.cropSize = cropSize
        self.mean = mean
        self.std = std
        self.interpolation = interpolation
    }
}
