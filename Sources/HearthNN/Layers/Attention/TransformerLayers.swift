import HearthTensor

/// The function between the two matrices of a transformer layer.
public enum TransformerActivation: Sendable {
    case relu, gelu

    func callAsFunction(_ x: Tensor) -> Tensor { self == .relu ? x.relu() : x.gelu() }
}

/// What layers of encoders and decoders share: their sizes, and the part after attention.
struct TransformerOptions {
    var features: Int
    var heads: Int
    var feedforward: Int
    var dropout: Double
    var activation: TransformerActivation
    var epsilon: Double
    var batchFirst: Bool
    var normFirst: Bool
    var bias: Bool
    var generator: Generator?

    func attention() -> MultiheadAttention {
        MultiheadAttention(
            features, heads: heads, dropout: dropout, bias: bias, batchFirst: batchFirst, generator: generator)
    }
    func norm() -> LayerNorm { LayerNorm(features, epsilon: epsilon, bias: bias) }
    func widening() -> Linear { Linear(features, feedforward, bias: bias, generator: generator) }
    func narrowing() -> Linear { Linear(feedforward, features, bias: bias, generator: generator) }
    func drop() -> Dropout { Dropout(dropout, generator: generator) }
}

/// Self-attention and two matrices, each with a way around it. PyTorch's `nn.TransformerEncoderLayer`.
///
/// `[L, n, features]` to the same, or `[n, L, features]` with `batchFirst`. With `normFirst` each part is
/// `x + part(norm(x))`, otherwise `norm(x + part(x))`.
public final class TransformerEncoderLayer: Module, Layer {
    /// The attention.
    public let selfAttn: MultiheadAttention
    /// The matrices after it.
    public let linear1, linear2: Linear
    /// The normalisation of each part.
    public let norm1, norm2: LayerNorm
    private let dropout, dropout1, dropout2: Dropout
    private let activation: TransformerActivation
    private let normFirst: Bool

    /// A layer with PyTorch's defaults; `features` is PyTorch's `d_model`, `heads` its `nhead`.
    public convenience init(
        _ features: Int, heads: Int, feedforward: Int = 2048, dropout: Double = 0.1,
        activation: TransformerActivation = .relu, epsilon: Double = 1e-5, batchFirst: Bool = false,
        normFirst: Bool = false, bias: Bool = true, generator: Generator? = nil
    ) {
        self.init(
            TransformerOptions(
                features: features, heads: heads, feedforward: feedforward, dropout: dropout, activation: activation,
                epsilon: epsilon, batchFirst: batchFirst, normFirst: normFirst, bias: bias, generator: generator))
    }

    init(_ options: TransformerOptions) {
        selfAttn = options.attention()
        linear1 = options.widening()
        linear2 = options.narrowing()
        norm1 = options.norm()
        norm2 = options.norm()
        dropout = options.drop()
        dropout1 = options.drop()
        dropout2 = options.drop()
        activation = options.activation
        normFirst = options.normFirst
    }

    /// Computes the result for `x`, every element of which sees all.
    public func forward(_ x: Tensor) -> Tensor { self(x, mask: nil) }

    /// Computes the result for `x`; masks as in `MultiheadAttention`.
    public func callAsFunction(
        _ x: Tensor, mask: Tensor? = nil, keyPaddingMask: Tensor? = nil, isCausal: Bool = false
    ) -> Tensor {
        func attend(_ x: Tensor) -> Tensor {
            dropout1(
                selfAttn(
                    x, x, x, keyPaddingMask: keyPaddingMask, mask: mask, isCausal: isCausal, needWeights: false
                ).output)
        }
        func feed(_ x: Tensor) -> Tensor { dropout2(linear2(dropout(activation(linear1(x))))) }
        if normFirst {
            let y = x + attend(norm1(x))
            return y + feed(norm2(y))
        }
        let y = norm1(x + attend(x))
        return norm2(y + feed(y))
    }
}

/// Self-attention, attention to an encoder's results, and two matrices, each with a way around it. PyTorch's
/// `nn.TransformerDecoderLayer`.
public final class TransformerDecoderLayer: Module {
    /// The attention to the layer's own input.
    public let selfAttn: MultiheadAttention
    /// The attention to the encoder's results.
    public let multiheadAttn: MultiheadAttention
    /// The matrices after it.
    public let linear1, linear2: Linear
    /// The normalisation of each part.
    public let norm1, norm2, norm3: LayerNorm
    private let dropout, dropout1, dropout2, dropout3: Dropout
    private let activation: TransformerActivation
    private let normFirst: Bool

    /// A layer with PyTorch's defaults; `features` is PyTorch's `d_model`, `heads` its `nhead`.
    public convenience init(
        _ features: Int, heads: Int, feedforward: Int = 2048, dropout: Double = 0.1,
        activation: TransformerActivation = .relu, epsilon: Double = 1e-5, batchFirst: Bool = false,
        normFirst: Bool = false, bias: Bool = true, generator: Generator? = nil
    ) {
        self.init(
            TransformerOptions(
                features: features, heads: heads, feedforward: feedforward, dropout: dropout, activation: activation,
                epsilon: epsilon, batchFirst: batchFirst, normFirst: normFirst, bias: bias, generator: generator))
    }

    init(_ options: TransformerOptions) {
        selfAttn = options.attention()
        multiheadAttn = options.attention()
        linear1 = options.widening()
        linear2 = options.narrowing()
        norm1 = options.norm()
        norm2 = options.norm()
        norm3 = options.norm()
        dropout = options.drop()
        dropout1 = options.drop()
        dropout2 = options.drop()
        dropout3 = options.drop()
        activation = options.activation
        normFirst = options.normFirst
    }

    /// Computes the result for `x` and the encoder's results `memory`; masks as in `MultiheadAttention`.
    public func callAsFunction(
        _ x: Tensor, _ memory: Tensor, mask: Tensor? = nil, memoryMask: Tensor? = nil, keyPaddingMask: Tensor? = nil,
        memoryKeyPaddingMask: Tensor? = nil, isCausal: Bool = false, memoryIsCausal: Bool = false
    ) -> Tensor {
        func attend(_ x: Tensor) -> Tensor {
            dropout1(
                selfAttn(
                    x, x, x, keyPaddingMask: keyPaddingMask, mask: mask, isCausal: isCausal, needWeights: false
                ).output)
        }
        func look(_ x: Tensor) -> Tensor {
            dropout2(
                multiheadAttn(
                    x, memory, memory, keyPaddingMask: memoryKeyPaddingMask, mask: memoryMask,
                    isCausal: memoryIsCausal, needWeights: false
                ).output)
        }
        func feed(_ x: Tensor) -> Tensor { dropout3(linear2(dropout(activation(linear1(x))))) }
        if normFirst {
            let y = x + attend(norm1(x))
            let z = y + look(norm2(y))
            return z + feed(norm3(z))
        }
        let y = norm1(x + attend(x))
        let z = norm2(y + look(y))
        return norm3(z + feed(z))
    }
}
