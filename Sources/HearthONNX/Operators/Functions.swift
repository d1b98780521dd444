import HearthTensor

/// Functions of one number, element by element.
enum Functions {
    static let rows: OperatorRows = [
        "Abs": { n in try unary(n) { n.type(0).isUnsigned ? $0 : $0.abs() } },
        "Neg": { n in try unary(n) { -$0 } },
        "Ceil": { n in try unary(n) { $0.ceil() } },
        "Floor": { n in try unary(n) { $0.floor() } },
        "Round": { n in try unary(n) { $0.round() } },
        "Sqrt": { n in try unary(n) { $0.sqrt() } },
        "Exp": { n in try unary(n) { $0.exp() } },
        "Log": { n in try unary(n) { $0.log() } },
        "Reciprocal": { n in try unary(n) { $0.reciprocal() } },
        "Sign": { n in try unary(n) { n.type(0).isUnsigned ? ($0 != 0).to($0.dtype) : $0.sign() } },
        "Sin": { n in try unary(n) { $0.sin() } },
        "Cos": { n in try unary(n) { $0.cos() } },
        "Tan": { n in try unary(n) { $0.tan() } },
        "Asin": { n in try unary(n) { $0.asin() } },
        "Acos": { n in try unary(n) { $0.acos() } },
        "Atan": { n in try unary(n) { $0.atan() } },
        "Sinh": { n in try unary(n) { $0.sinh() } },
        "Cosh": { n in try unary(n) { $0.cosh() } },
        "Tanh": { n in try unary(n) { $0.tanh() } },
        "Asinh": { n in try unary(n) { $0.asinh() } },
        "Acosh": { n in try unary(n) { $0.acosh() } },
        "Atanh": { n in try unary(n) { $0.atanh() } },
        "Erf": { n in try unary(n) { $0.erf() } },
        "IsNaN": { n in n.output(try n[0].isNaN(), .bool) },
        "IsInf": isInfinite,
        "Not": { n in n.output(try n[0].logicalNot(), .bool) },
        "BitwiseNot": { n in try unary(n) { n.type(0).wrapped(~$0) } },
        "Identity": { n in
            guard let value = n.value(0) else { throw n.error("an input", "none") }
            return [value]
        },
    ]

    static func unary(_ n: NodeContext, _ function: (Tensor) -> Tensor) throws -> [Value] {
        n.like(0, function(try n[0]))
    }

    private static func isInfinite(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        switch (n.bool("detect_negative", true), n.bool("detect_positive", true)) {
        case (true, true): return n.output(x.isInfinite(), .bool)
        case (true, false): return n.output(x.isNegativeInfinity(), .bool)
        case (false, true): return n.output(x.isPositiveInfinity(), .bool)
        case (false, false): return n.output(Tensor.zeros(like: x, dtype: .bool), .bool)
        }
    }
}
