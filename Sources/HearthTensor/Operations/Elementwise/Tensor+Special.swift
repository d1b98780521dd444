// Special functions and the parts of numbers, element by element. Integers become `float32` first where nothing else is
// said. Derivatives stand in the tables, `UnaryFunction` and `BinaryFunction`.
extension Tensor {
    /// The tensor itself; PyTorch's `positive`.
    public static prefix func + (x: Tensor) -> Tensor { x }

    /// The larger of each pair; a number rather than NaN. PyTorch's `fmax`.
    public func fmax(_ other: Tensor) -> Tensor { isDiscrete(other) ? maximum(other) : binary(.fmax, other) }
    /// The smaller of each pair; a number rather than NaN. PyTorch's `fmin`.
    public func fmin(_ other: Tensor) -> Tensor { isDiscrete(other) ? minimum(other) : binary(.fmin, other) }
    private func isDiscrete(_ other: Tensor) -> Bool { !dtype.isFloatingPoint && !other.dtype.isFloatingPoint }

    /// `log(exp(self) + exp(other))`, without overflow.
    public func logAddExp(_ other: Tensor) -> Tensor { binary(.logAddExp, other) }
    /// `log2(2^self + 2^other)`, without overflow.
    public func logAddExp2(_ other: Tensor) -> Tensor { binary(.logAddExp2, other) }
    /// 0 below 0, 1 above, and `values` at 0: the unit step. Keeps integer dtypes; has no derivative.
    public func heaviside(_ values: Tensor) -> Tensor { binary(.heaviside, values) }
    /// The greatest common divisor of integers, not negative.
    public func gcd(_ other: Tensor) -> Tensor { integers("gcd", other, .gcd) }
    /// The least common multiple of integers, not negative.
    public func lcm(_ other: Tensor) -> Tensor { integers("lcm", other, .lcm) }

    private func integers(_ name: String, _ other: Tensor, _ function: BinaryFunction) -> Tensor {
        guard dtype.isInteger, other.dtype.isInteger else {
            return stop(name, [spec, other.spec], "two integer dtypes are expected", fallback: self)
        }
        return binary(function, other)
    }

    /// The next number of `float32` or `float64` from `self` towards `other`.
    public func nextAfter(_ other: Tensor) -> Tensor {
        guard !dtype.isHalf, !other.dtype.isHalf else {
            return stop("nextAfter", [spec, other.spec], "float32 or float64 is expected", fallback: self)
        }
        return binary(.nextAfter, other)
    }

    /// A mantissa in `[0.5, 1)` (or with that magnitude, or 0) and an int32 exponent for each number:
    /// `self = mantissa * 2^exponent`.
    public func frexp() -> (mantissa: Tensor, exponent: Tensor) {
        (unary(.mantissa), detach().unary(.exponent).to(.int32))
    }
    /// `self * 2^exponent`.
    public func ldexp(_ exponent: Tensor) -> Tensor { self * Tensor.pow(2.0, exponent) }
    /// True where the sign is negative, of `-0.0` too.
    public func signBit() -> Tensor { unary(.signBit) }
    /// True where the element is infinite and positive.
    public func isPositiveInfinity() -> Tensor { self == Double.infinity }
    /// True where the element is infinite and negative.
    public func isNegativeInfinity() -> Tensor { self == -Double.infinity }
    /// The angle in the complex plane, in radians: 0, and π below 0; NaN for NaN.
    public func angle() -> Tensor {
        let x = dtype.isFloatingPoint ? self : to(.float32)
        return Tensor.where(x < 0, Double.pi, x.maskedFill(~x.isNaN(), with: 0))
    }
    /// Degrees in radians.
    public func deg2rad() -> Tensor { self * (Double.pi / 180) }
    /// Radians in degrees.
    public func rad2deg() -> Tensor { self * (180 / Double.pi) }
    /// Each element raised to a power in `float64`.
    public func floatPower(_ exponent: Tensor) -> Tensor { to(.float64).pow(exponent.to(.float64)) }
    /// Each element raised to a power in `float64`.
    public func floatPower(_ exponent: Double) -> Tensor { to(.float64).pow(exponent) }
    /// Rounded to a number of decimal places, halves to the even digit; negative ones count from the point to the left.
    public func round(decimals: Int) -> Tensor {
        guard dtype.isFloatingPoint else { return self }
        let scale = (0..<Swift.abs(decimals)).reduce(1.0) { power, _ in power * 10 }
        return decimals >= 0 ? (self * scale).round() / scale : (self / scale).round() * scale
    }

    /// `sin(πx) / (πx)`, and 1 at 0.
    public func sinc() -> Tensor { unary(.sinc) }
    /// The modified Bessel function of the first kind of order 0.
    public func i0() -> Tensor { unary(.i0) }
    /// The modified Bessel function of the first kind of order 1.
    public func i1() -> Tensor { unary(.i1) }
    /// `i0()` times `exp(-|x|)`.
    public func i0e() -> Tensor { unary(.i0e) }
    /// `i1()` times `exp(-|x|)`.
    public func i1e() -> Tensor { unary(.i1e) }
    /// The regularised lower incomplete gamma function P(`self`, `x`); differentiable by `x`.
    public func igamma(_ x: Tensor) -> Tensor { binary(.igamma, x) }
    /// The regularised upper incomplete gamma function Q(`self`, `x`); differentiable by `x`.
    public func igammac(_ x: Tensor) -> Tensor { binary(.igammac, x) }
    /// Hurwitz's zeta function, the sum of `1 / (q + k)^self` over all `k` from 0 on; differentiable by `q`.
    public func zeta(_ q: Tensor) -> Tensor { binary(.zeta, q) }
    /// The derivative of order `n` of `digamma`.
    public func polygamma(_ n: Int) -> Tensor {
        guard n >= 0 else { return stop("polygamma", [spec], "the order \(n) is negative", fallback: self) }
        if n == 0 { return digamma() }
        let x = dtype.isFloatingPoint ? self : to(.float32)
        let factorial = (1...n).reduce(1.0) { $0 * Double($1) }
        let values = Tensor.full(like: x, Double(n + 1)).zeta(x)
        return values * (n % 2 == 0 ? -factorial : factorial)
    }
    /// The logarithm of the gamma function of `dimensions` variables, up to `log Γ(x) = multigammaln(1)`; `self` must be
    /// above `(dimensions - 1) / 2`. PyTorch's `mvlgamma`.
    public func mvlgamma(_ dimensions: Int) -> Tensor {
        guard dimensions > 0 else {
            return stop("mvlgamma", [spec], "the number of dimensions must be positive", fallback: self)
        }
        let constant = Double(dimensions * (dimensions - 1)) / 4 * 1.1447298858494001741
        return (0..<dimensions).map { (self - Double($0) / 2).lgamma() }.reduce(
            Tensor(constant, dtype: .float64, device: device).to(floatingDType), +)
    }
    /// The distribution function of the standard normal distribution.
    public func ndtr() -> Tensor { (self * -0.70710678118654752440).erfc() * 0.5 }
    /// `-x log(x)`: 0 at 0, minus infinity below.
    public func entr() -> Tensor { unary(.entr) }
    /// `self * log(1 + other)`, and 0 where `self` is 0.
    public func xlog1py(_ other: Tensor) -> Tensor { binary(.xlog1py, other) }

    /// The tensor's dtype, `float32` for integers.
    var floatingDType: DType { dtype.isFloatingPoint ? dtype : .float32 }
}
