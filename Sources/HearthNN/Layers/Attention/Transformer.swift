import HearthTensor

/// Encoder layers one after another. PyTorch's `nn.TransformerEncoder`.
///
///     let encoder = TransformerEncoder(TransformerEncoderLayer(64, heads: 8, batchFirst: true), layers: 4)
public final class TransformerEncoder: Module, Layer {
    /// The layers, first to last.
    public let layers: ModuleList<TransformerEncoderLayer>
    /// What normalises the result, or nil.
    public let norm: LayerNorm?

    /// As many layers as asked for; `layer` is evaluated for each, so that each has weights of its own.
    public init(_ layer: @autoclosure () -> TransformerEncoderLayer, layers: Int, norm: LayerNorm? = nil) {
        self.layers = ModuleList((0..<layers).map { _ in layer() })
        self.norm = norm
    }

    /// Computes the result for `x`, every element of which sees all.
    public func forward(_ x: Tensor) -> Tensor { self(x, mask: nil) }

    /// Computes the result for `x`; masks as in `MultiheadAttention`.
    public func callAsFunction(
        _ x: Tensor, mask: Tensor? = nil, keyPaddingMask: Tensor? = nil, isCausal: Bool = false
    ) -> Tensor {
        let y = layers.reduce(x) { $1($0, mask: mask, keyPaddingMask: keyPaddingMask, isCausal: isCausal) }
        return norm.map { $0(y) } ?? y
    }
}

/// Decoder layers one after another. PyTorch's `nn.TransformerDecoder`.
public final class TransformerDecoder: Module {
    /// The layers, first to last.
    public let layers: ModuleList<TransformerDecoderLayer>
    /// What normalises the result, or nil.
    public let norm: LayerNorm?

    /// As many layers as asked for; `layer` is evaluated for each, so that each has weights of its own.
    public init(_ layer: @autoclosure () -> TransformerDecoderLayer, layers: Int, norm: LayerNorm? = nil) {
        self.layers = ModuleList((0..<layers).map { _ in layer() })
        self.norm = norm
    }

    /// Computes the result for `x` and the encoder's results `memory`; masks as in `MultiheadAttention`.
    public func callAsFunction(
        _ x: Tensor, _ memory: Tensor, mask: Tensor? = nil, memoryMask: Tensor? = nil, keyPaddingMask: Tensor? = nil,
        memoryKeyPaddingMask: Tensor? = nil, isCausal: Bool = false, memoryIsCausal: Bool = false
    ) -> Tensor {
        let y = layers.reduce(x) { x, layer in
            layer(
                x, memory, mask: mask, memoryMask: memoryMask, keyPaddingMask: keyPaddingMask,
                memoryKeyPaddingMask: memoryKeyPaddingMask, isCausal: isCausal, memoryIsCausal: memoryIsCausal)
        }
        return norm.map { $0(y) } ?? y
    }
}

/// An encoder and a decoder that looks at its results. PyTorch's `nn.Transformer`.
///
///     let transformer = Transformer(64, heads: 4, encoderLayers: 2, decoderLayers: 2, batchFirst: true)
///     let output = transformer(source, target, targetIsCausal: true)   // of the shape of target
///
/// Source: Vaswani et al., "Attention Is All You Need", 2017 (<https://arxiv.org/abs/1706.03762>).
public final class Transformer: Module {
    /// What reads the source.
    public let encoder: TransformerEncoder
    /// What makes the target.
    public let decoder: TransformerDecoder

    /// A transformer with PyTorch's defaults. Matrices start with Xavier's uniform distribution.
    public init(
        _ features: Int = 512, heads: Int = 8, encoderLayers: Int = 6, decoderLayers: Int = 6, feedforward: Int = 2048,
        dropout: Double = 0.1, activation: TransformerActivation = .relu, epsilon: Double = 1e-5,
        batchFirst: Bool = false, normFirst: Bool = false, bias: Bool = true, generator: Generator? = nil
    ) {
        let options = TransformerOptions(
            features: features, heads: heads, feedforward: feedforward, dropout: dropout, activation: activation,
            epsilon: epsilon, batchFirst: batchFirst, normFirst: normFirst, bias: bias, generator: generator)
        encoder = TransformerEncoder(TransformerEncoderLayer(options), layers: encoderLayers, norm: options.norm())
        decoder = TransformerDecoder(TransformerDecoderLayer(options), layers: decoderLayers, norm: options.norm())
        super.init()
        for parameter in parameters where parameter.shape.count > 1 {
            parameter.tensor = Initialize.xavierUniform(parameter.shape, generator: generator)
        }
    }

    /// The decoder's results for `target`, looking at the encoder's for `source`; masks as in `MultiheadAttention`.
    public func callAsFunction(
        _ source: Tensor, _ target: Tensor, sourceMask: Tensor? = nil, targetMask: Tensor? = nil,
        memoryMask: Tensor? = nil, sourceKeyPaddingMask: Tensor? = nil, targetKeyPaddingMask: Tensor? = nil,
        memoryKeyPaddingMask: Tensor? = nil, sourceIsCausal: Bool = false, targetIsCausal: Bool = false,
        memoryIsCausal: Bool = false
    ) -> Tensor {
        let memory = encoder(
            source, mask: sourceMask, keyPaddingMask: sourceKeyPaddingMask, isCausal: sourceIsCausal)
        return decoder(
            target, memory, mask: targetMask, memoryMask: memoryMask, keyPaddingMask: targetKeyPaddingMask,
            memoryKeyPaddingMask: memoryKeyPaddingMask, isCausal: targetIsCausal, memoryIsCausal: memoryIsCausal)
    }

    /// A mask `[n, n]` of numbers to add, under which an element sees those before it and itself.
    public static func generateSquareSubsequentMask(_ n: Int, dtype: DType = .float32) -> Tensor {
        Tensor.zeros([n, n], dtype: dtype).maskedFill(
            Tensor.ones([n, n]).triu(diagonal: 1) != 0, with: -Double.infinity)
    }
}
