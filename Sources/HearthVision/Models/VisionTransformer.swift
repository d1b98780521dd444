import HearthNN
import HearthTensor

/// torchvision's `vit_b_16`: patches of 16 × 16, 86.6 million parameters.
public let vitB16 = ImageModel(
    "vit_b_16",
    sized: {
        VisionTransformer(
            imageSize: $1, patchSize: 16, layers: 12, heads: 12, width: 768, hidden: 3072, classes: $0)
    })
/// torchvision's `vit_b_32`: patches of 32 × 32, 88.2 million parameters.
public let vitB32 = ImageModel(
    "vit_b_32",
    sized: {
        VisionTransformer(
            imageSize: $1, patchSize: 32, layers: 12, heads: 12, width: 768, hidden: 3072, classes: $0)
    })
/// torchvision's `vit_l_16`: patches of 16 × 16, 304.3 million parameters.
public let vitL16 = ImageModel(
    "vit_l_16",
    sized: {
        VisionTransformer(
            imageSize: $1, patchSize: 16, layers: 24, heads: 16, width: 1024, hidden: 4096, classes: $0)
    })
/// torchvision's `vit_l_32`: patches of 32 × 32, 306.5 million parameters.
public let vitL32 = ImageModel(
    "vit_l_32",
    sized: {
        VisionTransformer(
            imageSize: $1, patchSize: 32, layers: 24, heads: 16, width: 1024, hidden: 4096, classes: $0)
    })
/// torchvision's `vit_h_14`: patches of 14 × 14, 632.0 million parameters.
public let vitH14 = ImageModel(
    "vit_h_14",
    sized: {
        VisionTransformer(
            imageSize: $1, patchSize: 14, layers: 32, heads: 16, width: 1280, hidden: 5120, classes: $0)
    })

/// An image as a sentence of patches, read by a transformer. Images have one size.
///
///     let model = vitB16(classes: 10)
///     model.heads["head"] = Linear(768, 5)
///
/// Source: Dosovitskiy et al., "An Image is Worth 16x16 Words", 2021, <https://arxiv.org/abs/2010.11929>.
public final class VisionTransformer: Module, Layer {
    /// The vector `[1, 1, width]` before the patches whose place in the result is classified.
    @Param public var classToken: Tensor
    private let convProj: Conv2d
    private let encoder: VisionEncoder
    /// The head, `heads["head"]`; with a representation size `pre_logits` and `act` before it.
    public let heads: Sequential
    private let imageSize: Int

    /// A network for square images.
    /// - Parameters:
    ///   - imageSize: The height and width of images: a multiple of the patches'.
    ///   - layers: The blocks of attention and two fully connected layers.
    ///   - heads: Into how many parts attention divides the width.
    ///   - width: The features of a patch.
    ///   - hidden: The features between the two fully connected layers.
    ///   - representationSize: The features of one more layer before the head.
    public init(
        imageSize: Int = 224, patchSize: Int, layers: Int, heads: Int, width: Int, hidden: Int, dropout: Double = 0,
        attentionDropout: Double = 0, classes: Int = 1000, representationSize: Int? = nil
    ) {
        require(
            imageSize % patchSize == 0 && width % heads == 0, "VisionTransformer",
            "\(imageSize) pixels must be divisible into patches of \(patchSize), and width "
                + "\(width) into \(heads) heads")
        self.imageSize = imageSize
        classToken = .zeros([1, 1, width])
        convProj = Conv2d(3, width, kernelSize: patchSize, stride: patchSize)
        let patches = (imageSize / patchSize) * (imageSize / patchSize)
        encoder = VisionEncoder(
            patches + 1, layers, heads: heads, width: width, hidden: hidden, dropout, attentionDropout)
        self.heads = Sequential([])
        if let size = representationSize {
            self.heads.append(Linear(width, size), named: "pre_logits")
            self.heads.append(Tanh(), named: "act")
        }
        self.heads.append(Linear(representationSize ?? width, classes), named: "head")
        super.init()
        convProj.initializeWeights(conv: Self.byInputs)
        self.heads.initializeWeights(linear: Self.byInputs)
        if let head = self.heads["head"] as? Linear { head.weight = .zeros(head.$weight.shape) }
    }

    private static func byInputs(_ shape: Shape) -> Tensor {
        Initialize.truncatedNormal(shape, std: (1 / Double(Initialize.fans(shape).in)).squareRoot())
    }

    /// The logits `[N, classes]` of images `[N, 3, imageSize, imageSize]`.
    public func forward(_ x: Tensor) -> Tensor {
        guard x.rank == 4, x.shape[2] == imageSize, x.shape[3] == imageSize else {
            stop(
                "VisionTransformer", [x.spec], "images [N, 3, \(imageSize), \(imageSize)] are expected")
            return x
        }
        let patches = convProj(x).flatten(from: 2).transpose(1, 2)
        let token = classToken.expand(to: [x.shape[0], 1, patches.shape[2]])
        return heads(encoder(Tensor.cat([token, patches], dim: 1)).select(1, 0))
    }
}

private final class VisionEncoder: Module, Layer {
    /// `[1, patches + 1, width]`.
    @Param private var posEmbedding: Tensor
    private let dropout: Dropout
    private let layers = Sequential([])
    private let ln: LayerNorm

    init(
        _ length: Int, _ count: Int, heads: Int, width: Int, hidden: Int, _ dropout: Double, _ attentionDropout: Double
    ) {
        posEmbedding = Initialize.normal([1, length, width], std: 0.02)
        self.dropout = Dropout(dropout)
        for i in 0..<count {
            layers.append(
                VisionBlock(heads: heads, width: width, hidden: hidden, dropout, attentionDropout),
                named: "encoder_layer_\(i)")
        }
        ln = LayerNorm(width, epsilon: 1e-6)
    }

    func forward(_ x: Tensor) -> Tensor { ln(layers(dropout(x + posEmbedding))) }
}

private final class VisionBlock: Module, Layer {
    private let ln1: LayerNorm
    private let selfAttention: MultiheadAttention
    private let dropout: Dropout
    private let ln2: LayerNorm
    private let mlp: MLP

    init(heads: Int, width: Int, hidden: Int, _ dropout: Double, _ attentionDropout: Double) {
        ln1 = LayerNorm(width, epsilon: 1e-6)
        selfAttention = MultiheadAttention(width, heads: heads, dropout: attentionDropout, batchFirst: true)
        self.dropout = Dropout(dropout)
        ln2 = LayerNorm(width, epsilon: 1e-6)
        mlp = MLP(width, hidden: hidden, dropout: dropout)
    }

    override var namedChildren: [(name: String, module: Module)] {
        [("ln_1", ln1), ("self_attention", selfAttention), ("dropout", dropout), ("ln_2", ln2), ("mlp", mlp)]
    }

    func forward(_ x: Tensor) -> Tensor {
        let normal = ln1(x)
        let y = x + dropout(selfAttention(normal, normal, normal, needWeights: false).output)
        return y + mlp(ln2(y))
    }
}
