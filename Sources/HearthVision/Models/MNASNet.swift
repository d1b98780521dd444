import HearthNN
import HearthTensor

// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `mnasnet0_5`: half the channels, 2.2 million parameters.
public let mnasnet0_5 = ImageModel("mnasnet0_5") { MNASNet(0.5, classes: $0) }
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `mnasnet0_75`: three quarters of the channels, 3.2 million parameters.
public let mnasnet0_75 = ImageModel("mnasnet0_75") { MNASNet(0.75, classes: $0) }
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `mnasnet1_0`: the paper's network, 4.4 million parameters.
public let mnasnet1_0 = ImageModel("mnasnet1_0") { MNASNet(1, classes: $0) }
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `mnasnet1_3`: 1.3 times the channels, 6.3 million parameters.
public let mnasnet1_3 = ImageModel("mnasnet1_3") { MNASNet(1.3, classes: $0) }

/// Inverted residuals of different kernels found by a search that measured time on a phone (MnasNet-B1); for images of
/// any size.
///
/// Source: Tan et al., "MnasNet: Platform-Aware Neural Architecture Search for Mobile", 2019,
/// <https://arxiv.org/abs/1807.11626>.
public final class MNASNet: Module, Layer {
    /// The convolutions.
    public let layers: Sequential
    /// Dropout and the head, `classifier[1]`.
    public let classifier: Sequential

    /// The paper's figure 7: channels, kernel, first stride, expansion, repetitions.
    private static let stages = [
        (24, 3, 2, 3, 3), (40, 5, 2, 3, 3), (80, 5, 2, 6, 3), (96, 3, 1, 6, 2), (192, 5, 2, 6, 4), (320, 3, 1, 6, 1),
    ]

    /// A network whose channels are multiplied by `alpha`.
    public init(_ alpha: Double, classes: Int = 1000, dropout: Double = 0.2) {
        func channels(_ count: Int) -> Int { roundedChannels(Double(count) * alpha) }
        let first = channels(32)
        var inputs = channels(16)
        layers = Sequential {
            Conv2d(3, first, kernelSize: 3, stride: 2, padding: 1, bias: false)
            Self.norm(first)
            ReLU()
            Conv2d(first, first, kernelSize: 3, padding: 1, groups: first, bias: false)
            Self.norm(first)
            ReLU()
            Conv2d(first, inputs, kernelSize: 1, bias: false)
            Self.norm(inputs)
        }
        for (count, kernel, stride, expansion, repetitions) in Self.stages {
            let stage = Sequential([])
            for i in 0..<repetitions {
                stage.append(InvertedResidual(inputs, channels(count), kernel, i == 0 ? stride : 1, expansion))
                inputs = channels(count)
            }
            layers.append(stage)
        }
        layers.append(Conv2d(inputs, 1280, kernelSize: 1, bias: false))
        layers.append(Self.norm(1280))
        layers.append(ReLU())
        classifier = Sequential([Dropout(dropout), Linear(1280, classes)])
        super.init()
        initializeWeights(
            conv: Initialize.kaimingNormalByOutputs,
            linear: { Initialize.kaimingUniform($0, fan: .out, nonlinearity: .sigmoid) })
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor { classifier(layers(x).mean(dims: [2, 3])) }

    /// The paper's momentum counts the other way round.
    fileprivate static func norm(_ channels: Int) -> any Layer { BatchNorm2d(channels, momentum: 1 - 0.9997) }
}

private final class InvertedResidual: Module, Layer {
    private let layers: Sequential
    private let isResidual: Bool

    init(_ inputs: Int, _ outputs: Int, _ kernel: Int, _ stride: Int, _ expansion: Int) {
        let width = inputs * expansion
        layers = Sequential {
            Conv2d(inputs, width, kernelSize: 1, bias: false)
            MNASNet.norm(width)
            ReLU()
            Conv2d(
                width, width, kernelSize: kernel, stride: stride, padding: kernel / 2, groups: width, bias: false)
            MNASNet.norm(width)
            ReLU()
            Conv2d(width, outputs, kernelSize: 1, bias: false)
            MNASNet.norm(outputs)
        }
        isResidual = stride == 1 && inputs == outputs
    }

    func forward(_ x: Tensor) -> Tensor { isResidual ? layers(x) + x : layers(x) }
}
