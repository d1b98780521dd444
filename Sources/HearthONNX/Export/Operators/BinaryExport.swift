import HearthGraph
import HearthTensor

extension ExportTable {
    private typealias Function = @Sendable (ExportValue, ExportValue) -> ExportValue

    private static let arithmetic: [String: Function] = [
        "add": { x, y in x.dtype == .bool ? x.with("Or", y) : x + y },
        "sub": { x, y in x - y },
        "mul": { x, y in x.dtype == .bool ? x.with("And", y) : x * y },
        "div": { x, y in x / y },
        "floor_divide": { x, y in x.floorDivided(by: y) },
        "remainder": { x, y in x.remainder(of: y) },
        "fmod": { x, y in x.truncatedRemainder(of: y) },
        "pow": { x, y in x.with("Pow", y) },
        "maximum": { x, y in x.dtype == .bool ? x.with("Or", y) : x.with("Max", y) },
        "minimum": { x, y in x.dtype == .bool ? x.with("And", y) : x.with("Min", y) },
        "atan2": { y, x in atan2(y, x) },
        "hypot": { x, y in (x * x + y * y).then("Sqrt") },
        "xlogy": { x, y in product(x, y, y.then("Log")) },
        "xlog1py": { x, y in product(x, y, y.log1p) },
        "copysign": { x, y in
            let size = x.then("Abs")
            return (-size).where(y.signBit, else: size)
        },
        "fmax": { x, y in x.with("Max", y).withoutNaN(x, y) },
        "fmin": { x, y in x.with("Min", y).withoutNaN(x, y) },
        "heaviside": { x, y in
            if x.dtype == .bool { return x.with("Or", y) }
            return y.where(x.compared("Equal", 0), else: x.compared("Greater", 0).to(x.dtype))
        },
        "logaddexp": { x, y in
            let apart = x.with("Max", y) + (-(x - y).then("Abs")).then("Exp").log1p
            return (x + 0.69314718055994530942).where(x.compared("Equal", y), else: apart)
        },
        "logaddexp2": { x, y in
            let power = x.draft.number(2, x.dtype).with("Pow", -(x - y).then("Abs"))
            let apart = x.with("Max", y) + power.log1p * 1.44269504088896340736
            return (x + 1).where(x.compared("Equal", y), else: apart)
        },
        "bitwise_and": { x, y in x.with(x.dtype == .bool ? "And" : "BitwiseAnd", y) },
        "bitwise_or": { x, y in x.with(x.dtype == .bool ? "Or" : "BitwiseOr", y) },
        "bitwise_xor": { x, y in x.with(x.dtype == .bool ? "Xor" : "BitwiseXor", y) },
        "bitwise_left_shift": { x, y in x * x.draft.number(2, x.dtype).with("Pow", y) },
        "bitwise_right_shift": { x, y in x.floorDivided(by: x.draft.number(2, x.dtype).with("Pow", y)) },
    ]

    private static let questions: [String: Function] = [
        "eq": { x, y in x.compared("Equal", y) },
        "ne": { x, y in x.compared("Equal", y).then("Not") },
        "lt": { x, y in x.ordered("Less", y) },
        "le": { x, y in x.ordered("LessOrEqual", y) },
        "gt": { x, y in x.ordered("Greater", y) },
        "ge": { x, y in x.ordered("GreaterOrEqual", y) },
        "logical_and": { x, y in x.to(.bool).with("And", y.to(.bool)) },
        "logical_or": { x, y in x.to(.bool).with("Or", y.to(.bool)) },
        "logical_xor": { x, y in x.to(.bool).with("Xor", y.to(.bool)) },
    ]

