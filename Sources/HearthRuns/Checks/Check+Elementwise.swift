import Hearth

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Check {
    private static func sigma(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    private static func gaussian(_ x: Double) -> Double { 0.5 * (1 + erf(x / 2.0.squareRoot())) }

    /// Functions of one number.
    @CheckList static var unaries: [Check] {
        let positive = 0.01...9.0
        let unit = -0.99...0.99
        unary("neg", { -$0 }, { -$0 })
        unary("abs", { $0.abs() }, { Swift.abs($0) })
        unary("sign", { $0.sign() }, { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 })
        unary("square", { $0.square() }, { $0 * $0 })
        unary("sqrt", in: positive, { $0.sqrt() }, { $0.squareRoot() })
        unary("rsqrt", in: positive, { $0.rsqrt() }, { 1 / $0.squareRoot() })
        unary("reciprocal", in: positive, { $0.reciprocal() }, { 1 / $0 })
        unary("exp", { $0.exp() }, exp)
        unary("exp2", { $0.exp2() }, exp2)
        unary("expm1", { $0.expm1() }, expm1)
        unary("log", in: positive, { $0.log() }, log)
        unary("log2", in: positive, { $0.log2() }, log2)
        unary("log10", in: positive, { $0.log10() }, log10)
        unary("log1p", in: positive, { $0.log1p() }, log1p)
        unary("sin", { $0.sin() }, sin)
        unary("cos", { $0.cos() }, cos)
        unary("tan", in: -1...1, { $0.tan() }, tan)
        unary("asin", in: unit, { $0.asin() }, asin)
        unary("acos", in: unit, { $0.acos() }, acos)
        unary("atan", { $0.atan() }, atan)
        unary("sinh", { $0.sinh() }, sinh)
        unary("cosh", { $0.cosh() }, cosh)
        unary("tanh", { $0.tanh() }, tanh)
        unary("asinh", { $0.asinh() }, asinh)
        unary("acosh", in: 1.1...9, { $0.acosh() }, acosh)
        unary("atanh", in: unit, { $0.atanh() }, atanh)
        unary("erf", { $0.erf() }, erf)
        unary("erfc", { $0.erfc() }, erfc)
        unary("erfinv", in: unit, tolerance: 1e-5, { $0.erfinv().erf() }, { $0 })
        unary("lgamma", in: positive, tolerance: 1e-5, { $0.lgamma() }, lgamma)
        unary(
            "digamma", in: 0.5...9, tolerance: 1e-3, { $0.digamma() },
            { (lgamma($0 + 1e-4) - lgamma($0 - 1e-4)) / 2e-4 })
        unary("floor", { $0.floor() }, { $0.rounded(.down) })
        unary("ceil", { $0.ceil() }, { $0.rounded(.up) })
        unary("round", { $0.round() }, { $0.rounded(.toNearestOrEven) })
        unary("trunc", { $0.trunc() }, { $0.rounded(.towardZero) })
        unary("sigmoid", { $0.sigmoid() }, sigma)
        unary("logsigmoid", { $0.logSigmoid() }, { log(sigma($0)) })
        unary("relu", { $0.relu() }, { max($0, 0) })
        unary("relu6", { $0.relu6() }, { min(max($0, 0), 6) })
        unary("gelu", { $0.gelu() }, { $0 * gaussian($0) })
        unary(
            "gelu_tanh", { $0.gelu(approximate: .tanh) },
            { 0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) })
        unary("silu", { $0.silu() }, { $0 * sigma($0) })
        unary("mish", { $0.mish() }, { $0 * tanh(log1p(exp($0))) })
        unary("softplus", { $0.softplus() }, { log1p(exp($0)) })
        unary("softsign", { $0.softsign() }, { $0 / (1 + Swift.abs($0)) })
        unary("hardsigmoid", { $0.hardSigmoid() }, { min(max($0 / 6 + 0.5, 0), 1) })
        unary("hardswish", { $0.hardSwish() }, { $0 * min(max($0 / 6 + 0.5, 0), 1) })
        unary("clamp", { $0.clamp(min: -1, max: 2) }, { min(max($0, -1), 2) })
        unary("leaky_relu", { $0.leakyReLU(slope: 0.1) }, { $0 > 0 ? $0 : 0.1 * $0 })
        unary("elu", { $0.elu(alpha: 1.5) }, { $0 > 0 ? $0 : 1.5 * expm1($0) })
        unary("selu", { $0.selu() }, { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * expm1($0)) })
        unary("celu", { $0.celu(alpha: 2) }, { $0 > 0 ? $0 : 2 * expm1($0 / 2) })
        unary("tanhshrink", { $0.tanhshrink() }, { $0 - tanh($0) })
        unary("softshrink", { $0.softshrink() }, { $0 > 0.5 ? $0 - 0.5 : $0 < -0.5 ? $0 + 0.5 : 0 })
        unary("hardshrink", { $0.hardshrink() }, { Swift.abs($0) > 0.5 ? $0 : 0 })
        unary("threshold", { $0.threshold(1, value: -7) }, { $0 > 1 ? $0 : -7 })
        unary("isnan", { $0.sqrt().isNaN() }, { $0 < 0 ? 1 : 0 })
        unary("isinf", { ($0 * 1e38 * 1e3).isInfinite() }, { $0 == 0 ? 0 : 1 })
        unary("isfinite", { $0.sqrt().isFinite() }, { $0 < 0 ? 0 : 1 })
        unary("logical_not", { $0.round().logicalNot() }, { $0.rounded(.toNearestOrEven) == 0 ? 1 : 0 })
        unary("bitwise_not", { ~$0.to(.int32) }, { Double(~Int32($0)) })
    }

    private static func bits(_ body: @escaping (Int32, Int32) -> Int32) -> (Double, Double) -> Double {
        { Double(body(Int32($0), Int32($1))) }
    }

    private static func whole(_ x: Tensor) -> Tensor { x.to(.int32) }

    /// Functions of two numbers.
    @CheckList static var binaries: [Check] {
        let positive = 0.1...4.0
        binary("add", +, +)
        binary("sub", -, -)
        binary("mul", *, *)
        binary("div", in: positive, /, /)
        binary("floor_divide", in: positive, { $0.floorDivide($1) }, { ($0 / $1).rounded(.down) })
        binary("remainder", in: positive, { ($0 - 2) % $1 }, { x, y in (x - 2) - y * ((x - 2) / y).rounded(.down) })
        binary("fmod", in: positive, { $0.fmod($1) }, fmod)
        binary("pow", in: positive, { $0.pow($1) }, pow)
        binary("atan2", { $0.atan2($1) }, atan2)
        binary("maximum", { $0.maximum($1) }, { max($0, $1) })
        binary("minimum", { $0.minimum($1) }, { min($0, $1) })
        binary("hypot", { $0.hypot($1) }, hypot)
        binary("xlogy", in: positive, { $0.xlogy($1) }, { $0 * log($1) })
        binary("copysign", { $0.copysign($1) }, copysign)
        binary("add_scaled", { $0.add($1, alpha: 0.25) }, { $0 + 0.25 * $1 })
        binary(
            "eq", { $0.round() == $1.round() }, { $0.rounded(.toNearestOrEven) == $1.rounded(.toNearestOrEven) ? 1 : 0 }
        )
        binary(
            "ne", { $0.round() != $1.round() }, { $0.rounded(.toNearestOrEven) == $1.rounded(.toNearestOrEven) ? 0 : 1 }
        )
        binary("lt", { $0 < $1 }, { $0 < $1 ? 1 : 0 })
        binary("le", { $0 <= $1 }, { $0 <= $1 ? 1 : 0 })
        binary("gt", { $0 > $1 }, { $0 > $1 ? 1 : 0 })
        binary("ge", { $0 >= $1 }, { $0 >= $1 ? 1 : 0 })
        binary("logical_and", { ($0 > 0).logicalAnd($1 > 0) }, { $0 > 0 && $1 > 0 ? 1 : 0 })
        binary("logical_or", { ($0 > 0).logicalOr($1 > 0) }, { $0 > 0 || $1 > 0 ? 1 : 0 })
        binary("logical_xor", { ($0 > 0).logicalXor($1 > 0) }, { ($0 > 0) != ($1 > 0) ? 1 : 0 })
        binary("bitwise_and", { whole($0) & whole($1) }, bits(&))
        binary("bitwise_or", { whole($0) | whole($1) }, bits(|))
        binary("bitwise_xor", { whole($0) ^ whole($1) }, bits(^))
        binary("shift_left", in: positive, { whole($0) << whole($1) }, bits(<<))
        binary("shift_right", in: positive, { whole($0) >> whole($1) }, bits(>>))
        binary("where", { Tensor.where($0 > 0, $0, $1) }, { $0 > 0 ? $0 : $1 })
    }
}
