import HearthNN
import HearthTensor

/// torchvision's `vgg11`: the paper's column A, 132.9 million parameters.
public let vgg11 = ImageModel("vgg11") { VGG(.a, classes: $0) }
/// torchvision's `vgg11_bn`: `vgg11` with batch normalisation.
public let vgg11BN = ImageModel("vgg11_bn") { VGG(.a, batchNorm: true, classes: $0) }
/// torchvision's `vgg13`: the paper's column B, 133.0 million parameters.
public let vgg13 = ImageModel("vgg13") { VGG(.b, classes: $0) }
/// torchvision's `vgg13_bn`: `vgg13` with batch normalisation.
public let vgg13BN = ImageModel("vgg13_bn") { VGG(.b, batchNorm: true, classes: $0) }
/// torchvision's `vgg16`: the paper's column D, 138.4 million parameters.
public let vgg16 = ImageModel("vgg16") { VGG(.d, classes: $0) }
/// torchvision's `vgg16_bn`: `vgg16` with batch normalisation.
public let vgg16BN = ImageModel("vgg16_bn") { VGG(.d, batchNorm: true, classes: $0) }
/// torchvision's `vgg19`: the paper's column E, 143.7 million parameters.
public let vgg19 = ImageModel("vgg19") { VGG(.e, classes: $0) }
/// torchvision's `vgg19_bn`: `vgg19` with batch normalisation.
public let vgg19BN = ImageModel("vgg19_bn") { VGG(.e, batchNorm: true, classes: $0) }

/// Convolutions of 3 × 3 in five stages, each ended by max pooling, for images of at least 32 × 32.
///
/// Source: Simonyan, Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2015,
/// <https://arxiv.org/abs/1409.1556>.
public final class VGG: Module, Layer {
    /// The channels of the convolutions of each stage: a column of the paper's table 1.
    public struct Configuration: Sendable {
        /// The channels of the convolutions of each stage.
        public let stages: [[Int]]

        /// Stages of convolutions with these channels.
        public init(_ stages: [[Int]]) { self.stages = stages }

        /// 11 layers with weights.
        public static let a = Configuration([[64], [128], [256, 256], [512, 512], [512, 512]])
        /// 13 layers with weights.
        public static let b = Configuration([[64, 64], [128, 128], [256, 256], [512, 512], [512, 512]])
        /// 16 layers with weights.
        public static let d = repeating(3)
        /// 19 layers with weights.
        public static let e = repeating(4)

        /// Two stages of two convolutions, three of `count`.
        private static func repeating(_ count: Int) -> Configuration {
            Configuration([[64, 64], [128, 128]] + [256, 512, 512].map { Array(repeating: $0, count: count) })
        }
    }

    /// The convolutions.
    public let features: Sequential
    private let avgpool = AdaptiveAvgPool2d(7)
    /// Three fully connected layers; the head is `classifier[6]`.
    public let classifier: Sequential

    /// A network with these stages.
    public init(_ configuration: Configuration, batchNorm: Bool = false, classes: Int = 1000, dropout: Double = 0.5) {
        var inputs = 3
        features = Sequential([])
        for stage in configuration.stages {
            for channels in stage {
                features.append(Conv2d(inputs, channels, kernelSize: 3, padding: 1))
                if batchNorm { features.append(BatchNorm2d(channels)) }
                features.append(ReLU())
                inputs = channels
            }
            features.append(MaxPool2d(2))
        }
        classifier = Sequential {
            Linear(512 * 7 * 7, 4096)
            ReLU()
            Dropout(dropout)
            Linear(4096, 4096)
            ReLU()
            Dropout(dropout)
            Linear(4096, classes)
        }
        super.init()
        initializeWeights(conv: Initialize.kaimingNormalByOutputs, linear: Initialize.narrowNormal)
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor { classifier(avgpool(features(x)).flatten(from: 1)) }
}
