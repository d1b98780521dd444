import HearthNN
import HearthTensor

/// torchvision's `swin_t`: 28.3 million parameters.
public let swinT = ImageModel("swin_t") {
    SwinTransformer(.v1, 96, [2, 2, 6, 2], heads: [3, 6, 12, 24], stochasticDepth: 0.2, classes: $0)
}
/// torchvision's `swin_s`: 49.6 million parameters.
public let swinS = ImageModel("swin_s") {
    SwinTransformer(.v1, 96, [2, 2, 18, 2], heads: [3, 6, 12, 24], stochasticDepth: 0.3, classes: $0)
}
/// torchvision's `swin_b`: 87.8 million parameters.
public let swinB = ImageModel("swin_b") {
    SwinTransformer(.v1, 128, [2, 2, 18, 2], heads: [4, 8, 16, 32], stochasticDepth: 0.5, classes: $0)
}
/// torchvision's `swin_v2_t`: 28.4 million parameters.
public let swinV2T = ImageModel("swin_v2_t") {
    SwinTransformer(.v2, 96, [2, 2, 6, 2], heads: [3, 6, 12, 24], window: 8, stochasticDepth: 0.2, classes: $0)
}
/// torchvision's `swin_v2_s`: 49.7 million parameters.
public let swinV2S = ImageModel("swin_v2_s") {
    SwinTransformer(.v2, 96, [2, 2, 18, 2], heads: [3, 6, 12, 24], window: 8, stochasticDepth: 0.3, classes: $0)
}
/// torchvision's `swin_v2_b`: 87.9 million parameters.
public let swinV2B = ImageModel("swin_v2_b") {
    SwinTransformer(.v2, 128, [2, 2, 18, 2], heads: [4, 8, 16, 32], window: 8, stochasticDepth: 0.5, classes: $0)
}

/// A transformer that looks at windows of patches, which every second block shifts, and that halves the sizes from stage
/// to stage; for images of any size.
///
/// Sources: Liu et al., "Swin Transformer: Hierarchical Vision Transformer using Shifted Windows", 2021,
/// <https://arxiv.org/abs/2103.14030>; Liu et al., "Swin Transformer V2: Scaling Up Capacity and Resolution", 2022,
/// <https://arxiv.org/abs/2111.09883>.
public final class SwinTransformer: Module, Layer {
    /// Which paper's blocks.
    public enum Version: Sendable {
        /// Normalisation before attention, and a learned table of what relative positions add to it.
        case v1
        /// Normalisation after attention, which compares by cosines, and a small network in place of the table.
        case v2
    }

    /// The stages, and the layers between them.
    public let features: Sequential
    private let norm: LayerNorm
    private let permute = Permute.channelsFirst
    private let avgpool = AdaptiveAvgPool2d(1)
    private let flatten = Flatten()
    /// The head.
    public var head: any Layer

    /// A network of four stages, or as many as `depths` has numbers of blocks.
    /// - Parameters:
    ///   - width: The features of a patch in the first stage; they double from stage to stage.
    ///   - heads: Into how many parts attention divides them, for each stage.
    ///   - patchSize: The height and width of a patch in pixels.
    ///   - window: The height and width of a window in patches.
    ///   - stochasticDepth: The probability with which the last block is left out while training; it grows from 0.
    public init(
        _ version: Version, _ width: Int, _ depths: [Int], heads: [Int], patchSize: Int = 4, window: Int = 7,
        dropout: Double = 0, attentionDropout: Double = 0, stochasticDepth: Double = 0.1, classes: Int = 1000
    ) {
        require(
            depths.count == heads.count && !depths.isEmpty, "SwinTransformer",
            "as many depths as numbers of heads are expected, not \(depths) and \(heads)")
        features = Sequential([
            Sequential([
                Conv2d(3, width, kernelSize: patchSize, stride: patchSize), Permute.channelsLast, LayerNorm(width),
            ])
        ])
        let total = depths.reduce(0, +)
        var position = 0
        for (stage, depth) in depths.enumerated() {
            let start = position
            let shape = WindowShape(width: width << stage, heads: heads[stage], size: window)
            features.append(
                Sequential(
                    (0..<depth).map { i in
                        SwinBlock(
                            version, shape, shift: i % 2 == 0 ? 0 : window / 2, dropout, attentionDropout,
                            dropped: stochasticDepth * Double(start + i) / Double(max(total - 1, 1)))
                    }))
            position += depth
            if stage + 1 < depths.count { features.append(PatchMerging(version, width << stage)) }
        }
        let last = width << (depths.count - 1)
        norm = LayerNorm(last)
        head = Linear(last, classes)
        super.init()
        initializeWeights(linear: { Initialize.truncatedNormal($0, std: 0.02) })
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor { head(flatten(avgpool(permute(norm(features(x)))))) }
}

/// Four neighbouring places as one of twice the features: `[N, H, W, C]` to `[N, H/2, W/2, 2 C]`.
private final class PatchMerging: Module, Layer {
    private let reduction: Linear
    private let norm: LayerNorm
    private let version: SwinTransformer.Version

    init(_ version: SwinTransformer.Version, _ width: Int) {
        reduction = Linear(4 * width, 2 * width, bias: false)
        norm = LayerNorm(version == .v1 ? 4 * width : 2 * width)
        self.version = version
    }

    func forward(_ x: Tensor) -> Tensor {
        let x = x.pad([0, 0, 0, x.shape[2] % 2, 0, x.shape[1] % 2])
        let (samples, height, width, channels) = (x.shape[0], x.shape[1] / 2, x.shape[2] / 2, x.shape[3])
        // torchvision concatenates the four pixels of each square column by column.
        let four = x.reshape([samples, height, 2, width, 2, channels]).permute(0, 1, 3, 4, 2, 5)
            .reshape([samples, height, width, 4 * channels])
        return version == .v1 ? reduction(norm(four)) : norm(reduction(four))
    }
}

private final class SwinBlock: Module, Layer {
    private let norm1: LayerNorm
    private let attn: WindowAttention
    private let stochasticDepth: StochasticDepth
    private let norm2: LayerNorm
    private let mlp: MLP
    private let version: SwinTransformer.Version

    init(
        _ version: SwinTransformer.Version, _ shape: WindowShape, shift: Int, _ dropout: Double,
        _ attentionDropout: Double, dropped: Double
    ) {
        self.version = version
        norm1 = LayerNorm(shape.width)
        attn =
            version == .v1
            ? TableAttention(shape, shift: shift, dropout, attentionDropout)
            : CosineAttention(shape, shift: shift, dropout, attentionDropout)
        stochasticDepth = StochasticDepth(dropped)
        norm2 = LayerNorm(shape.width)
        mlp = MLP(shape.width, hidden: 4 * shape.width, dropout: dropout)
    }

    func forward(_ x: Tensor) -> Tensor {
        switch version {
        case .v1:
            let y = x + stochasticDepth(attn(norm1(x)))
            return y + stochasticDepth(mlp(norm2(y)))
        case .v2:
            let y = x + stochasticDepth(norm1(attn(x)))
            return y + stochasticDepth(norm2(mlp(y)))
        }
    }
}
