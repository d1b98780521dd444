import HearthNN
import HearthTensor

/// torchvision's `mobilenet_v3_small`: 2.5 million parameters.
public let mobilenetV3Small = ImageModel("mobilenet_v3_small") { MobileNetV3(.small, classes: $0) }
/// torchvision's `mobilenet_v3_large`: 5.5 million parameters.
public let mobilenetV3Large = ImageModel("mobilenet_v3_large") { MobileNetV3(.large, classes: $0) }

/// MobileNetV2's blocks with squeeze and excitation and cheap activations, chosen by search; for images of any size.
///
/// Source: Howard et al., "Searching for MobileNetV3", 2019, <https://arxiv.org/abs/1905.02244>.
public final class MobileNetV3: Module, Layer {
    /// A line of the paper's tables 1 and 2.
    public struct Block: Sendable {
        let kernel, expanded, outputs: Int
        let squeezes, isHard: Bool
        let stride: Int

        /// A block.
        /// - Parameters:
        ///   - kernel: The size of the convolution of each channel.
        ///   - expanded: The channels inside.
        ///   - outputs: The channels that come out.
        ///   - squeezes: Whether there is squeeze and excitation.
        ///   - isHard: Whether the activation is hard swish, else ReLU.
        ///   - stride: The stride of the convolution.
        public init(_ kernel: Int, _ expanded: Int, _ outputs: Int, _ squeezes: Bool, _ isHard: Bool, _ stride: Int) {
            self.kernel = kernel
            self.expanded = expanded
            self.outputs = outputs
            self.squeezes = squeezes
            self.isHard = isHard
            self.stride = stride
        }
    }

    /// The blocks, and the features before the head.
    public struct Configuration: Sendable {
        let blocks: [Block]
        let last: Int

        /// These blocks, and this number of features before the head.
        public init(_ blocks: [Block], last: Int) {
            self.blocks = blocks
            self.last = last
        }

        /// The paper's table 1.
        public static let large = Configuration(
            [
                Block(3, 16, 16, false, false, 1), Block(3, 64, 24, false, false, 2), Block(3, 72, 24, false, false, 1),
                Block(5, 72, 40, true, false, 2), Block(5, 120, 40, true, false, 1), Block(5, 120, 40, true, false, 1),
                Block(3, 240, 80, false, true, 2), Block(3, 200, 80, false, true, 1),
                Block(3, 184, 80, false, true, 1), Block(3, 184, 80, false, true, 1),
                Block(3, 480, 112, true, true, 1), Block(3, 672, 112, true, true, 1),
                Block(5, 672, 160, true, true, 2), Block(5, 960, 160, true, true, 1),
                Block(5, 960, 160, true, true, 1),
            ], last: 1280)

        /// The paper's table 2.
        public static let small = Configuration(
            [
                Block(3, 16, 16, true, false, 2), Block(3, 72, 24, false, false, 2), Block(3, 88, 24, false, false, 1),
                Block(5, 96, 40, true, true, 2), Block(5, 240, 40, true, true, 1), Block(5, 240, 40, true, true, 1),
                Block(5, 120, 48, true, true, 1), Block(5, 144, 48, true, true, 1), Block(5, 288, 96, true, true, 2),
                Block(5, 576, 96, true, true, 1), Block(5, 576, 96, true, true, 1),
            ], last: 1024)
    }

    /// The convolutions.
    public let features: Sequential
    private let avgpool = AdaptiveAvgPool2d(1)
    /// Two fully connected layers; the head is `classifier[3]`.
    public let classifier: Sequential

    /// A network with these blocks.
    public init(_ configuration: Configuration, classes: Int = 1000, dropout: Double = 0.2) {
        var inputs = 16
        features = Sequential([
            ConvNormActivation(3, inputs, stride: 2, norm: Self.norm, activation: Hardswish())
        ])
        for block in configuration.blocks {
            features.append(InvertedResidual(inputs, block))
            inputs = block.outputs
        }
        features.append(
            ConvNormActivation(inputs, 6 * inputs, kernelSize: 1, norm: Self.norm, activation: Hardswish()))
        classifier = Sequential {
            Linear(6 * inputs, configuration.last)
            Hardswish()
            Dropout(dropout)
            Linear(configuration.last, classes)
        }
        super.init()
        initializeWeights(conv: Initialize.kaimingNormalByOutputs, linear: Initialize.narrowNormal)
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor { classifier(avgpool(features(x)).flatten(from: 1)) }

    fileprivate static func norm(_ channels: Int) -> any Layer { BatchNorm2d(channels, epsilon: 1e-3, momentum: 0.01) }
}

private final class InvertedResidual: Module, Layer {
    private let block: Sequential
    private let isResidual: Bool

    init(_ inputs: Int, _ shape: MobileNetV3.Block) {
        let width = shape.expanded
        let activation: any Layer = shape.isHard ? Hardswish() : ReLU()
        let norm = MobileNetV3.norm
        block = Sequential {
            if width != inputs {
                ConvNormActivation(inputs, width, kernelSize: 1, norm: norm, activation: activation)
            }
            ConvNormActivation(
                width, width, kernelSize: shape.kernel, stride: shape.stride, groups: width, norm: norm,
                activation: activation)
            if shape.squeezes {
                SqueezeExcitation(width, roundedChannels(Double(width / 4)), scaleActivation: Hardsigmoid())
            }
            ConvNormActivation(width, shape.outputs, kernelSize: 1, norm: norm, activation: nil)
        }
        isResidual = shape.stride == 1 && inputs == shape.outputs
    }

    func forward(_ x: Tensor) -> Tensor { isResidual ? block(x) + x : block(x) }
}
