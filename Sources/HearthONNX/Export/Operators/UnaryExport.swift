import HearthGraph
import HearthTensor

extension ExportTable {
    private typealias Function = @Sendable (ExportValue, (a: Double, b: Double)) -> ExportValue

    /// Functions of one number that are an operator each, in floating point.
    private static let operators = [
        "neg": "Neg", "abs": "Abs", "sqrt": "Sqrt", "reciprocal": "Reciprocal", "exp": "Exp",
        "log": "Log", "sin": "Sin", "cos": "Cos", "tan": "Tan", "asin": "Asin", "acos": "Acos", "atan": "Atan",
        "sinh": "Sinh", "cosh": "Cosh", "asinh": "Asinh", "acosh": "Acosh", "atanh": "Atanh", "erf": "Erf",
        "tanh": "Tanh", "sigmoid": "Sigmoid", "softsign": "Softsign",
    ]

    /// Functions of one number that are made of several operators.
    private static let compositions: [String: Function] = [
        "sign": { x, _ in x.compared("Greater", 0).to(x.dtype) - x.compared("Less", 0).to(x.dtype) },
        "square": { x, _ in x * x },
        "rsqrt": { x, _ in x.then("Sqrt").then("Reciprocal") },
        "exp2": { x, _ in x.draft.number(2, x.dtype).with("Pow", x) },
        "expm1": { x, _ in x.expm1 },
        "log2": { x, _ in x.then("Log") / 0.693147180559945309417 },
        "log10": { x, _ in x.then("Log") / 2.30258509299404568402 },
        "log1p": { x, _ in x.log1p },
        "erfc": { x, _ in 1 - x.then("Erf") },
        "sinc": { x, _ in
            let angle = x * Double.pi
            let isZero = x.compared("Equal", 0)
            return x.draft.number(1, x.dtype).where(isZero, else: angle.then("Sin") / angle)
        },
        "entr": { x, _ in
            let outside = x.draft.number(-Double.infinity, x.dtype).where(x.compared("Less", 0), else: x)
            let isInside = x.compared("Greater", 0)
            return (-x * x.then("Log")).where(isInside, else: outside)
        },
        "logit": { x, _ in (x / (1 - x)).then("Log") },
        "logsigmoid": { x, _ in -(-x).then("Softplus") },
        "gelu": { x, _ in
            if x.draft.opset >= 20 { return x.then("Gelu") }
            return x * 0.5 * ((x * 0.70710678118654752440).then("Erf") + 1)
        },
        "gelu_tanh": { x, _ in
            if x.draft.opset >= 20 { return x.draft.add("Gelu", [x], ["approximate": "tanh"]) }
            let inner = (x + x * x * x * 0.044715) * 0.79788456080286535588
            return x * 0.5 * (inner.then("Tanh") + 1)
        },
        "silu": { x, _ in x * x.then("Sigmoid") },
        "mish": { x, _ in x * x.then("Softplus").then("Tanh") },
        "softplus": { x, p in
            let scaled = p.a == 1 ? x : x * p.a
            let soft = p.a == 1 ? x.then("Softplus") : scaled.then("Softplus") / p.a
            // From 20 on the function is the straight line as far as float32 tells.
            return p.b >= 20 ? soft : x.where(scaled.compared("Greater", p.b), else: soft)
        },
        "hardsigmoid": { x, _ in
            x.draft.add("HardSigmoid", [x], ["alpha": .float(1.0 / 6), "beta": .float(0.5)])
        },
        "hardswish": { x, _ in x.then("HardSwish") },
        "leaky_relu": { x, p in x.draft.add("LeakyRelu", [x], ["alpha": .float(p.a)]) },
        "elu": { x, p in x.draft.add("Elu", [x], ["alpha": .float(p.a)]) },
        "selu": { x, _ in x.then("Selu") },
        "celu": { x, p in x.where(x.compared("Greater", 0), else: (x / p.a).expm1 * p.a) },
        "tanhshrink": { x, _ in x - x.then("Tanh") },
        "softshrink": { x, p in x - x.clipped(-p.a, p.a) },
        "hardshrink": { x, p in
            let isSmall = x.then("Abs").compared("LessOrEqual", p.a)
            return x.draft.number(0, x.dtype).where(isSmall, else: x)
        },
        "isnan": { x, _ in x.dtype.isFloatingPoint ? x.then("IsNaN", dtype: .bool) : x.always(false) },
        "isinf": { x, _ in x.dtype.isFloatingPoint ? x.isInfinite : x.always(false) },
        "isfinite": { x, _ in
            guard x.dtype.isFloatingPoint else { return x.always(true) }
            return x.isInfinite.with("Or", x.then("IsNaN", dtype: .bool)).then("Not")
        },
        "logical_not": { x, _ in x.to(.bool).then("Not") },
        "signbit": { x, _ in x.signBit },
    ]

