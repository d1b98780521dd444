import HearthNN
import HearthTensor

// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `squeezenet1_0`: the paper's network, 1.2 million parameters.
public let squeezenet1_0 = ImageModel("squeezenet1_0") { SqueezeNet(.v1_0, classes: $0) }
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `squeezenet1_1`: as accurate with less than half the work, 1.2 million parameters.
public let squeezenet1_1 = ImageModel("squeezenet1_1") { SqueezeNet(.v1_1, classes: $0) }

/// Few parameters by squeezing channels before each convolution of 3 × 3, for images of at least 21 × 21.
///
/// Source: Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size", 2016,
/// <https://arxiv.org/abs/1602.07360>.
public final class SqueezeNet: Module, Layer {
    /// Which network.
    public enum Version: Sendable {
        // swift-format-ignore: AlwaysUseLowerCamelCase
        /// The paper's.
        case v1_0
        // swift-format-ignore: AlwaysUseLowerCamelCase
        /// The smaller one that the authors published later.
        case v1_1
    }

    /// The convolutions.
    public let features: Sequential
    /// The head: a convolution to the classes, `classifier[1]`, and the mean over all places.
    public let classifier: Sequential

    /// A network of this version.
    public init(_ version: Version, classes: Int = 1000, dropout: Double = 0.5) {
        features = version == .v1_0 ? Self.first() : Self.second()
        let last = Conv2d(512, classes, kernelSize: 1)
        classifier = Sequential {
            Dropout(dropout)
            last
            ReLU()
            AdaptiveAvgPool2d(1)
        }
        super.init()
        initializeWeights(conv: { Initialize.kaimingUniform($0) })
        last.weight = Initialize.narrowNormal(last.$weight.shape)
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor { classifier(features(x)).flatten(from: 1) }

    private static func first() -> Sequential {
        Sequential {
            Conv2d(3, 96, kernelSize: 7, stride: 2)
            ReLU()
            MaxPool2d(3, stride: 2, ceilMode: true)
            Fire(96, 16, 64)
            Fire(128, 16, 64)
            Fire(128, 32, 128)
            MaxPool2d(3, stride: 2, ceilMode: true)
            Fire(256, 32, 128)
            Fire(256, 48, 192)
            Fire(384, 48, 192)
            Fire(384, 64, 256)
            MaxPool2d(3, stride: 2, ceilMode: true)
            Fire(512, 64, 256)
        }
    }

    private static func second() -> Sequential {
        Sequential {
            Conv2d(3, 64, kernelSize: 3, stride: 2)
            ReLU()
            MaxPool2d(3, stride: 2, ceilMode: true)
            Fire(64, 16, 64)
            Fire(128, 16, 64)
            MaxPool2d(3, stride: 2, ceilMode: true)
            Fire(128, 32, 128)
            Fire(256, 32, 128)
            MaxPool2d(3, stride: 2, ceilMode: true)
            Fire(256, 48, 192)
            Fire(384, 48, 192)
            Fire(384, 64, 256)
            Fire(512, 64, 256)
        }
    }
}

/// To few channels, then by convolutions of 1 × 1 and 3 × 3 side by side to `expanded` each.
private final class Fire: Module, Layer {
    private let squeeze: Conv2d
    private let expand1x1: Conv2d
    private let expand3x3: Conv2d

    init(_ inputs: Int, _ squeezed: Int, _ expanded: Int) {
        squeeze = Conv2d(inputs, squeezed, kernelSize: 1)
        expand1x1 = Conv2d(squeezed, expanded, kernelSize: 1)
        expand3x3 = Conv2d(squeezed, expanded, kernelSize: 3, padding: 1)
    }

    func forward(_ x: Tensor) -> Tensor {
        let x = squeeze(x).relu()
        return Tensor.cat([expand1x1(x).relu(), expand3x3(x).relu()], dim: 1)
    }
}
