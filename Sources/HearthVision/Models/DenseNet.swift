import HearthNN
import HearthTensor

/// torchvision's `densenet121`: 8.0 million parameters.
public let densenet121 = ImageModel("densenet121") { DenseNet([6, 12, 24, 16], classes: $0) }
/// torchvision's `densenet161`: 28.7 million parameters.
public let densenet161 = ImageModel("densenet161") {
    DenseNet([6, 12, 36, 24], growthRate: 48, initFeatures: 96, classes: $0)
}
/// torchvision's `densenet169`: 14.1 million parameters.
public let densenet169 = ImageModel("densenet169") { DenseNet([6, 12, 32, 32], classes: $0) }
/// torchvision's `densenet201`: 20.0 million parameters.
public let densenet201 = ImageModel("densenet201") { DenseNet([6, 12, 48, 32], classes: $0) }

/// Blocks whose every layer sees the results of all before it, with layers between them that halve channels and sizes
/// (the paper's DenseNet-BC), for images of at least 29 × 29.
///
/// Source: Huang, Liu, van der Maaten, Weinberger, "Densely Connected Convolutional Networks", 2017,
/// <https://arxiv.org/abs/1608.06993>.
public final class DenseNet: Module, Layer {
    /// The convolutions: `conv0`, `denseblock1`, `transition1`, …, `norm5`.
    public let features: Sequential
    /// The head.
    public var classifier: any Layer

    /// A network with this number of layers in each block.
    /// - Parameters:
    ///   - growthRate: The channels that a layer adds; the paper's `k`.
    ///   - initFeatures: The channels of the first convolution.
    ///   - bottleneckSize: How many times `growthRate` channels there are inside a layer.
    ///   - dropRate: The probability of dropout after each layer.
    public init(
        _ blocks: [Int], growthRate: Int = 32, initFeatures: Int = 64, bottleneckSize: Int = 4, dropRate: Double = 0,
        classes: Int = 1000
    ) {
        features = Sequential([
            "conv0": Conv2d(3, initFeatures, kernelSize: 7, stride: 2, padding: 3, bias: false),
            "norm0": BatchNorm2d(initFeatures), "relu0": ReLU(), "pool0": MaxPool2d(3, stride: 2, padding: 1),
        ])
        var channels = initFeatures
        for (i, count) in blocks.enumerated() {
            features.append(
                DenseBlock(count, channels, growthRate, bottleneckSize, dropRate), named: "denseblock\(i + 1)")
            channels += count * growthRate
            guard i + 1 < blocks.count else { break }
            features.append(Self.transition(channels), named: "transition\(i + 1)")
            channels /= 2
        }
        features.append(BatchNorm2d(channels), named: "norm5")
        classifier = Linear(channels, classes)
        super.init()
        initializeWeights(conv: { Initialize.kaimingNormal($0) })
        if let bias = (classifier as? Linear)?.$bias { bias.tensor = .zeros(bias.shape) }
    }

    /// Half the channels, half the sizes.
    private static func transition(_ channels: Int) -> Sequential {
        Sequential([
            "norm": BatchNorm2d(channels), "relu": ReLU(),
            "conv": Conv2d(channels, channels / 2, kernelSize: 1, bias: false), "pool": AvgPool2d(2),
        ])
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor {
        classifier(features(x).relu().adaptiveAvgPool2d(1).flatten(from: 1))
    }
}

/// Layers that each add channels to those before.
private final class DenseBlock: Sequential {
    init(_ count: Int, _ inputs: Int, _ growthRate: Int, _ bottleneckSize: Int, _ dropRate: Double) {
        super.init([])
        for i in 0..<count {
            append(
                DenseLayer(inputs + i * growthRate, growthRate, bottleneckSize, dropRate), named: "denselayer\(i + 1)")
        }
    }

    override func forward(_ x: Tensor) -> Tensor { layers.reduce(x) { Tensor.cat([$0, $1($0)], dim: 1) } }
}

private final class DenseLayer: Module, Layer {
    private let norm1: BatchNorm2d
    private let relu1 = ReLU()
    private let conv1: Conv2d
    private let norm2: BatchNorm2d
    private let relu2 = ReLU()
    private let conv2: Conv2d
    private let dropout: Dropout

    init(_ inputs: Int, _ growthRate: Int, _ bottleneckSize: Int, _ dropRate: Double) {
        let width = bottleneckSize * growthRate
        norm1 = BatchNorm2d(inputs)
        conv1 = Conv2d(inputs, width, kernelSize: 1, bias: false)
        norm2 = BatchNorm2d(width)
        conv2 = Conv2d(width, growthRate, kernelSize: 3, padding: 1, bias: false)
        dropout = Dropout(dropRate)
    }

    func forward(_ x: Tensor) -> Tensor { dropout(conv2(relu2(norm2(conv1(relu1(norm1(x))))))) }

    /// torchvision's files call the parts `norm.1`, `conv.2`.
    override func currentName(of name: String) -> String {
        for part in ["norm", "conv"] where name.hasPrefix(part + ".") { return part + name.dropFirst(part.count + 1) }
        return name
    }
}
