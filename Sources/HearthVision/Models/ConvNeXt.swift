import HearthNN
import HearthTensor

/// torchvision's `convnext_tiny`: 28.6 million parameters.
public let convnextTiny = ImageModel("convnext_tiny") {
    ConvNeXt([96, 192, 384, 768], [3, 3, 9, 3], stochasticDepth: 0.1, classes: $0)
}
/// torchvision's `convnext_small`: 50.2 million parameters.
public let convnextSmall = ImageModel("convnext_small") {
    ConvNeXt([96, 192, 384, 768], [3, 3, 27, 3], stochasticDepth: 0.4, classes: $0)
}
/// torchvision's `convnext_base`: 88.6 million parameters.
public let convnextBase = ImageModel("convnext_base") {
    ConvNeXt([128, 256, 512, 1024], [3, 3, 27, 3], stochasticDepth: 0.5, classes: $0)
}
/// torchvision's `convnext_large`: 197.8 million parameters.
public let convnextLarge = ImageModel("convnext_large") {
    ConvNeXt([192, 384, 768, 1536], [3, 3, 27, 3], stochasticDepth: 0.5, classes: $0)
}

/// A residual network with a transformer's proportions: kernels of 7 × 7 for each channel alone, then two fully
/// connected layers at each place. For images of at least 32 × 32.
///
/// Source: Liu et al., "A ConvNet for the 2020s", 2022, <https://arxiv.org/abs/2201.03545>.
public final class ConvNeXt: Module, Layer {
    /// The convolutions.
    public let features: Sequential
    private let avgpool = AdaptiveAvgPool2d(1)
    /// Normalisation, flattening and the head, `classifier[2]`.
    public let classifier: Sequential

    /// A network whose stages have these channels and numbers of blocks.
    /// - Parameters:
    ///   - stochasticDepth: The probability with which the last block is left out while training; it grows from 0.
    ///   - layerScale: What the residual branches are multiplied with at the start.
    public init(
        _ channels: [Int], _ blocks: [Int], stochasticDepth: Double = 0, layerScale: Double = 1e-6, classes: Int = 1000
    ) {
        guard let first = channels.first, let last = channels.last, channels.count == blocks.count else {
            fatalError("ConvNeXt: as many channels as numbers of blocks are expected, not \(channels) and \(blocks)")
        }
        features = Sequential([
            ConvNormActivation(
                3, first, kernelSize: 4, stride: 4, padding: 0, norm: Self.norm, activation: nil, bias: true)
        ])
        let total = blocks.reduce(0, +)
        var position = 0
        for (stage, (width, count)) in zip(channels, blocks).enumerated() {
            let start = position
            features.append(
                Sequential(
                    (0..<count).map { i in
                        ConvNeXtBlock(
                            width, layerScale: layerScale,
                            dropped: stochasticDepth * Double(start + i) / Double(max(total - 1, 1)))
                    }))
            position += count
            guard stage + 1 < channels.count else { break }
            features.append(
                Sequential([Self.norm(width), Conv2d(width, channels[stage + 1], kernelSize: 2, stride: 2)]))
        }
        classifier = Sequential([Self.norm(last), Flatten(), Linear(last, classes)])
        super.init()
        let normal: (Shape) -> Tensor = { Initialize.truncatedNormal($0, std: 0.02) }
        initializeWeights(conv: normal, linear: normal)
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor { classifier(avgpool(features(x))) }

    private static func norm(_ channels: Int) -> any Layer { LayerNorm2d(channels, epsilon: 1e-6) }
}

private final class ConvNeXtBlock: Module, Layer {
    /// `[C, 1, 1]`.
    @Param private var layerScale: Tensor
    private let block: Sequential
    private let stochasticDepth: StochasticDepth

    init(_ channels: Int, layerScale: Double, dropped: Double) {
        self.layerScale = .full([channels, 1, 1], layerScale)
        block = Sequential {
            Conv2d(channels, channels, kernelSize: 7, padding: 3, groups: channels)
            Permute.channelsLast
            LayerNorm(channels, epsilon: 1e-6)
            Linear(channels, 4 * channels)
            GELU()
            Linear(4 * channels, channels)
            Permute.channelsFirst
        }
        stochasticDepth = StochasticDepth(dropped)
    }

    func forward(_ x: Tensor) -> Tensor { stochasticDepth(layerScale * block(x)) + x }
}
