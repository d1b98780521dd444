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
    static let mantissa: UnaryFunction = UnaryFunction("frexp_mantissa", HK_mantissa, keeps: .operand) { g, x, _ in
        g / x.unary(.exponent).exp2()
    }
    static let exponent = UnaryFunction("frexp_exponent", HK_exponent, keeps: .nothing) { g, _, _ in g * 0 }
    static let signBit = UnaryFunction(predicate: "signbit", HK_sign_bit)
}
