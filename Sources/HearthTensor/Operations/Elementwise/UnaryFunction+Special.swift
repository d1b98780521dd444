import CKernels

// Rows of special functions and of the parts of a floating-point number.
extension UnaryFunction {
    static let i0: UnaryFunction = UnaryFunction("i0", HK_i0, keeps: .operand) { g, x, _ in g * x.unary(.i1) }
    static let i1: UnaryFunction = UnaryFunction("i1", HK_i1, keeps: .operand) { g, x, _ in
        // I1(x) / x is one half at 0.
        let isZero = x.detach() == 0
        let ratio = (x.unary(.i1) / x.maskedFill(isZero, with: 1)).maskedFill(isZero, with: 0.5)
        return g * (x.unary(.i0) - ratio)
    }
    static let i0e: UnaryFunction = UnaryFunction("i0e", HK_i0e, keeps: .operand) { g, x, _ in
        g * (x.unary(.i1e) - x.unary(.i0e) * x.sign())
    }
    static let i1e: UnaryFunction = UnaryFunction("i1e", HK_i1e, keeps: .operand) { g, x, _ in
        let isZero = x.detach() == 0
        let ratio = (x.unary(.i1e) / x.maskedFill(isZero, with: 1)).maskedFill(isZero, with: 0.5)
        return g * (x.unary(.i0e) - ratio - x.unary(.i1e) * x.sign())
    }
    static let sinc = UnaryFunction("sinc", HK_sinc, keeps: .operand) { g, x, _ in g * sincSlope(x) }
    static let entr = UnaryFunction("entr", HK_entr, keeps: .operand) { g, x, _ in g * -(x.log() + 1) }
    static let logit = UnaryFunction("logit", HK_logit, keeps: .operand) { g, x, _ in
        (g / (x * (1 - x))).maskedFill((x < 0) | (x > 1), with: Double.nan)
    }
    static let mantissa: UnaryFunction = UnaryFunction("frexp_mantissa", HK_mantissa, keeps: .operand) { g, x, _ in
        g / x.unary(.exponent).exp2()
    }
    static let exponent = UnaryFunction("frexp_exponent", HK_exponent, keeps: .nothing) { g, _, _ in g * 0 }
    static let signBit = UnaryFunction(predicate: "signbit", HK_sign_bit)

    /// The derivative of `sin(z) / z` by `z / π`: by its power series near 0, where `cos(z) - sin(z) / z` cancels.
    private static func sincSlope(_ x: Tensor) -> Tensor {
        let z = x * Double.pi
        let isNear = z.detach().abs() < 1
        let near = z.masked(where: isNear)
        let squares = near * near
        // The sum over k from 1 on of (-1)^k 2k z^(2k - 1) / (2k + 1)!, by Horner's scheme from the tenth term down.
        var series = Tensor.zeros(like: near)
        for k in stride(from: 10, through: 1, by: -1) {
            let factor = Double(2 * k) / (1...(2 * k + 1)).reduce(1.0) { $0 * Double($1) }
            series = series * squares + (k % 2 == 0 ? factor : -factor)
        }
        let far = z.maskedFill(isNear, with: 1)
        return Tensor.where(isNear, series * near, (far.cos() - far.sin() / far) / far) * Double.pi
    }
}
