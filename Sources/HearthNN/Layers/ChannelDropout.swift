import HearthTensor

/// Sets whole channels of `[N, C, L]` or `[C, L]` to 0 with a probability while training. PyTorch's `nn.Dropout1d`.
///
/// Source: Tompson et al., "Efficient Object Localization Using Convolutional Networks", 2015.
public final class Dropout1d: ChannelDropout, Layer {
    /// A layer that drops with `probability`, by default one half.
    public init(_ probability: Double = 0.5, generator: Generator? = nil) {
        super.init("Dropout1d", probability, ranks: 2...3, generator)
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { dropped(x, channelDimensions: x.rank - 1) }
}

/// Sets whole channels of `[N, C, H, W]` or `[N, C, L]` to 0 with a probability while training. PyTorch's
/// `nn.Dropout2d`.
public final class Dropout2d: ChannelDropout, Layer {
    /// A layer that drops with `probability`, by default one half.
    public init(_ probability: Double = 0.5, generator: Generator? = nil) {
        super.init("Dropout2d", probability, ranks: 3...4, generator)
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { dropped(x, channelDimensions: 2) }
}

/// Sets whole channels of `[N, C, D, H, W]` or `[C, D, H, W]` to 0 with a probability while training. PyTorch's
/// `nn.Dropout3d`.
public final class Dropout3d: ChannelDropout, Layer {
    /// A layer that drops with `probability`, by default one half.
    public init(_ probability: Double = 0.5, generator: Generator? = nil) {
        super.init("Dropout3d", probability, ranks: 4...5, generator)
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { dropped(x, channelDimensions: x.rank - 3) }
}

/// What layers that drop whole channels have in common.
public class ChannelDropout: Module {
    /// The probability of a channel to be dropped.
    public let probability: Double
    private let name: String
    private let ranks: ClosedRange<Int>
    private let generator: Generator?

    init(_ name: String, _ probability: Double, ranks: ClosedRange<Int>, _ generator: Generator?) {
        guard (0...1).contains(probability) else { fatalError("\(name): probability \(probability) is not in 0...1") }
        self.name = name
        self.probability = probability
        self.ranks = ranks
        self.generator = generator
    }

    func dropped(_ x: Tensor, channelDimensions: Int) -> Tensor {
        guard ranks.contains(x.rank) else {
            ShapeError.report(name, [x.spec], "\(ranks.lowerBound) or \(ranks.upperBound) dimensions are expected")
            return x
        }
        guard isTraining, x.device != .meta else { return x }
        return x * x.noise(channelDimensions).dropout(probability, generator: generator)
    }
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
        guard (0...1).contains(probability) else {
            fatalError("AlphaDropout: probability \(probability) is not in 0...1")
        }
        self.probability = probability
        self.generator = generator
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        isTraining ? x.alphaDropout(probability, noiseDimensions: x.rank, generator) : x
    }
}

/// `AlphaDropout` of whole channels of `[N, C, …]`. PyTorch's `nn.FeatureAlphaDropout`.
public final class FeatureAlphaDropout: Module, Layer {
    /// The probability of a channel to be dropped.
    public let probability: Double
    private let generator: Generator?

    /// A layer that drops with `probability`, by default one half.
    public init(_ probability: Double = 0.5, generator: Generator? = nil) {
        guard (0...1).contains(probability) else {
            fatalError("FeatureAlphaDropout: probability \(probability) is not in 0...1")
        }
        self.probability = probability
        self.generator = generator
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        isTraining ? x.alphaDropout(probability, noiseDimensions: 2, generator) : x
    }
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
        guard (0...1).contains(probability) else {
            fatalError("StochasticDepth: probability \(probability) is not in 0...1")
        }
        self.probability = probability
        self.mode = mode
        self.generator = generator
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        guard isTraining, probability > 0, x.device != .meta else { return x }
        return x * x.noise(mode == .row ? 1 : 0).dropout(probability, generator: generator)
    }
}

extension Tensor {
    /// Ones with the first sizes of this tensor, 1 in all other dimensions: what noise is drawn for.
    fileprivate func noise(_ dimensions: Int) -> Tensor {
        Tensor.ones(Shape(shape.enumerated().map { $0 < dimensions ? $1 : 1 }), dtype: dtype)
    }

    fileprivate func alphaDropout(_ probability: Double, noiseDimensions: Int, _ generator: Generator?) -> Tensor {
        if probability == 0 || device == .meta { return self }
        if probability == 1 { return self * 0 }
        // The lowest value of SELU, -lambda alpha.
        let lowest = -1.7580993408473766
        let scale = 1 / ((lowest * lowest * probability + 1) * (1 - probability)).squareRoot()
        let kept = noise(noiseDimensions).dropout(probability, generator: generator) * (1 - probability)
        return self * (kept * scale) + (1 - kept) * (lowest * scale) - lowest * scale * probability
    }
}
