/// Which form of the Gaussian error linear unit is computed.
public enum GELUApproximation: Sendable {
    /// `x Φ(x)` with the error function.
    case none
    /// With `tanh`, as in the first GPT.
    case tanh
}

// Activation functions, element by element; all keep shape and dtype.
extension Tensor {
    /// `max(x, 0)`; the derivative at 0 is 0, as in PyTorch.
    public func relu() -> Tensor { unary(.relu) }
    /// `min(max(x, 0), 6)`.
    public func relu6() -> Tensor { unary(.relu6) }
    /// `1 / (1 + exp(-x))`.
    public func sigmoid() -> Tensor { unary(.sigmoid) }
    /// `log(sigmoid(x))`, without overflow.
    public func logSigmoid() -> Tensor { unary(.logSigmoid) }
    /// The Gaussian error linear unit (<https://arxiv.org/abs/1606.08415>).
    public func gelu(approximate: GELUApproximation = .none) -> Tensor {
        unary(approximate == .tanh ? .geluTanh : .gelu)
    }
    /// `x * sigmoid(x)`, also called swish (<https://arxiv.org/abs/1702.03118>).
    public func silu() -> Tensor { unary(.silu) }
    /// `x * tanh(softplus(x))` (<https://arxiv.org/abs/1908.08681>).
    public func mish() -> Tensor { unary(.mish) }
    /// `log(1 + exp(beta * x)) / beta`, and `x` where `beta * x` is above `threshold`.
    public func softplus(beta: Double = 1, threshold: Double = 20) -> Tensor {
        unary(.softplus, Parameters(a: beta, b: threshold))
    }
    /// `x / (1 + |x|)`.
    public func softsign() -> Tensor { unary(.softsign) }
    /// `clamp(x / 6 + 0.5, 0, 1)`.
    public func hardSigmoid() -> Tensor { unary(.hardSigmoid) }
    /// `x * hardSigmoid(x)` (<https://arxiv.org/abs/1905.02244>).
    public func hardSwish() -> Tensor { unary(.hardSwish) }
    /// `x` brought into `min ... max`.
    public func hardTanh(min: Double = -1, max: Double = 1) -> Tensor { clamp(min: min, max: max) }
    /// `x`, and `slope * x` below 0.
    public func leakyReLU(slope: Double = 0.01) -> Tensor { unary(.leakyReLU, Parameters(a: slope)) }
    /// `x`, and `weight * x` below 0; `weight` has one element, or one for each of dimension 1.
    public func prelu(_ weight: Tensor) -> Tensor {
        var shape = Shape(repeating: 1, count: rank)
        if weight.count > 1 { shape[rank > 1 ? 1 : 0] = weight.count }
        return Tensor.where(self > 0, self, weight.reshape(weight.count > 1 || rank > 0 ? shape : []) * self)
    }
    /// `x`, and `alpha * (exp(x) - 1)` below 0 (<https://arxiv.org/abs/1511.07289>).
    public func elu(alpha: Double = 1) -> Tensor { unary(.elu, Parameters(a: alpha)) }
    /// The scaled exponential linear unit (<https://arxiv.org/abs/1706.02515>).
    public func selu() -> Tensor { unary(.selu) }
    /// `max(0, x) + min(0, alpha * (exp(x / alpha) - 1))`.
    public func celu(alpha: Double = 1) -> Tensor { unary(.celu, Parameters(a: alpha)) }
    /// `x - tanh(x)`.
    public func tanhshrink() -> Tensor { unary(.tanhshrink) }
    /// `x` moved towards 0 by `lambda`, and 0 where it would pass.
    public func softshrink(lambda: Double = 0.5) -> Tensor { unary(.softshrink, Parameters(a: lambda)) }
    /// `x`, and 0 where `|x| <= lambda`.
    public func hardshrink(lambda: Double = 0.5) -> Tensor { unary(.hardshrink, Parameters(a: lambda)) }
    /// `x`, and `value` where `x <= threshold`.
    public func threshold(_ threshold: Double, value: Double) -> Tensor {
        unary(.threshold, Parameters(a: threshold, b: value))
    }
    /// The first half of dimension `dim` times the sigmoid of the second (<https://arxiv.org/abs/1612.08083>).
    public func glu(dim: Int = -1) -> Tensor {
        guard shape[axis(dim, "glu")] % 2 == 0 else {
            return stop("glu", [spec], "dimension \(dim) must have an even size", fallback: self)
        }
        let halves = chunk(2, dim: dim)
        return halves[0] * halves[1].sigmoid()
    }
}