    static let binary: [String: ExportRule] = {
        var rules: [String: ExportRule] = [:]
        for (name, function) in arithmetic.merging(questions, uniquingKeysWith: { first, _ in first }) {
            rules[name] = { n in
                try checkBits(n)
                let x = n.unexpanded()
                return widened(x[0], x[1], function)
            }
            rules[name + ".scalar"] = { n in
                try checkBits(n)
                let number = try n.number(n.arguments.argument("scalar"), n[0].dtype)
                let scalarFirst = try n.arguments.bool("scalarFirst")
                return scalarFirst ? widened(number, n[0], function) : widened(n[0], number, function)
            }
        }
        rules["add_scaled"] = { n in
            let x = n.unexpanded()
            let scale = n.arguments.has("a") ? try n.arguments.argument("a") : .number(0)
            let number = try n.number(scale, x[1].dtype)
            return widened(x[0], x[1]) { $0 + $1 * number.to($1.dtype) }
        }
        return rules
    }()

    private static func checkBits(_ n: ExportNode) throws(ONNXError) {
        guard n.operation.name.hasPrefix("bitwise"), n[0].dtype != .bool, n.draft.opset < 18 else { return }
        throw n.error("version 18 of the operators, which brought those of bits", "\(n.draft.opset)")
    }

    /// Narrow integers are computed in 32 bits, which few runtimes do otherwise.
    private static func widened(
        _ x: ExportValue, _ y: ExportValue, _ function: (ExportValue, ExportValue) -> ExportValue
    ) -> ExportValue {
        guard x.dtype.isNarrowInteger else { return function(x, y) }
        let wide = function(x.to(.int32), y.to(.int32))
        return wide.dtype == .int32 ? wide.to(x.dtype) : wide
    }

    /// `x * f`, but 0 where x is 0 and y is a number.
    private static func product(_ x: ExportValue, _ y: ExportValue, _ f: ExportValue) -> ExportValue {
        let isZero = x.compared("Equal", 0).with("And", y.then("IsNaN", dtype: .bool).then("Not"))
        return x.draft.number(0, x.dtype).where(isZero, else: x * f)
    }

    private static func atan2(_ y: ExportValue, _ x: ExportValue) -> ExportValue {
        let angle = (y / x).then("Atan")
        let half = x.draft.number(Double.pi, x.dtype)
        let turned = (angle - half).where(y.signBit, else: angle + half)
        let quarter = x.draft.number(Double.pi / 2, x.dtype)
        let isZero = y.compared("Equal", 0)
        let upright = y.where(isZero, else: (-quarter).where(y.signBit, else: quarter))
        let isLeft = x.compared("Less", 0)
        return upright.where(x.compared("Equal", 0), else: turned.where(isLeft, else: angle))
    }
}

extension ExportValue {
    /// Rounded down, where ONNX rounds integers towards 0.
    func floorDivided(by y: ExportValue) -> ExportValue {
        if dtype.isFloatingPoint { return (self / y).then("Floor") }
        let quotient = self / y
        let rest = self - quotient * y
        let isNegative = rest.compared("Less", 0).with("Xor", y.compared("Less", 0))
        let isBelow = isNegative.with("And", rest.compared("Equal", 0).then("Not"))
        return quotient - isBelow.to(dtype)
    }

    /// The remainder with the sign of the divisor.
    func remainder(of y: ExportValue) -> ExportValue {
        guard dtype.isFloatingPoint else { return with("Mod", y) }
        let rest = truncatedRemainder(of: y)
        let isNegative = rest.compared("Less", 0).with("Xor", y.compared("Less", 0))
        let isOther = isNegative.with("And", rest.compared("Equal", 0).then("Not"))
        return (rest + y).where(isOther, else: rest)
    }

    /// The remainder with the sign of the dividend.
    func truncatedRemainder(of y: ExportValue) -> ExportValue { draft.add("Mod", [self, y], ["fmod": 1]) }

    /// This value, which is an extreme of two, with the other where one is NaN.
    fileprivate func withoutNaN(_ x: ExportValue, _ y: ExportValue) -> ExportValue {
        let rest = x.where(y.then("IsNaN", dtype: .bool), else: self)
        return y.where(x.then("IsNaN", dtype: .bool), else: rest)
    }

    /// A comparison of size; false is smaller than true.
    fileprivate func ordered(_ operatorName: String, _ y: ExportValue) -> ExportValue {
        dtype == .bool ? to(.int32).compared(operatorName, y.to(.int32)) : compared(operatorName, y)
    }
}
