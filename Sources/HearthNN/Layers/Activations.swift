import HearthTensor

// Activation functions as layers. None changes the shape but `GLU`, which halves a dimension; what they compute is
// documented at the tensor's methods.

/// `max(x, 0)`. PyTorch's `nn.ReLU`.
public final class ReLU: Module, Layer {
    /// The layer.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.relu() }
}

/// `min(max(x, 0), 6)`. PyTorch's `nn.ReLU6`.
public final class ReLU6: Module, Layer {
    /// The layer.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.relu6() }
}

/// `1 / (1 + exp(-x))`. PyTorch's `nn.Sigmoid`.
public final class Sigmoid: Module, Layer {
    /// The layer.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.sigmoid() }
}

/// `log(sigmoid(x))`. PyTorch's `nn.LogSigmoid`.
public final class LogSigmoid: Module, Layer {
    /// The layer.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.logSigmoid() }
}

/// `tanh(x)`. PyTorch's `nn.Tanh`.
public final class Tanh: Module, Layer {
    /// The layer.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.tanh() }
}

/// `x * sigmoid(x)`. PyTorch's `nn.SiLU`.
public final class SiLU: Module, Layer {
    /// The layer.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.silu() }
}

/// `x * tanh(softplus(x))`. PyTorch's `nn.Mish`.
public final class Mish: Module, Layer {
    /// The layer.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.mish() }
}

/// `x / (1 + |x|)`. PyTorch's `nn.Softsign`.
public final class Softsign: Module, Layer {
    /// The layer.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.softsign() }
}

/// `clamp(x / 6 + 0.5, 0, 1)`. PyTorch's `nn.Hardsigmoid`.
public final class Hardsigmoid: Module, Layer {
    /// The layer.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.hardSigmoid() }
}

/// `x * hardsigmoid(x)`. PyTorch's `nn.Hardswish`.
public final class Hardswish: Module, Layer {
    /// The layer.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.hardSwish() }
}

/// The scaled exponential linear unit. PyTorch's `nn.SELU`.
public final class SELU: Module, Layer {
    /// The layer.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.selu() }
}

/// `x - tanh(x)`. PyTorch's `nn.Tanhshrink`.
public final class Tanhshrink: Module, Layer {
    /// The layer.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.tanhshrink() }
}

/// `x Φ(x), or its approximation with tanh`. PyTorch's `nn.GELU`.
public final class GELU: Module, Layer {
    /// The form that is computed.
    public let approximate: GELUApproximation

    /// The layer with its constants.
    public init(approximate: GELUApproximation = .none) {
        self.approximate = approximate
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.gelu(approximate: approximate) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "approximate='\(approximate)'" }
}

/// `log(1 + exp(beta x)) / beta, and x above the threshold`. PyTorch's `nn.Softplus`.
public final class Softplus: Module, Layer {
    /// The steepness.
    public let beta: Double
    /// Where `beta * x` is above it, `x` is given.
    public let threshold: Double

    /// The layer with its constants.
    public init(beta: Double = 1, threshold: Double = 20) {
        self.beta = beta
        self.threshold = threshold
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.softplus(beta: beta, threshold: threshold) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "beta=\(beta), threshold=\(threshold)" }
}

/// X brought into a range. PyTorch's `nn.Hardtanh`.
public final class Hardtanh: Module, Layer {
    /// The lower bound.
    public let min: Double
    /// The upper bound.
    public let max: Double

    /// The layer with its constants.
    public init(min: Double = -1, max: Double = 1) {
        self.min = min
        self.max = max
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.hardTanh(min: min, max: max) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "min_val=\(min), max_val=\(max)" }
}

/// X, and slope * x below 0. PyTorch's `nn.LeakyReLU`.
public final class LeakyReLU: Module, Layer {
    /// The factor below 0.
    public let slope: Double

    /// The layer with its constants.
    public init(slope: Double = 0.01) {
        self.slope = slope
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.leakyReLU(slope: slope) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "negative_slope=\(slope)" }
}

/// `x, and alpha (exp(x) - 1) below 0`. PyTorch's `nn.ELU`.
public final class ELU: Module, Layer {
    /// The factor below 0.
    public let alpha: Double

    /// The layer with its constants.
    public init(alpha: Double = 1) {
        self.alpha = alpha
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.elu(alpha: alpha) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "alpha=\(alpha)" }
}

