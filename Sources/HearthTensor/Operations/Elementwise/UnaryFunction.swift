import CKernels

/// A row of the table of functions of one number: the kernel, and its derivative written with tensors.
package final class UnaryFunction: Sendable {
    /// What the derivative is written with.
    enum Keeps { case nothing, operand, result }

    typealias Derivative = @Sendable (_ g: Tensor, _ v: Tensor, _ p: Parameters) -> Tensor

    let name: String
    package let kernel: hk_unary
    let keeps: Keeps
    /// True when integers are computed as integers; otherwise they become `float32` first, as in PyTorch.
    let takesIntegers: Bool
    let isPredicate: Bool
    /// The gradient of the operand for the gradient `g` of the result; `v` is what the row keeps.
    let derivative: Derivative

    init(
        _ name: String, _ kernel: hk_unary, keeps: Keeps, takesIntegers: Bool = false, isPredicate: Bool = false,
        _ derivative: @escaping Derivative
    ) {
        self.name = name
        self.kernel = kernel
        self.keeps = keeps
        self.takesIntegers = takesIntegers
        self.isPredicate = isPredicate
        self.derivative = derivative
    }

    /// A row whose derivative is zero wherever it exists.
    convenience init(step name: String, _ kernel: hk_unary) {
        self.init(name, kernel, keeps: .nothing, takesIntegers: true) { g, _, _ in g * 0 }
    }

    /// A row with a yes or no for each element.
    convenience init(predicate name: String, _ kernel: hk_unary) {
        self.init(name, kernel, keeps: .nothing, takesIntegers: true, isPredicate: true) { g, _, _ in g * 0 }
    }
}

/// A function of one number, element by element.
struct Unary: TensorOperation {
    static let name = "unary"
    // Rows of the table live as long as the program, so references to them need no counting.
    unowned(unsafe) let function: UnaryFunction
    var parameters = Parameters()

    static var names: [String] { UnaryFunction.all.map(\.name) }
    var name: String { function.name }
    var attributes: Attributes { parameters.attributes }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let dtype = x[0].dtype
        if !dtype.isFloatingPoint, hk_find_unary(function.kernel, dtype.kernel) == nil {
            throw ShapeError("not defined for \(dtype)")
        }
        return Spec(x[0].shape, function.isPredicate ? .bool : dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.backend.unary(function.kernel, x[0], parameters)
        switch function.keeps {
        case .nothing: break
        case .operand: kept.append(x[0])
        case .result: kept.append(y)
        }
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        Gradients(function.derivative(g, kept.count > 0 ? kept[0] : g, parameters))
    }
}

extension Unary {
    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        guard let row = UnaryFunction.all.first(where: { $0.name == name }) else {
            throw AttributeError("there is no function of one number called '\(name)'")
        }
        self.init(function: row, parameters: try Parameters(attributes))
    }
}

extension Tensor {
    func unary(_ function: UnaryFunction, _ parameters: Parameters = Parameters()) -> Tensor {
        let takes = dtype.isFloatingPoint || function.takesIntegers
        return apply(Unary(function: function, parameters: parameters), to: takes ? self : self.to(.float32))
    }
}

