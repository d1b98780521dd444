import HearthTensor

extension ElementType {
    /// What an operation made of values of this type, brought back into its range as machine integers wrap around.
    func wrapped(_ x: Tensor) -> Tensor {
        guard let dtype, !isNative, self != .uint64 else { return x }
        let bits = Tensor.full([], (1 << bitCount) - 1, dtype: .int64, device: x.device)
        if isUnsigned { return (x.to(.int64) & bits).to(dtype) }
        let half = 1 << (bitCount - 1)
        return (((x.to(.int64) + half) & bits) - half).to(dtype)
    }
}

/// Arithmetic of `uint64` values, which lie in `int64` bit by bit. Sums, differences and products need nothing.
enum UnsignedLongs {
    private static func constant(_ value: Int, _ device: Device) -> Tensor {
        Tensor.full([], value, dtype: .int64, device: device)
    }

    /// Values whose signed order is the unsigned order of `x`.
    static func ordered(_ x: Tensor) -> Tensor { x ^ constant(Int.min, x.device) }

    /// Bits moved to the right, zeros put in front.
    static func shiftedRight(_ x: Tensor, _ count: Int) -> Tensor {
        count == 0 ? x : (x >> count) & constant(Int.max >> (count - 1), x.device)
    }

    /// The quotient.
    static func divide(_ x: Tensor, _ y: Tensor) -> Tensor {
        let isLarge = y < 0
        let divisor = y.maskedFill(isLarge, with: 1)
        // Half of x has no sign; the quotient of it, doubled, is 1 too small at most.
        let quotient = shiftedRight(x, 1).floorDivide(divisor) << 1
        let rest = x - quotient * divisor
        let isOver = ordered(rest) >= ordered(divisor)
        let large = (ordered(x) >= ordered(y)).to(.int64)
        return Tensor.where(isLarge, large, quotient + isOver.to(.int64))
    }

    /// The remainder.
    static func remainder(_ x: Tensor, _ y: Tensor) -> Tensor { x - divide(x, y) * y }

    /// The values as floating-point numbers.
    static func floating(_ x: Tensor, _ dtype: DType) -> Tensor {
        let half = (shiftedRight(x, 1) | (x & constant(1, x.device))).to(.float64) * 2
        return Tensor.where(x < 0, half, x.to(.float64)).to(dtype)
    }

    /// Floating-point numbers as values.
    static func rounded(_ x: Tensor) -> Tensor {
        let wide = x.to(.float64)
        let half = 9_223_372_036_854_775_808.0
        let isLarge = wide >= half
        return Tensor.where(isLarge, (wide - half).to(.int64) ^ constant(Int.min, x.device), wide.to(.int64))
    }
}
