// Functions of one number, element by element. All keep the shape; where nothing else is said integers become
// `float32` first and floating dtypes stay. Derivatives stand in the table, `UnaryFunction`.
extension Tensor {
    /// The absolute value.
    public func abs() -> Tensor { unary(.absolute) }
    /// -1, 0 or 1; NaN for NaN.
    public func sign() -> Tensor { dtype == .bool ? self : unary(.sign) }
    /// The square; of bool in int64.
    public func square() -> Tensor { (dtype == .bool ? to(.int64) : self).unary(.square) }
    /// The square root; NaN below 0.
    public func sqrt() -> Tensor { unary(.sqrt) }
    /// One over the square root.
    public func rsqrt() -> Tensor { unary(.rsqrt) }
    /// One over the element.
    public func reciprocal() -> Tensor { unary(.reciprocal) }
    /// e to the element.
    public func exp() -> Tensor { unary(.exp) }
    /// 2 to the element.
    public func exp2() -> Tensor { unary(.exp2) }
    /// `exp(x) - 1`, accurate near 0.
    public func expm1() -> Tensor { unary(.expm1) }
    /// The natural logarithm.
    public func log() -> Tensor { unary(.log) }
    /// The logarithm to base 2.
    public func log2() -> Tensor { unary(.log2) }
    /// The logarithm to base 10.
    public func log10() -> Tensor { unary(.log10) }
    /// `log(1 + x)`, accurate near 0.
    public func log1p() -> Tensor { unary(.log1p) }
    /// The sine of an angle in radians.
    public func sin() -> Tensor { unary(.sin) }
    /// The cosine of an angle in radians.
    public func cos() -> Tensor { unary(.cos) }
    /// The tangent of an angle in radians.
    public func tan() -> Tensor { unary(.tan) }
    /// The angle in radians with this sine.
    public func asin() -> Tensor { unary(.asin) }
    /// The angle in radians with this cosine.
    public func acos() -> Tensor { unary(.acos) }
    /// The angle in radians with this tangent.
    public func atan() -> Tensor { unary(.atan) }
    /// The hyperbolic sine.
    public func sinh() -> Tensor { unary(.sinh) }
    /// The hyperbolic cosine.
    public func cosh() -> Tensor { unary(.cosh) }
    /// The hyperbolic tangent.
    public func tanh() -> Tensor { unary(.tanh) }
    /// The inverse hyperbolic sine.
    public func asinh() -> Tensor { unary(.asinh) }
    /// The inverse hyperbolic cosine.
    public func acosh() -> Tensor { unary(.acosh) }
    /// The inverse hyperbolic tangent.
    public func atanh() -> Tensor { unary(.atanh) }
    /// The error function.
    public func erf() -> Tensor { unary(.erf) }
    /// One minus the error function, accurate for large elements.
    public func erfc() -> Tensor { unary(.erfc) }
    /// The inverse of the error function.
    public func erfinv() -> Tensor { unary(.erfinv) }
    /// The logarithm of the absolute value of the gamma function.
    public func lgamma() -> Tensor { unary(.lgamma) }
    /// The logarithmic derivative of the gamma function.
    public func digamma() -> Tensor { unary(.digamma) }
    /// Rounded towards negative infinity. Keeps integer dtypes.
    public func floor() -> Tensor { unary(.floor) }
    /// Rounded towards positive infinity. Keeps integer dtypes.
    public func ceil() -> Tensor { unary(.ceil) }
    /// Rounded to the nearest integer, halves to the even one. Keeps integer dtypes.
    public func round() -> Tensor { unary(.round) }
    /// Rounded towards zero. Keeps integer dtypes.
    public func trunc() -> Tensor { unary(.trunc) }
    /// What `trunc` takes away.
    public func frac() -> Tensor { self - trunc() }

    /// `log(p / (1 - p))`; with `epsilon` the element is first clamped to `epsilon ... 1 - epsilon`.
    public func logit(epsilon: Double? = nil) -> Tensor {
        (epsilon.map { clamp(min: $0, max: 1 - $0) } ?? self).unary(.logit)
    }

    /// Every element brought into `min ... max`; an absent bound does not bind.
    public func clamp(min: Double? = nil, max: Double? = nil) -> Tensor {
        unary(.clamp, Parameters(a: min ?? -.infinity, b: max ?? .infinity))
    }

    /// Every element brought between the elements of two tensors.
    public func clamp(min: Tensor, max: Tensor) -> Tensor { maximum(min).minimum(max) }

    /// NaN and infinities replaced by numbers; by default 0 and the dtype's largest and smallest.
    public func nanToNum(nan: Double = 0, positiveInfinity: Double? = nil, negativeInfinity: Double? = nil) -> Tensor {
        let limit = dtype.greatestFinite
        let x = maskedFill(isNaN(), with: nan)
        return x.maskedFill(x == Double.infinity, with: positiveInfinity ?? limit)
            .maskedFill(x == -Double.infinity, with: negativeInfinity ?? -limit)
    }
}

extension DType {
    /// The largest finite number of a floating-point dtype.
    var greatestFinite: Double {
        switch self {
        case .float16: 65504
        case .bfloat16: Double(BFloat16(bitPattern: 0x7F7F).float)
        case .float64: Double.greatestFiniteMagnitude
        default: Double(Float.greatestFiniteMagnitude)
        }
    }
}