// The table. Names are PyTorch's.
extension UnaryFunction {
    static let negate = UnaryFunction("neg", HK_negate, keeps: .nothing, takesIntegers: true) { g, _, _ in -g }
    static let absolute = UnaryFunction("abs", HK_absolute, keeps: .operand, takesIntegers: true) { g, x, _ in
        g * x.sign()
    }
    static let sign = UnaryFunction(step: "sign", HK_sign)
    static let square = UnaryFunction("square", HK_square, keeps: .operand, takesIntegers: true) { g, x, _ in
        g * x * 2
    }
    static let sqrt = UnaryFunction("sqrt", HK_sqrt, keeps: .result) { g, y, _ in g / (y * 2) }
    static let rsqrt = UnaryFunction("rsqrt", HK_rsqrt, keeps: .result) { g, y, _ in g * y * y * y * -0.5 }
    static let reciprocal = UnaryFunction("reciprocal", HK_reciprocal, keeps: .result) { g, y, _ in -(g * y * y) }
    static let exp = UnaryFunction("exp", HK_exp, keeps: .result) { g, y, _ in g * y }
    static let exp2 = UnaryFunction("exp2", HK_exp2, keeps: .result) { g, y, _ in g * y * ln2 }
    static let expm1 = UnaryFunction("expm1", HK_expm1, keeps: .result) { g, y, _ in g * (y + 1) }
    static let log = UnaryFunction("log", HK_log, keeps: .operand) { g, x, _ in g / x }
    static let log2 = UnaryFunction("log2", HK_log2, keeps: .operand) { g, x, _ in g / (x * ln2) }
    static let log10 = UnaryFunction("log10", HK_log10, keeps: .operand) { g, x, _ in g / (x * ln10) }
    static let log1p = UnaryFunction("log1p", HK_log1p, keeps: .operand) { g, x, _ in g / (x + 1) }
    static let sin = UnaryFunction("sin", HK_sin, keeps: .operand) { g, x, _ in g * x.cos() }
    static let cos = UnaryFunction("cos", HK_cos, keeps: .operand) { g, x, _ in -(g * x.sin()) }
    static let tan = UnaryFunction("tan", HK_tan, keeps: .result) { g, y, _ in g * (y * y + 1) }
    static let asin = UnaryFunction("asin", HK_asin, keeps: .operand) { g, x, _ in g * (1 - x * x).rsqrt() }
    static let acos = UnaryFunction("acos", HK_acos, keeps: .operand) { g, x, _ in -(g * (1 - x * x).rsqrt()) }
    static let atan = UnaryFunction("atan", HK_atan, keeps: .operand) { g, x, _ in g / (x * x + 1) }
    static let sinh = UnaryFunction("sinh", HK_sinh, keeps: .operand) { g, x, _ in g * x.cosh() }
    static let cosh = UnaryFunction("cosh", HK_cosh, keeps: .operand) { g, x, _ in g * x.sinh() }
    static let asinh = UnaryFunction("asinh", HK_asinh, keeps: .operand) { g, x, _ in g * (x * x + 1).rsqrt() }
    static let acosh = UnaryFunction("acosh", HK_acosh, keeps: .operand) { g, x, _ in g * (x * x - 1).rsqrt() }
    static let atanh = UnaryFunction("atanh", HK_atanh, keeps: .operand) { g, x, _ in g / (1 - x * x) }
    static let erf = UnaryFunction("erf", HK_erf, keeps: .operand) { g, x, _ in g * (-(x * x)).exp() * twoOverSqrtPi }
    static let erfc = UnaryFunction("erfc", HK_erfc, keeps: .operand) { g, x, _ in
        g * (-(x * x)).exp() * -twoOverSqrtPi
    }
    static let erfinv = UnaryFunction("erfinv", HK_erfinv, keeps: .result) { g, y, _ in
        g * (y * y).exp() / twoOverSqrtPi
    }
    static let lgamma = UnaryFunction("lgamma", HK_lgamma, keeps: .operand) { g, x, _ in g * x.digamma() }
    static let floor = UnaryFunction(step: "floor", HK_floor)
    static let ceil = UnaryFunction(step: "ceil", HK_ceil)
    static let round = UnaryFunction(step: "round", HK_round)
    static let trunc = UnaryFunction(step: "trunc", HK_trunc)
    static let tanh = UnaryFunction("tanh", HK_tanh, keeps: .result) { g, y, _ in
        apply(Binary(function: .tanhGradient), to: g, y)
    }
    static let sigmoid = UnaryFunction("sigmoid", HK_sigmoid, keeps: .result) { g, y, _ in
        apply(Binary(function: .sigmoidGradient), to: g, y)
    }
    static let logSigmoid = UnaryFunction("logsigmoid", HK_log_sigmoid, keeps: .operand) { g, x, _ in
        g * (-x).sigmoid()
    }
    static let relu = UnaryFunction("relu", HK_relu, keeps: .result, takesIntegers: true) { g, y, _ in
        apply(Binary(function: .reluGradient), to: g, y)
    }
    static let relu6 = UnaryFunction("relu6", HK_relu6, keeps: .operand, takesIntegers: true) { g, x, _ in
        g.masked(where: (x > 0) & (x < 6))
    }
    static let gelu = UnaryFunction("gelu", HK_gelu, keeps: .operand) { g, x, _ in
        apply(Binary(function: .geluGradient), to: g, x)
    }
    static let geluTanh = UnaryFunction("gelu_tanh", HK_gelu_tanh, keeps: .operand) { g, x, _ in
        apply(Binary(function: .geluTanhGradient), to: g, x)
    }
    static let silu = UnaryFunction("silu", HK_silu, keeps: .operand) { g, x, _ in
        apply(Binary(function: .siluGradient), to: g, x)
    }
    static let mish = UnaryFunction("mish", HK_mish, keeps: .operand) { g, x, _ in
        let t = x.softplus().tanh()
        return g * (t + x * x.sigmoid() * (1 - t * t))
    }
    static let softplus = UnaryFunction("softplus", HK_softplus, keeps: .operand) { g, x, p in
        g * Tensor.where(x * p.a > p.b, 1.0, (x * p.a).sigmoid())
    }
    static let softsign = UnaryFunction("softsign", HK_softsign, keeps: .operand) { g, x, _ in
        // At infinity the function itself is no number.
        (g / (x.abs() + 1).square()).maskedFill(x.isInfinite(), with: Double.nan)
    }
    static let hardSigmoid = UnaryFunction("hardsigmoid", HK_hard_sigmoid, keeps: .operand) { g, x, _ in
        (g / 6).masked(where: (x > -3) & (x < 3))
    }
    static let hardSwish = UnaryFunction("hardswish", HK_hard_swish, keeps: .operand) { g, x, _ in
        let inside = (g * (x / 3 + 0.5)).masked(where: ~(x <= -3))
        return Tensor.where(x >= 3, g, inside)
    }
    static let clamp = UnaryFunction("clamp", HK_clamp, keeps: .operand, takesIntegers: true) { g, x, p in
        apply(Binary(function: .clampGradient, parameters: p), to: g, x)
    }
    static let leakyReLU = UnaryFunction("leaky_relu", HK_leaky_relu, keeps: .operand) { g, x, p in
        apply(Binary(function: .leakyReLUGradient, parameters: p), to: g, x)
    }
    static let elu = UnaryFunction("elu", HK_elu, keeps: .operand) { g, x, p in
        apply(Binary(function: .eluGradient, parameters: p), to: g, x)
    }
    static let selu = UnaryFunction("selu", HK_selu, keeps: .operand) { g, x, _ in
        apply(Binary(function: .eluGradient, parameters: Parameters(a: seluAlpha)), to: g * seluScale, x)
    }
    static let celu = UnaryFunction("celu", HK_celu, keeps: .operand) { g, x, p in
        g * Tensor.where(x > 0, 1.0, (x / p.a).exp())
    }
    static let tanhshrink = UnaryFunction("tanhshrink", HK_tanhshrink, keeps: .operand) { g, x, _ in
        g * x.tanh().square()
    }
    static let softshrink = UnaryFunction("softshrink", HK_softshrink, keeps: .operand) { g, x, p in
        g.masked(where: x.abs() > p.a)
    }
    static let hardshrink = UnaryFunction("hardshrink", HK_hardshrink, keeps: .operand) { g, x, p in
        g.masked(where: x.abs() > p.a)
    }
    static let threshold = UnaryFunction("threshold", HK_threshold, keeps: .operand, takesIntegers: true) { g, x, p in
        g.masked(where: ~(x <= p.a))
    }
    static let isNaN = UnaryFunction(predicate: "isnan", HK_is_nan)
    static let isInfinite = UnaryFunction(predicate: "isinf", HK_is_infinite)
    static let isFinite = UnaryFunction(predicate: "isfinite", HK_is_finite)
    static let logicalNot = UnaryFunction(predicate: "logical_not", HK_logical_not)
    static let bitwiseNot = UnaryFunction(step: "bitwise_not", HK_bitwise_not)
    static let digamma = UnaryFunction("digamma", HK_digamma, keeps: .operand) { g, x, _ in g * trigamma(x) }

