import HearthNN
import HearthTensor

/// torchvision's `inception_v3`: 27.2 million parameters, 23.8 million without the auxiliary head. With torchvision's
/// weights it has none, and does what they expect of its input.
public let inceptionV3 = ImageModel("inception_v3") {
    InceptionV3(classes: $0)
} pretrained: {
    $0.transformInput = true
    $0.auxLogits = nil
}

/// Blocks of branches with large kernels divided into small ones, and an auxiliary head for training; for images of
/// 299 × 299, at least 75 × 75.
///
/// Source: Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", 2016,
/// <https://arxiv.org/abs/1512.00567>. torchvision's `Inception3`.
public final class InceptionV3: Module, Layer {
    /// The layers up to the auxiliary head.
    private let start = Sequential([
        "Conv2d_1a_3x3": BasicConv2d(3, 32, kernelSize: 3, stride: 2),
        "Conv2d_2a_3x3": BasicConv2d(32, 32, kernelSize: 3),
        "Conv2d_2b_3x3": BasicConv2d(32, 64, kernelSize: 3, padding: 1), "maxpool1": MaxPool2d(3, stride: 2),
        "Conv2d_3b_1x1": BasicConv2d(64, 80, kernelSize: 1), "Conv2d_4a_3x3": BasicConv2d(80, 192, kernelSize: 3),
        "maxpool2": MaxPool2d(3, stride: 2), "Mixed_5b": InceptionBlock.a(192, pooled: 32),
        "Mixed_5c": InceptionBlock.a(256, pooled: 64), "Mixed_5d": InceptionBlock.a(288, pooled: 64),
        "Mixed_6a": InceptionBlock.b(288), "Mixed_6b": InceptionBlock.c(768, 128),
        "Mixed_6c": InceptionBlock.c(768, 160), "Mixed_6d": InceptionBlock.c(768, 160),
        "Mixed_6e": InceptionBlock.c(768, 192),
    ])
    /// The auxiliary head; nil for none.
    public var auxLogits: (any Layer)?
    /// The layers after it.
    private let end = Sequential([
        "Mixed_7a": InceptionBlock.d(768), "Mixed_7b": InceptionBlock.e(1280), "Mixed_7c": InceptionBlock.e(2048),
        "avgpool": AdaptiveAvgPool2d(1),
    ])
    private let dropout: Dropout
    /// The head.
    public var fc: any Layer
    /// Whether images normalised with ImageNet's mean and deviation are first brought to -1 … 1.
    public var transformInput: Bool

    /// A network for this number of classes.
    public init(classes: Int = 1000, auxLogits: Bool = true, transformInput: Bool = false, dropout: Double = 0.5) {
        let head = auxLogits ? InceptionHead(768, classes) : nil
        self.auxLogits = head
        self.dropout = Dropout(dropout)
        fc = Linear(2048, classes)
        self.transformInput = transformInput
        super.init()
        let normal: (Shape) -> Tensor = { Initialize.truncatedNormal($0, std: 0.1) }
        initializeWeights(conv: normal, linear: normal, linearBias: nil)
        head?.narrow()
    }

    public override var namedChildren: [(name: String, module: Module)] {
        start.namedChildren + (auxLogits.map { [("AuxLogits", $0)] } ?? []) + end.namedChildren
            + [("dropout", dropout), ("fc", fc)]
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor { logits(features(x)) }

    /// The logits of the head and, while training, of the auxiliary head. What torchvision's network returns.
    public func callWithAux(_ x: Tensor) -> (logits: Tensor, aux: Tensor?) {
        let x = features(x)
        return (logits(x), isTraining ? auxLogits.map { $0(x) } : nil)
    }

    private func features(_ x: Tensor) -> Tensor { start(transformInput ? x.fromImageNetToUnit() : x) }

    private func logits(_ x: Tensor) -> Tensor { fc(dropout(end(x).flatten(from: 1))) }
}

private final class InceptionHead: Module, Layer {
    private let conv0: BasicConv2d
    private let conv1 = BasicConv2d(128, 768, kernelSize: 5)
    private let fc: Linear

    init(_ inputs: Int, _ classes: Int) {
        conv0 = BasicConv2d(inputs, 128, kernelSize: 1)
        fc = Linear(768, classes)
    }

    /// Starts with smaller weights than the rest.
    func narrow() {
        conv1.conv.weight = Initialize.truncatedNormal(conv1.conv.$weight.shape, std: 0.01)
        fc.weight = Initialize.truncatedNormal(fc.$weight.shape, std: 0.001)
    }

    func forward(_ x: Tensor) -> Tensor {
        fc(conv1(conv0(x.avgPool2d(5, stride: 3))).adaptiveAvgPool2d(1).flatten(from: 1))
    }
}
