import HearthTensor

/// Operators of two and more tensors, element by element.
enum Arithmetic {
    static let rows: OperatorRows = [
        "Add": { n in try binary(n) { $0 + $1 } },
        "Sub": { n in try binary(n) { $0 - $1 } },
        "Mul": { n in try binary(n) { $0 * $1 } },
        "Div": { n in try binary(n) { divide($0, $1, n.type(0)) } },
        "Mod": mod,
        "Pow": pow,
        "Max": { n in try fold(n) { maximum($0, $1, n.type(0)) } },
        "Min": { n in try fold(n) { minimum($0, $1, n.type(0)) } },
        "Sum": { n in try fold(n) { $0 + $1 } },
        "Mean": { n in
            let tensors = try n.tensors()
            guard let first = tensors.first else { throw n.error("1 input and more", "none") }
            return n.like(0, tensors.dropFirst().reduce(first, +) / Double(tensors.count))
        },
        "And": { n in try binary(n, .bool) { $0.logicalAnd($1) } },
        "Or": { n in try binary(n, .bool) { $0.logicalOr($1) } },
        "Xor": { n in try binary(n, .bool) { $0.logicalXor($1) } },
        "Equal": { n in try binary(n, .bool) { $0 == $1 } },
        "Greater": { n in try compare(n) { $0 > $1 } },
        "GreaterOrEqual": { n in try compare(n) { $0 >= $1 } },
        "Less": { n in try compare(n) { $0 < $1 } },
        "LessOrEqual": { n in try compare(n) { $0 <= $1 } },
        "BitwiseAnd": { n in try binary(n) { $0 & $1 } },
        "BitwiseOr": { n in try binary(n) { $0 | $1 } },
        "BitwiseXor": { n in try binary(n) { $0 ^ $1 } },
        "BitShift": bitShift,
        "Where": { n in n.like(1, Tensor.where(try n[0], try n[1], try n[2])) },
    ]

    /// The operands, brought together as operator sets before 7 do: with an axis where the second one begins.
    static func operands(_ n: NodeContext) throws -> (Tensor, Tensor) {
        let (x, y) = (try n[0], try n[1])
        guard n.version < 7, n.bool("broadcast"), let axis = n.int("axis") else { return (x, y) }
        let start = try n.axis(axis, rank: x.rank)
        try n.check(start + y.rank <= x.rank, "an axis where \(y.spec) fits into \(x.spec)", "\(axis)")
        return (x, y.reshape(Shape(Array(y.shape) + Array(repeating: 1, count: x.rank - start - y.rank))))
    }

    private static func binary(
        _ n: NodeContext, _ type: ElementType? = nil, _ function: (Tensor, Tensor) -> Tensor
    ) throws -> [Value] {
        let (x, y) = try operands(n)
        try n.check(n.type(0) == n.type(1), "two tensors of one type", "\(n.type(0)) and \(n.type(1))")
        if let type { return n.output(function(x, y), type) }
        return n.like(0, n.type(0).wrapped(function(x, y)))
    }

    private static func compare(_ n: NodeContext, _ function: (Tensor, Tensor) -> Tensor) throws -> [Value] {
        try binary(n, .bool) { x, y in
            guard n.type(0) == .uint64 else { return function(x, y) }
            return function(UnsignedLongs.ordered(x), UnsignedLongs.ordered(y))
        }
    }

    private static func fold(_ n: NodeContext, _ function: (Tensor, Tensor) -> Tensor) throws -> [Value] {
        let tensors = try n.tensors()
        guard let first = tensors.first else { throw n.error("1 input and more", "none") }
        return n.like(0, tensors.dropFirst().reduce(first, function))
    }

    /// The quotient; of integers without what is behind the point.
    static func divide(_ x: Tensor, _ y: Tensor, _ type: ElementType) -> Tensor {
        if type == .uint64 { return UnsignedLongs.divide(x, y) }
        guard x.dtype.isInteger else { return x / y }
        // What is left when the remainder is taken away divides evenly, so that no rounding is to be done.
        return type.isUnsigned ? x.floorDivide(y) : (x - x.fmod(y)).floorDivide(y)
    }

    static func maximum(_ x: Tensor, _ y: Tensor, _ type: ElementType) -> Tensor {
        guard type == .uint64 else { return x.maximum(y) }
        return Tensor.where(UnsignedLongs.ordered(x) >= UnsignedLongs.ordered(y), x, y)
    }

    static func minimum(_ x: Tensor, _ y: Tensor, _ type: ElementType) -> Tensor {
        guard type == .uint64 else { return x.minimum(y) }
        return Tensor.where(UnsignedLongs.ordered(x) <= UnsignedLongs.ordered(y), x, y)
    }

    private static func mod(_ n: NodeContext) throws -> [Value] {
        try binary(n) { x, y in
            if n.type(0) == .uint64 { return UnsignedLongs.remainder(x, y) }
            if n.bool("fmod") { return x.fmod(y) }
            guard x.dtype.isFloatingPoint else { return x.remainder(y) }
            // A remainder of 0 has the divisor's sign.
            let rest = x.remainder(y)
            return Tensor.where(rest == 0, rest.copysign(y.expand(to: rest.shape)), rest)
        }
    }

    private static func pow(_ n: NodeContext) throws -> [Value] {
        let (x, y) = try operands(n)
        let type = n.type(0)
        if x.dtype.isFloatingPoint { return n.like(0, x.pow(y.to(x.dtype))) }
        if y.dtype.isFloatingPoint {
            let power = x.to(.float64).pow(y.to(.float64))
            return n.like(0, type.wrapped(power.to(x.dtype)))
        }
        return n.like(0, type.wrapped(x.pow(y.to(x.dtype))))
    }

    private static func bitShift(_ n: NodeContext) throws -> [Value] {
        let (x, y) = (try n[0].to(.int64), try n[1].to(.int64))
        let type = n.type(0)
        guard let dtype = type.dtype, let direction = n.text("direction") else {
            throw n.error("a direction", "none")
        }
        // A shift by more bits than there are leaves nothing but the sign.
        let isFar = (y < 0) | (y >= type.bitCount)
        let count = y.maskedFill(isFar, with: 0)
        if direction == "LEFT" {
            let moved = Tensor.where(isFar, 0, x << count)
            return n.like(0, type.isNative ? moved.to(dtype) : type.wrapped(moved))
        }
        try n.check(direction == "RIGHT", "LEFT or RIGHT", "'\(direction)'")
        var moved = x >> count
        if type == .uint64 {
            let mask = Tensor.full([], Int.max, dtype: .int64, device: x.device) >> (count - 1).clamp(min: 0)
            moved = Tensor.where(count == 0, x, moved & mask)
        }
        let far = type.isUnsigned ? Tensor.zeros(like: x) : x >> 63
        return n.like(0, Tensor.where(isFar, far, moved).to(dtype))
    }
}