    /// The derivative of digamma, made of other functions: six steps of its recurrence, then its asymptotic series;
    /// below one half by reflection. Source: Abramowitz and Stegun, 6.4.6, 6.4.7 and 6.4.12.
    private static func trigamma(_ x: Tensor) -> Tensor {
        let isLow = x.detach() < 0.5
        let z = Tensor.where(isLow, 1 - x, x)
        let steps = (0..<6).map { (z + $0).square().reciprocal() }
        let w = (z + 6).reciprocal()
        let w2 = w * w
        let series = w * (w2 * (((w2 * (-1.0 / 30) + 1.0 / 42) * w2 - 1.0 / 30) * w2 + 1.0 / 6) + w * 0.5 + 1)
        let above = steps.reduce(series, +)
        let reflected = (Double.pi / (x * Double.pi).sin()).square() - above
        return Tensor.where(isLow, reflected, above)
    }

    private static let ln2 = 0.693147180559945309417
    private static let ln10 = 2.30258509299404568402
    private static let twoOverSqrtPi = 1.12837916709551257390
    private static let seluAlpha = 1.6732632423543772848170429916717
    private static let seluScale = 1.0507009873554804934193349852946
}

extension UnaryFunction {
    /// All rows, from which an operation is made by its name. A test compares them with the kernels that there are.
    package static let all: [UnaryFunction] = [
        negate, absolute, sign, square, sqrt, rsqrt, reciprocal, exp, exp2, expm1, log, log2, log10, log1p,
        sin, cos, tan, asin, acos, atan, sinh, cosh, asinh, acosh, atanh, erf, erfc, erfinv, lgamma, floor,
        ceil, round, trunc, tanh, sigmoid, logSigmoid, relu, relu6, gelu, geluTanh, silu, mish, softplus,
        softsign, hardSigmoid, hardSwish, clamp, leakyReLU, elu, selu, celu, tanhshrink, softshrink,
        hardshrink, threshold, isNaN, isInfinite, isFinite, logicalNot, bitwiseNot, digamma, i0, i1, i0e,
        i1e, sinc, entr, logit, mantissa, exponent, signBit,
    ]
}

extension UnaryFunction: Hashable {
    package static func == (a: UnaryFunction, b: UnaryFunction) -> Bool { a === b }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
