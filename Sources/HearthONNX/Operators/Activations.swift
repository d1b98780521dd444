import HearthTensor

/// Activation functions.
enum Activations {
    static let rows: OperatorRows = [
        "Relu": { n in try Functions.unary(n) { $0.dtype.isFloatingPoint ? $0.relu() : $0.clamp(min: 0).to($0.dtype) }
        },
        "Sigmoid": { n in try Functions.unary(n) { $0.sigmoid() } },
        "LeakyRelu": { n in try Functions.unary(n) { $0.leakyReLU(slope: n.float("alpha", 0.01)) } },
        "Elu": { n in try Functions.unary(n) { $0.elu(alpha: n.float("alpha", 1)) } },
        "Selu": selu,
        "Celu": { n in try Functions.unary(n) { $0.celu(alpha: n.float("alpha", 1)) } },
        "PRelu": prelu,
        "Softplus": { n in try Functions.unary(n) { $0.softplus() } },
        "Softsign": { n in try Functions.unary(n) { $0.softsign() } },
        "HardSigmoid": { n in
            try Functions.unary(n) { ($0 * n.float("alpha", 0.2) + n.float("beta", 0.5)).clamp(min: 0, max: 1) }
        },
        "HardSwish": { n in try Functions.unary(n) { $0.hardSwish() } },
        "Mish": { n in try Functions.unary(n) { $0.mish() } },
        "Gelu": { n in
            try Functions.unary(n) { $0.gelu(approximate: n.text("approximate") == "tanh" ? .tanh : .none) }
        },
        "Swish": { n in try Functions.unary(n) { swish($0, n.float("alpha", 1)) } },
        "SwiGLU": { n in n.like(0, swish(try n[0], n.float("alpha", 1)) * (try n[1])) },
        "ThresholdedRelu": { n in
            try Functions.unary(n) { $0.maskedFill($0 <= n.float("alpha", 1), with: 0) }
        },
        "Shrink": shrink,
        "Clip": clip,
        "Softmax": { n in try alongAxis(n) { $0.softmax(dim: $1) } },
        "LogSoftmax": { n in try alongAxis(n) { $0.logSoftmax(dim: $1) } },
        "Hardmax": { n in
            try alongAxis(n) { x, axis in
                let largest = x.argmax(dim: axis, keepDim: true)
                return Tensor.zeros(like: x).scatter(axis, largest, 1)
            }
        },
    ]

    static func swish(_ x: Tensor, _ alpha: Double) -> Tensor {
        alpha == 1 ? x.silu() : x * (x * alpha).sigmoid()
    }

    private static func selu(_ n: NodeContext) throws -> [Value] {
        let (alpha, gamma) = (n.float("alpha", 1.67326319217681884765625), n.float("gamma", 1.05070102214813232421875))
        return try Functions.unary(n) { x in Tensor.where(x > 0, x, (x.clamp(max: 0).exp() - 1) * alpha) * gamma }
    }

    private static func prelu(_ n: NodeContext) throws -> [Value] {
        let (x, slope) = (try n[0], try n[1])
        var factors = slope
        // Before version 7 the slopes are one for each channel.
        if n.version < 7, slope.rank == 1, x.rank > 2 {
            factors = slope.reshape(Shape([slope.count] + Array(repeating: 1, count: x.rank - 2)))
        }
        return n.like(0, Tensor.where(x < 0, x * factors, x))
    }

    private static func shrink(_ n: NodeContext) throws -> [Value] {
        let (bias, limit) = (n.float("bias", 0), n.float("lambd", 0.5))
        return try Functions.unary(n) { x in
            let outer = Tensor.where(x > limit, x - bias, 0)
            return Tensor.where(x < -limit, x + bias, outer).to(x.dtype)
        }
    }

    private static func clip(_ n: NodeContext) throws -> [Value] {
        var x = try n[0]
        if n.version < 11 {
            return n.like(0, x.clamp(min: n.float("min"), max: n.float("max")))
        }
        let type = n.type(0)
        if let low = try n.optional(1) { x = Arithmetic.maximum(x, low.reshape([]), type) }
        if let high = try n.optional(2) { x = Arithmetic.minimum(x, high.reshape([]), type) }
        return n.like(0, x)
    }

    /// A function along an axis; before version 13 all axes from it on count as one.
    private static func alongAxis(_ n: NodeContext, _ function: (Tensor, Int) -> Tensor) throws -> [Value] {
        let x = try n[0]
        if n.version >= 13 { return n.like(0, function(x, try n.axis(n.int("axis", -1), rank: x.rank))) }
        let axis = try n.axis(n.int("axis", 1), rank: x.rank)
        let rows = x.shape.prefix(axis).reduce(1, *)
        let flat = x.reshape([rows, rows == 0 ? 0 : x.count / rows])
        return n.like(0, function(flat, 1).reshape(x.shape))
    }
}