/// `x, and alpha (exp(x / alpha) - 1) below 0`. PyTorch's `nn.CELU`.
public final class CELU: Module, Layer {
    /// The factor below 0.
    public let alpha: Double

    /// The layer with its constants.
    public init(alpha: Double = 1) {
        self.alpha = alpha
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.celu(alpha: alpha) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "alpha=\(alpha)" }
}

/// X moved towards 0 by lambda. PyTorch's `nn.Softshrink`.
public final class Softshrink: Module, Layer {
    /// The distance.
    public let lambda: Double

    /// The layer with its constants.
    public init(lambda: Double = 0.5) {
        self.lambda = lambda
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.softshrink(lambda: lambda) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "\(lambda)" }
}

/// X, and 0 where |x| is at most lambda. PyTorch's `nn.Hardshrink`.
public final class Hardshrink: Module, Layer {
    /// The bound.
    public let lambda: Double

    /// The layer with its constants.
    public init(lambda: Double = 0.5) {
        self.lambda = lambda
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.hardshrink(lambda: lambda) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "\(lambda)" }
}

/// The first half of a dimension times the sigmoid of the second. PyTorch's `nn.GLU`.
public final class GLU: Module, Layer {
    /// The dimension that is halved.
    public let dim: Int

    /// The layer with its constants.
    public init(dim: Int = -1) {
        self.dim = dim
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.glu(dim: dim) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "dim=\(dim)" }
}

/// `exp(x) / sum(exp(x)) along a dimension`. PyTorch's `nn.Softmax`.
public final class Softmax: Module, Layer {
    /// The dimension whose elements sum to 1.
    public let dim: Int

    /// The layer with its constants.
    public init(dim: Int) {
        self.dim = dim
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.softmax(dim: dim) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "dim=\(dim)" }
}

/// The logarithm of softmax along a dimension. PyTorch's `nn.LogSoftmax`.
public final class LogSoftmax: Module, Layer {
    /// The dimension whose exponentials sum to 1.
    public let dim: Int

    /// The layer with its constants.
    public init(dim: Int) {
        self.dim = dim
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.logSoftmax(dim: dim) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "dim=\(dim)" }
}

/// The softmax of -x along a dimension. PyTorch's `nn.Softmin`.
public final class Softmin: Module, Layer {
    /// The dimension whose elements sum to 1.
    public let dim: Int

    /// The layer with its constants.
    public init(dim: Int) {
        self.dim = dim
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.softmin(dim: dim) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "dim=\(dim)" }
}

/// `x`, and `value` where `x` is at most `threshold`. PyTorch's `nn.Threshold`.
public final class Threshold: Module, Layer {
    /// The bound.
    public let threshold: Double
    /// What stands for elements at or below the bound.
    public let value: Double

    /// The layer with its constants.
    public init(_ threshold: Double, value: Double) {
        self.threshold = threshold
        self.value = value
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.threshold(threshold, value: value) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "threshold=\(threshold), value=\(value)" }
}

/// `x`, and `weight * x` below 0, with a trained weight. PyTorch's `nn.PReLU`.
///
/// Source: He et al., "Delving Deep into Rectifiers", 2015 (<https://arxiv.org/abs/1502.01852>).
public final class PReLU: Module, Layer {
    /// One factor, or one for each channel (dimension 1).
    @Param public var weight: Tensor

    /// A layer with one factor, or one for each of `channels`, that starts at `initial`.
    public init(channels: Int = 1, initial: Double = 0.25) { weight = .full([channels], initial) }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.prelu(weight) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "num_parameters=\($weight.count)" }
}

/// Softmax over the channels of an image `[n, c, h, w]` or `[c, h, w]`. PyTorch's `nn.Softmax2d`.
public final class Softmax2d: Module, Layer {
    /// The layer.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.softmax(dim: -3) }
}

/// While training `x` times a random slope in `lower ... upper` below 0, in evaluation times their mean. PyTorch's
/// `nn.RReLU`.
public final class RReLU: Module, Layer {
    /// The smallest slope.
    public let lower: Double
    /// The largest slope.
    public let upper: Double

    /// The layer with its bounds.
    public init(lower: Double = 1.0 / 8, upper: Double = 1.0 / 3) {
        self.lower = lower
        self.upper = upper
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        isTraining ? x.rrelu(lower: lower, upper: upper) : x.leakyReLU(slope: (lower + upper) / 2)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "lower=\(lower), upper=\(upper)" }
}
