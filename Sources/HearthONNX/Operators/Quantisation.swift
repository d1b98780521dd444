import HearthTensor

/// Operators of quantised numbers. Integers are multiplied exactly, in 53 bits.
enum Quantisation {
    static let rows: OperatorRows = [
        "QuantizeLinear": quantize,
        "DequantizeLinear": dequantize,
        "DynamicQuantizeLinear": dynamic,
        "MatMulInteger": { n in
            let (x, y) = (try centred(n[0], rowZero(n.optional(2))), try centred(n[1], n.optional(3)))
            return n.output(x.matmul(y).to(.int64).to(.int32), .int32)
        },
        "ConvInteger": { n in
            let weight = try n[1]
            let x = try centred(n[0], n.optional(2))
            let y = try centred(weight, n.optional(3).map { column($0, weight.rank, axis: 0) })
            return n.output(try Convolutions.convolve(n, x, y, nil).to(.int64).to(.int32), .int32)
        },
        "QLinearMatMul": { n in
            let x = try centred(n[0], rowZero(n[2]))
            let y = try centred(n[3], n[5])
            let factor = try rowZero(n[1]).to(.float32) * n[4].to(.float32) / n[6].to(.float32)
            return n.output(
                scaled(x.matmul(y).to(.float32) * factor, zero: try n[7], n.type(7)), n.type(7))
        },
        "QLinearConv": { n in
            let weight = try n[3]
            let x = try centred(n[0], n[2])
            let y = try centred(weight, column(n[5], weight.rank, axis: 0))
            let sums = try Convolutions.convolve(n, x, y, n.optional(8)?.to(.float64))
            let factor = try n[1].to(.float32) * n[4].to(.float32) / n[6].to(.float32)
            return n.output(
                scaled(sums.to(.float32) * column(factor, weight.rank, axis: 1), zero: try n[7], n.type(7)), n.type(7))
        },
    ]

    /// The numbers less their zero point, exact in float64.
    private static func centred(_ x: Tensor, _ zero: Tensor?) -> Tensor {
        zero.map { x.to(.float64) - $0.to(.float64) } ?? x.to(.float64)
    }

    /// A number for each row of a matrix as a column.
    private static func rowZero(_ zero: Tensor) -> Tensor {
        zero.rank == 1 && zero.count > 1 ? zero.unsqueeze(1) : zero
    }
    private static func rowZero(_ zero: Tensor?) -> Tensor? { zero.map { rowZero($0) } }

    /// A vector along one axis of `rank` dimensions; one number goes with all.
    private static func column(_ x: Tensor, _ rank: Int, axis: Int) -> Tensor {
        if x.count == 1 { return x.reshape([]) }
        var shape = Shape(repeating: 1, count: rank)
        shape[axis] = x.count
        return x.reshape(shape)
    }

    /// Numbers rounded to integers of a type around a zero point; what is outside its range is brought to its border.
    private static func scaled(_ x: Tensor, zero: Tensor?, _ type: ElementType) -> Tensor {
        var y = x.round()
        if let zero { y = y + zero.to(x.dtype) }
        let bounds = type.bounds
        return y.clamp(min: Double(bounds.lowerBound), max: Double(bounds.upperBound)).to(type.dtype ?? .uint8)
    }

    /// Scales or zero points brought to the shape of `x`: one number, one for each place of an axis, or one for each block.
    private static func spread(_ n: NodeContext, _ s: Tensor, _ x: Tensor) throws -> Tensor {
        if s.count == 1, s.rank <= 1 { return s.reshape([]) }
        let axis = try n.axis(n.int("axis", 1), rank: x.rank)
        let block = n.int("block_size", 0)
        if s.rank == 1 {
            try n.check(s.count == x.shape[axis], "\(x.shape[axis]) scales", "\(s.count)")
            return column(s, x.rank, axis: axis)
        }
        try n.check(block > 0 && s.rank == x.rank, "a block size and scales like \(x.shape)", "\(block) and \(s.shape)")
        _ = try n.shape(
            s.shape.indices.map { $0 == axis ? min(s.shape[$0], 1 << 20) * min(block, 1 << 40) : s.shape[$0] }, s.dtype)
        let whole = s.repeatInterleave(block, dim: axis)
        try n.check(whole.shape[axis] >= x.shape[axis], "scales for \(x.shape)", "\(s.shape)")
        return whole.narrow(axis, start: 0, length: x.shape[axis])
    }

    private static func quantize(_ n: NodeContext) throws -> [Value] {
        let (x, scale) = (try n[0], try n[1])
        let declared = try n.int("output_dtype", 0) == 0 ? nil : n.elementType("output_dtype")
        let type = n.has(2) ? n.type(2) : declared ?? .uint8
        let zero = try n.optional(2).map { try spread(n, $0, x) }
        let precision = try n.int("precision", 0) == 0 ? nil : n.elementType("precision")?.dtype
        let dtype = precision ?? scale.dtype
        let y = (x.to(dtype) / (try spread(n, scale, x)).to(dtype)).to(.float32)
        return n.output(scaled(y, zero: zero, type), type)
    }

    private static func dequantize(_ n: NodeContext) throws -> [Value] {
        let (x, scale) = (try n[0], try n[1])
        let declared = try n.int("output_dtype", 0) == 0 ? nil : n.elementType("output_dtype")
        let type = declared ?? n.type(1)
        guard let dtype = type.dtype else { throw n.error("a floating-point type", "\(type)") }
        let wide: DType = x.dtype == .int32 ? .float64 : .float32
        var y = x.to(wide)
        if let zero = try n.optional(2) { y = y - (try spread(n, zero, x)).to(wide) }
        return n.output((y * (try spread(n, scale, x)).to(wide)).to(dtype), type)
    }

    private static func dynamic(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        try n.check(x.count > 0, "1 element and more", "0")
        let (high, low) = (x.max().clamp(min: 0), x.min().clamp(max: 0))
        let range = high - low
        let scale = Tensor.where(range == 0, 1, range) / 255
        let zero = (-(low / scale)).clamp(min: 0, max: 255).round()
        let y = ((x / scale).round() + zero).clamp(min: 0, max: 255).to(.uint8)
        return n.output(y, .uint8) + n.like(0, scale) + n.output(zero.to(.uint8), .uint8)
    }
}
