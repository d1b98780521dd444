import HearthNN
import HearthTensor

/// torchvision's `googlenet`: 13.0 million parameters, 6.6 million without the auxiliary heads. With torchvision's
/// weights it has none, and does what they expect of its input.
public let googlenet = ImageModel("googlenet") {
    GoogLeNet(classes: $0)
} pretrained: {
    $0.transformInput = true
    $0.aux1 = nil
    $0.aux2 = nil
}

/// Blocks of four branches with different fields of view, and two auxiliary heads for training; for images of at least
/// 15 × 15.
///
/// Source: Szegedy et al., "Going Deeper with Convolutions", 2015, <https://arxiv.org/abs/1409.4842>, with batch
/// normalisation, and as in torchvision with 3 × 3 in place of 5 × 5.
public final class GoogLeNet: Module, Layer {
    /// What training looks at: the logits of the head and of both auxiliary heads, the later first.
    public typealias Outputs = (logits: Tensor, aux2: Tensor?, aux1: Tensor?)

    private let conv1 = BasicConv2d(3, 64, kernelSize: 7, stride: 2, padding: 3)
    private let maxpool1 = MaxPool2d(3, stride: 2, ceilMode: true)
    private let conv2 = BasicConv2d(64, 64, kernelSize: 1)
    private let conv3 = BasicConv2d(64, 192, kernelSize: 3, padding: 1)
    private let maxpool2 = MaxPool2d(3, stride: 2, ceilMode: true)
    private let inception3a = Inception(192, 64, (96, 128), (16, 32), 32)
    private let inception3b = Inception(256, 128, (128, 192), (32, 96), 64)
    private let maxpool3 = MaxPool2d(3, stride: 2, ceilMode: true)
    private let inception4a = Inception(480, 192, (96, 208), (16, 48), 64)
    private let inception4b = Inception(512, 160, (112, 224), (24, 64), 64)
    private let inception4c = Inception(512, 128, (128, 256), (24, 64), 64)
    private let inception4d = Inception(512, 112, (144, 288), (32, 64), 64)
    private let inception4e = Inception(528, 256, (160, 320), (32, 128), 128)
    private let maxpool4 = MaxPool2d(2, ceilMode: true)
    private let inception5a = Inception(832, 256, (160, 320), (32, 128), 128)
    private let inception5b = Inception(832, 384, (192, 384), (48, 128), 128)
    /// The head after the fourth block's first part; nil for none.
    public var aux1: (any Layer)?
    /// The head after the fourth block's fourth part; nil for none.
    public var aux2: (any Layer)?
    private let avgpool = AdaptiveAvgPool2d(1)
    private let dropout: Dropout
    /// The head.
    public var fc: any Layer
    /// Whether images normalised with ImageNet's mean and deviation are first brought to -1 … 1.
    public var transformInput: Bool

    /// A network for this number of classes.
    public init(
        classes: Int = 1000, auxLogits: Bool = true, transformInput: Bool = false, dropout: Double = 0.2,
        dropoutAux: Double = 0.7
    ) {
        aux1 = auxLogits ? GoogLeNetHead(512, classes, dropout: dropoutAux) : nil
        aux2 = auxLogits ? GoogLeNetHead(528, classes, dropout: dropoutAux) : nil
        self.dropout = Dropout(dropout)
        fc = Linear(1024, classes)
        self.transformInput = transformInput
        super.init()
        let normal: (Shape) -> Tensor = { Initialize.truncatedNormal($0, std: 0.01) }
        initializeWeights(conv: normal, linear: normal, linearBias: nil)
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor { outputs(x, withAux: false).logits }

    /// The logits of the head and, while training, of the auxiliary heads. What torchvision's network returns.
    public func callWithAux(_ x: Tensor) -> Outputs { outputs(x, withAux: isTraining) }

    private func outputs(_ x: Tensor, withAux: Bool) -> Outputs {
        var x = transformInput ? x.fromImageNetToUnit() : x
        x = maxpool2(conv3(conv2(maxpool1(conv1(x)))))
        x = inception4a(maxpool3(inception3b(inception3a(x))))
        let first = withAux ? aux1.map { $0(x) } : nil
        x = inception4d(inception4c(inception4b(x)))
        let second = withAux ? aux2.map { $0(x) } : nil
        x = inception5b(inception5a(maxpool4(inception4e(x))))
        return (fc(dropout(avgpool(x).flatten(from: 1))), second, first)
    }
}

/// A convolution without bias, batch normalisation and ReLU.
final class BasicConv2d: Module, Layer {
    let conv: Conv2d
    private let bn: BatchNorm2d

    init(
        _ inputs: Int, _ outputs: Int, kernelSize: some Extent, stride: some Extent = 1, padding: some Padding = 0
    ) {
        conv = Conv2d(inputs, outputs, kernelSize: kernelSize, stride: stride, padding: padding, bias: false)
        bn = BatchNorm2d(outputs, epsilon: 1e-3)
    }

    func forward(_ x: Tensor) -> Tensor { bn(conv(x)).relu() }
}

private final class Inception: Module, Layer {
    private let branch1: BasicConv2d
    private let branch2: Sequential
    private let branch3: Sequential
    private let branch4: Sequential

    /// The channels of each branch, of the second and third also between their two convolutions.
    init(_ inputs: Int, _ first: Int, _ second: (Int, Int), _ third: (Int, Int), _ pooled: Int) {
        func pair(_ channels: (Int, Int)) -> Sequential {
            Sequential([
                BasicConv2d(inputs, channels.0, kernelSize: 1),
                BasicConv2d(channels.0, channels.1, kernelSize: 3, padding: 1),
            ])
        }
        branch1 = BasicConv2d(inputs, first, kernelSize: 1)
        branch2 = pair(second)
        branch3 = pair(third)
        branch4 = Sequential([
            MaxPool2d(3, stride: 1, padding: 1, ceilMode: true), BasicConv2d(inputs, pooled, kernelSize: 1),
        ])
    }

    func forward(_ x: Tensor) -> Tensor { Tensor.cat([branch1(x), branch2(x), branch3(x), branch4(x)], dim: 1) }
}

private final class GoogLeNetHead: Module, Layer {
    private let conv: BasicConv2d
    private let fc1 = Linear(2048, 1024)
    private let fc2: Linear
    private let dropout: Dropout

    init(_ inputs: Int, _ classes: Int, dropout: Double) {
        conv = BasicConv2d(inputs, 128, kernelSize: 1)
        fc2 = Linear(1024, classes)
        self.dropout = Dropout(dropout)
    }

    func forward(_ x: Tensor) -> Tensor {
        fc2(dropout(fc1(conv(x.adaptiveAvgPool2d(4)).flatten(from: 1)).relu()))
    }
}

extension Tensor {
    /// Images `[N, 3, H, W]` normalised with ImageNet's mean and deviation, brought to -1 … 1: what weights from
    /// TensorFlow expect.
    func fromImageNetToUnit() -> Tensor {
        let mean = Tensor([0.485, 0.456, 0.406], device: device).reshape([3, 1, 1])
        let deviation = Tensor([0.229, 0.224, 0.225], device: device).reshape([3, 1, 1])
        return (self * deviation + mean - 0.5) / 0.5
    }
}
