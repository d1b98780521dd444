import HearthTensor

/// Sets whole channels of `[N, C, L]` or `[C, L]` to 0 with a probability while training. PyTorch's `nn.Dropout1d`.
///
/// Source: Tompson et al., "Efficient Object Localization Using Convolutional Networks", 2015.
public final class Dropout1d: ChannelDropout, Layer {
    /// A layer that drops with `probability`, by default one half.
    public init(_ probability: Double = 0.5, generator: Generator? = nil) {
        super.init("Dropout1d", probability, generator) { $0.dropout1d($1, generator: $2) }
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { dropped(x) }
}

/// Sets whole channels of `[N, C, H, W]` or `[N, C, L]` to 0 with a probability while training. PyTorch's
/// `nn.Dropout2d`.
public final class Dropout2d: ChannelDropout, Layer {
    /// A layer that drops with `probability`, by default one half.
    public init(_ probability: Double = 0.5, generator: Generator? = nil) {
        super.init("Dropout2d", probability, generator) { $0.dropout2d($1, generator: $2) }
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { dropped(x) }
}

/// Sets whole channels of `[N, C, D, H, W]` or `[C, D, H, W]` to 0 with a probability while training. PyTorch's
/// `nn.Dropout3d`.
public final class Dropout3d: ChannelDropout, Layer {
    /// A layer that drops with `probability`, by default one half.
    public init(_ probability: Double = 0.5, generator: Generator? = nil) {
        super.init("Dropout3d", probability, generator) { $0.dropout3d($1, generator: $2) }
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { dropped(x) }
}

/// What layers that drop whole channels have in common.
public class ChannelDropout: Module {
    /// The probability of a channel to be dropped.
    public let probability: Double
    private let generator: Generator?
    private let drop: (Tensor, Double, Generator?) -> Tensor

    init(
        _ name: String, _ probability: Double, _ generator: Generator?,
        drop: @escaping (Tensor, Double, Generator?) -> Tensor
    ) {
        require((0...1).contains(probability), "\(name)", "probability \(probability) is not in 0...1")
        self.probability = probability
        self.generator = generator
        self.drop = drop
    }

    func dropped(_ x: Tensor) -> Tensor {
        // With probability 0 the function drops nothing but still checks the shape, so that evaluation finds the same
        // mistakes as training.
        drop(x, isTraining ? probability : 0, generator)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "p=\(probability), inplace=False" }
}

/// Dropout for networks of `SELU`: dropped elements get the function's lowest value, and the others are scaled and moved
/// so that mean and variance stay. PyTorch's `nn.AlphaDropout`.
///
/// Source: Klambauer et al., "Self-Normalizing Neural Networks", 2017 (<https://arxiv.org/abs/1706.02515>).
public final class AlphaDropout: Module, Layer {
    /// The probability of an element to be dropped.
    public let probability: Double
    private let generator: Generator?

    /// A layer that drops with `probability`, by default one half.
    public init(_ probability: Double = 0.5, generator: Generator? = nil) {
        require((0...1).contains(probability), "AlphaDropout", "probability \(probability) is not in 0...1")
        self.probability = probability
        self.generator = generator
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        isTraining ? x.alphaDropout(probability, generator: generator) : x
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "p=\(probability), inplace=False" }
}

/// `AlphaDropout` of whole channels of `[N, C, …]`. PyTorch's `nn.FeatureAlphaDropout`.
public final class FeatureAlphaDropout: Module, Layer {
    /// The probability of a channel to be dropped.
    public let probability: Double
    private let generator: Generator?

    /// A layer that drops with `probability`, by default one half.
    public init(_ probability: Double = 0.5, generator: Generator? = nil) {
        require((0...1).contains(probability), "FeatureAlphaDropout", "probability \(probability) is not in 0...1")
        self.probability = probability
        self.generator = generator
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        isTraining ? x.featureAlphaDropout(probability, generator: generator) : x
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "p=\(probability), inplace=False" }
}

/// Drops whole samples, or the whole batch, with a probability while training and scales what stays, so that a residual
/// branch is left out now and then. torchvision's `ops.StochasticDepth`.
///
/// Source: Huang et al., "Deep Networks with Stochastic Depth", 2016 (<https://arxiv.org/abs/1603.09382>).
public final class StochasticDepth: Module, Layer {
    /// What is dropped at once.
    public enum Mode: Sendable {
        /// Everything.
        case batch
        /// Each sample (first dimension) by itself.
        case row
    }

    /// The probability to be dropped.
    public let probability: Double
    /// What is dropped at once.
    public let mode: Mode
    private let generator: Generator?

    /// A layer that drops with `probability`.
    public init(_ probability: Double, mode: Mode = .row, generator: Generator? = nil) {
        require((0...1).contains(probability), "StochasticDepth", "probability \(probability) is not in 0...1")
        self.probability = probability
        self.mode = mode
        self.generator = generator
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        guard isTraining, probability > 0 else { return x }
        return x * x.noise(mode == .row ? 1 : 0).dropout(probability, generator: generator)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "p=\(probability), mode=\(mode)" }
}