    /// Functions that keep the type of integers, and are the same for them or another expression.
    private static let ofIntegersToo: [String: Function] = [
        "relu": { x, _ in x.dtype.isFloatingPoint ? x.then("Relu") : x.with("Max", 0) },
        "relu6": { x, _ in x.clipped(0, 6) },
        "threshold": { x, p in x.draft.number(p.b, x.dtype).where(x.compared("LessOrEqual", p.a), else: x) },
        "floor": { x, _ in x.dtype.isFloatingPoint ? x.then("Floor") : x },
        "ceil": { x, _ in x.dtype.isFloatingPoint ? x.then("Ceil") : x },
        "round": { x, _ in x.dtype.isFloatingPoint ? x.then("Round") : x },
        "trunc": { x, _ in
            guard x.dtype.isFloatingPoint else { return x }
            return x.then("Ceil").where(x.compared("Less", 0), else: x.then("Floor"))
        },
        "bitwise_not": { x, _ in
            if x.dtype == .bool { return x.then("Not") }
            return x.draft.opset >= 18 ? x.then("BitwiseNot") : -x - 1
        },
    ]

    static let unary: [String: ExportRule] = {
        var rules: [String: ExportRule] = [:]
        for (name, operatorName) in operators { rules[name] = { n in n[0].widened { $0.then(operatorName) } } }
        for (name, function) in compositions.merging(ofIntegersToo, uniquingKeysWith: { first, _ in first }) {
            rules[name] = { n in
                func parameter(_ name: String) throws(ONNXError) -> Double {
                    n.arguments.has(name) ? try n.arguments.number(name) : 0
                }
                let parameters = (a: try parameter("a"), b: try parameter("b"))
                return n[0].widened { function($0, parameters) }
            }
        }
        rules["clamp"] = clamped
        return rules
    }()

    /// Elements brought into a range, whose bounds may follow from sizes.
    private static func clamped(_ n: ExportNode) throws -> ExportValue {
        let type = n[0].dtype.isNarrowInteger ? .int32 : n[0].dtype
        func bound(_ name: String) throws -> ExportValue? {
            guard n.arguments.has(name) else { return n.draft.number(0, type) }
            let argument = try n.arguments.argument(name)
            if case .number(let value) = argument, value.isInfinite { return nil }
            return try n.number(argument, type)
        }
        return n.draft.add("Clip", [n[0].to(type), try bound("a"), try bound("b")]).to(n[0].dtype)
    }
}

extension ExportValue {
    /// What a function makes of this value, in 32 bits for narrow integers, which few runtimes compute with.
    func widened(_ body: (ExportValue) -> ExportValue) -> ExportValue {
        guard dtype.isNarrowInteger else { return body(self) }
        let wide = body(to(.int32))
        return wide.dtype == .int32 ? wide.to(dtype) : wide
    }

    /// `exp(x) - 1`, exact near 0.
    var expm1: ExportValue { (self * 0.5).then("Tanh") * (then("Exp") + 1) }

    /// `log(1 + x)`, exact near 0.
    var log1p: ExportValue {
        let near = (self / (self + 2)).then("Atanh") * 2
        return near.where(then("Abs").compared("Less", 0.5), else: (self + 1).then("Log"))
    }

    /// The elements brought into a range. NaN stays.
    func clipped(_ low: Double, _ high: Double) -> ExportValue {
        func bound(_ value: Double) -> ExportValue? { value.isInfinite ? nil : draft.number(value, dtype) }
        return draft.add("Clip", [self, bound(low), bound(high)])
    }

    var isInfinite: ExportValue {
        // Halves came with version 20.
        (dtype.isHalf ? to(.float32) : self).then("IsInf", dtype: .bool)
    }

    /// True for negative numbers and -0.
    var signBit: ExportValue {
        let isNegative = compared("Less", 0)
        guard dtype.isFloatingPoint else { return isNegative }
        return (1 / self).compared("Less", 0).where(compared("Equal", 0), else: isNegative)
    }

    /// The same answer for every element.
    func always(_ answer: Bool) -> ExportValue {
        let isEqual = compared("Equal", self)
        return answer ? isEqual : isEqual.then("Not")
    }
}

extension DType {
    /// True for integers that are widened before they are computed with.
    var isNarrowInteger: Bool { self == .uint8 || self == .int8 || self == .int16 }
}
