import HearthNN
import HearthTensor

/// Blocks of MobileNetV2's kind with squeeze and excitation, scaled in width, depth and resolution together; version 2
/// begins with ordinary convolutions in their place. For images of any size (version 2: at least 33 × 33).
///
/// Sources: Tan, Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", 2019,
/// <https://arxiv.org/abs/1905.11946>; Tan, Le, "EfficientNetV2: Smaller Models and Faster Training", 2021,
/// <https://arxiv.org/abs/2104.00298>.
public final class EfficientNet: Module, Layer {
    /// A line of the paper's table: blocks of one kind.
    public struct Stage: Sendable {
        /// What a block computes.
        public enum Kind: Sendable {
            /// To more channels, each convolved alone, squeeze and excitation, to fewer channels.
            case mbConv
            /// A convolution to more channels, and one to fewer.
            case fused
        }

        let kind: Kind
        let expansion: Int
        let kernel: Int
        let stride: Int
        let inputs: Int
        let outputs: Int
        let count: Int

        /// `count` blocks, of which the first has the stride.
        public init(
            _ kind: Kind, expansion: Int, kernel: Int, stride: Int, _ inputs: Int, _ outputs: Int, count: Int
        ) {
            self.kind = kind
            self.expansion = expansion
            self.kernel = kernel
            self.stride = stride
            self.inputs = inputs
            self.outputs = outputs
            self.count = count
        }

        /// The same with more channels and blocks.
        func scaled(width: Double, depth: Double) -> Stage {
            Stage(
                kind, expansion: expansion, kernel: kernel, stride: stride, roundedChannels(Double(inputs) * width),
                roundedChannels(Double(outputs) * width), count: Int((Double(count) * depth).rounded(.up)))
        }
    }

    /// The convolutions.
    public let features: Sequential
    private let avgpool = AdaptiveAvgPool2d(1)
    /// Dropout and the head, `classifier[1]`.
    public let classifier: Sequential

    /// A network with these stages.
    /// - Parameters:
    ///   - dropout: The probability of dropout before the head.
    ///   - stochasticDepth: The probability with which the last block is left out while training; it grows from 0.
    ///   - last: The channels before the head; by default four times those of the last stage.
    ///   - norm: Makes the normalisations.
    public init(
        _ stages: [Stage], classes: Int = 1000, dropout: Double, stochasticDepth: Double = 0.2, last: Int? = nil,
        norm: @escaping NormLayer = { BatchNorm2d($0) }
    ) {
        guard let firstStage = stages.first, let lastStage = stages.last else {
            fatalError("EfficientNet: at least one stage is expected")
        }
        let channels = last ?? 4 * lastStage.outputs
        let total = stages.reduce(0) { $0 + $1.count }
        var position = 0
        features = Sequential([ConvNormActivation(3, firstStage.inputs, stride: 2, norm: norm, activation: SiLU())])
        for stage in stages {
            let blocks = (0..<stage.count).map { i in
                let dropped = stochasticDepth * Double(position + i) / Double(total)
                return EfficientBlock(stage, isFirst: i == 0, dropped: dropped, norm)
            }
            position += stage.count
            features.append(Sequential(blocks))
        }
        features.append(
            ConvNormActivation(lastStage.outputs, channels, kernelSize: 1, norm: norm, activation: SiLU()))
        classifier = Sequential([Dropout(dropout), Linear(channels, classes)])
        super.init()
        initializeWeights(
            conv: Initialize.kaimingNormalByOutputs,
            linear: { shape in
                let bound = 1 / Double(shape[0]).squareRoot()
                return Initialize.uniform(shape, low: -bound, high: bound)
            })
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor { classifier(avgpool(features(x)).flatten(from: 1)) }
}

private final class EfficientBlock: Module, Layer {
    private let block: Sequential
    private let stochasticDepth: StochasticDepth
    private let isResidual: Bool

    init(_ stage: EfficientNet.Stage, isFirst: Bool, dropped: Double, _ norm: @escaping NormLayer) {
        let inputs = isFirst ? stage.inputs : stage.outputs
        let stride = isFirst ? stage.stride : 1
        let width = roundedChannels(Double(inputs * stage.expansion))
        block =
            switch stage.kind {
            case .mbConv: Self.mbConv(inputs, width, stage, stride, norm)
            case .fused: Self.fused(inputs, width, stage, stride, norm)
            }
        stochasticDepth = StochasticDepth(dropped)
        isResidual = stride == 1 && inputs == stage.outputs
    }

    func forward(_ x: Tensor) -> Tensor { isResidual ? stochasticDepth(block(x)) + x : block(x) }

    private static func mbConv(
        _ inputs: Int, _ width: Int, _ stage: EfficientNet.Stage, _ stride: Int, _ norm: @escaping NormLayer
    ) -> Sequential {
        Sequential {
            if width != inputs { ConvNormActivation(inputs, width, kernelSize: 1, norm: norm, activation: SiLU()) }
            ConvNormActivation(
                width, width, kernelSize: stage.kernel, stride: stride, groups: width, norm: norm, activation: SiLU())
            SqueezeExcitation(width, max(1, inputs / 4), activation: SiLU())
            ConvNormActivation(width, stage.outputs, kernelSize: 1, norm: norm, activation: nil)
        }
    }

    private static func fused(
        _ inputs: Int, _ width: Int, _ stage: EfficientNet.Stage, _ stride: Int, _ norm: @escaping NormLayer
    ) -> Sequential {
        Sequential {
            ConvNormActivation(
                inputs, width != inputs ? width : stage.outputs, kernelSize: stage.kernel, stride: stride, norm: norm,
                activation: SiLU())
            if width != inputs {
                ConvNormActivation(width, stage.outputs, kernelSize: 1, norm: norm, activation: nil)
            }
        }
    }
}
