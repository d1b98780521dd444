import HearthNN
import HearthTensor

/// torchvision's `mobilenet_v2`: 3.5 million parameters.
public let mobilenetV2 = ImageModel("mobilenet_v2") { MobileNetV2(classes: $0) }

/// Blocks that are narrow at their ends and wide inside, where every channel is convolved alone; for images of any size.
///
/// Source: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018,
/// <https://arxiv.org/abs/1801.04381>.
public final class MobileNetV2: Module, Layer {
    /// The convolutions.
    public let features: Sequential
    /// Dropout and the head, `classifier[1]`.
    public let classifier: Sequential

    /// The paper's table 2: expansion, channels, repetitions, first stride.
    private static let stages = [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ]

    /// A network whose channels are multiplied by `widthMultiplier`.
    public init(classes: Int = 1000, widthMultiplier: Double = 1, dropout: Double = 0.2) {
        var inputs = roundedChannels(32 * widthMultiplier)
        let last = roundedChannels(1280 * max(1, widthMultiplier))
        features = Sequential([ConvNormActivation(3, inputs, stride: 2, activation: ReLU6())])
        for (expansion, channels, count, stride) in Self.stages {
            let outputs = roundedChannels(Double(channels) * widthMultiplier)
            for i in 0..<count {
                features.append(InvertedResidual(inputs, outputs, i == 0 ? stride : 1, expansion))
                inputs = outputs
            }
        }
        features.append(ConvNormActivation(inputs, last, kernelSize: 1, activation: ReLU6()))
        classifier = Sequential([Dropout(dropout), Linear(last, classes)])
        super.init()
        initializeWeights(conv: Initialize.kaimingNormalByOutputs, linear: Initialize.narrowNormal)
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor { classifier(features(x).adaptiveAvgPool2d(1).flatten(from: 1)) }
}

private final class InvertedResidual: Module, Layer {
    private let conv: Sequential
    private let isResidual: Bool

    init(_ inputs: Int, _ outputs: Int, _ stride: Int, _ expansion: Int) {
        let width = inputs * expansion
        conv = Sequential {
            if expansion != 1 { ConvNormActivation(inputs, width, kernelSize: 1, activation: ReLU6()) }
            ConvNormActivation(width, width, stride: stride, groups: width, activation: ReLU6())
            Conv2d(width, outputs, kernelSize: 1, bias: false)
            BatchNorm2d(outputs)
        }
        isResidual = stride == 1 && inputs == outputs
    }

    func forward(_ x: Tensor) -> Tensor { isResidual ? x + conv(x) : conv(x) }
}
