import HearthTensor

/// Pools: one number for all that a window covers.
enum PoolOperators {
    static let rows: OperatorRows = [
        "MaxPool": maxPool,
        "AveragePool": averagePool,
        "LpPool": { n in
            let p = Double(n.int("p", 2))
            return try pool(n) { x, rule, outputs in
                sums(x.abs().pow(p), rule, outputs).pow(1 / p)
            }
        },
        "GlobalMaxPool": { n in try global(n) { $0.amax(dims: $1, keepDim: true) } },
        "GlobalAveragePool": { n in try global(n) { $0.mean(dims: $1, keepDim: true) } },
        "GlobalLpPool": { n in
            let p = Double(n.int("p", 2))
            return try global(n) { $0.abs().pow(p).sum(dims: $1, keepDim: true).pow(1 / p) }
        },
        "MaxUnpool": maxUnpool,
    ]

    private static func global(_ n: NodeContext, _ function: (Tensor, [Int]) -> Tensor) throws -> [Value] {
        let x = try n[0]
        try n.check(x.rank >= 3, "[N, C, …]", "\(x.shape)")
        return n.like(0, function(x, Array(2..<x.rank)))
    }

    private static func rule(_ n: NodeContext, _ x: Tensor) throws -> (WindowRule, [Int]) {
        let size = try WindowRule.spatial(n, x)
        guard let kernel = n.intList("kernel_shape") else { throw n.error("a kernel", "none") }
        let rule = try WindowRule(n, kernel: kernel, size: size)
        let outputs = rule.outputs(size, ceil: n.bool("ceil_mode"))
        try rule.checkPadded(n, x)
        try n.check(!outputs.contains(0), "a kernel that fits into \(x.shape)", "\(kernel)")
        return (rule, outputs)
    }

    private static func pool(
        _ n: NodeContext, _ function: (Tensor, WindowRule, [Int]) -> Tensor
    ) throws -> [Value] {
        let x = try n[0]
        let (rule, outputs) = try rule(n, x)
        return n.like(0, function(x, rule, outputs))
    }

    /// The sum of what each window covers; the border is 0.
    private static func sums(_ x: Tensor, _ rule: WindowRule, _ outputs: [Int]) -> Tensor {
        let padded = x.pad(rule.around(extra: rule.missing(Array(x.shape.dropFirst(2)), outputs)))
        return windowed(padded, rule, outputs) { $0 + $1 }
    }

    /// The elements of each window taken together: for each place in the window the elements that stand there are a part
    /// of the input, a step apart.
    private static func windowed(
        _ padded: Tensor, _ rule: WindowRule, _ outputs: [Int], _ combine: (Tensor, Tensor) -> Tensor
    ) -> Tensor {
        var y = padded
        for (i, count) in outputs.enumerated() {
            let axis = i + 2
            let parts = (0..<rule.kernel[i]).map { tap in
                let start = tap * rule.dilations[i]
                let range = IndexItem.range(start, start + (count - 1) * rule.strides[i] + 1, step: rule.strides[i])
                return y.transpose(0, axis)[range].transpose(0, axis)
            }
            y = parts.dropFirst().reduce(parts[0], combine)
        }
        return y
    }

    private static func averagePool(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let (rule, outputs) = try rule(n, x)
        let counts = n.bool("count_include_pad")
        let isPlain = rule.isSymmetric && rule.dilations.allSatisfy { $0 == 1 } && !n.bool("ceil_mode")
        if isPlain, zip(rule.before, rule.kernel).allSatisfy({ $0 * 2 <= $1 }) {
            return n.like(
                0,
                x.avgPool(
                    rank: outputs.count, rule.kernel, stride: rule.strides, padding: rule.before,
                    countIncludePad: counts))
        }
        let size = Array(x.shape.dropFirst(2))
        // How many elements each window covers; what hangs over the end counts in no case.
        let ones = Tensor.ones(Shape([1, 1] + size), dtype: x.dtype, device: x.device)
        let missing = rule.missing(size, outputs)
        let inside = ones.pad(rule.around(), value: counts ? 1 : 0)
            .pad(missing.indices.reversed().flatMap { [0, missing[$0]] })
        let divisors = windowed(inside, rule, outputs) { $0 + $1 }
        return n.like(0, sums(x, rule, outputs) / divisors)
    }

    private static func maxPool(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let (rule, outputs) = try rule(n, x)
        let size = Array(x.shape.dropFirst(2))
        let rank = size.count
        let isPlain = rule.isSymmetric && !n.bool("ceil_mode") && x.dtype.isFloatingPoint
        if isPlain, !n.wants(1), zip(rule.before, rule.kernel).allSatisfy({ $0 * 2 <= $1 }) {
            return n.like(
                0,
                x.maxPool(
                    rank: rank, rule.kernel, stride: rule.strides, padding: rule.before, dilation: rule.dilations))
        }
        // Bytes are exact as floats.
        let numbers = x.dtype.isFloatingPoint ? x : x.to(.float32)
        let border = rule.around(extra: rule.missing(size, outputs))
        let padded = numbers.pad(border, value: -.infinity)
        guard n.wants(1) else {
            let y = padded.maxPool(rank: rank, rule.kernel, stride: rule.strides, dilation: rule.dilations)
            return n.like(0, cut(y, outputs).to(x.dtype))
        }
        let found = padded.maxPoolWithIndices(
            rank: rank, rule.kernel, stride: rule.strides, dilation: rule.dilations)
        let places = place(
            cut(found.indices, outputs), in: Array(padded.shape.dropFirst(2)), rule, size,
            columnsFirst: n.int("storage_order", 0) == 1)
        let planes = Tensor.arange(x.shape[0] * x.shape[1], device: x.device) * size.reduce(1, *)
        let offset = planes.reshape(Shape([x.shape[0], x.shape[1]] + Array(repeating: 1, count: rank)))
        return n.like(0, cut(found.values, outputs).to(x.dtype)) + n.output(places + offset, .int64)
    }

    /// The first windows; an extra one may fit into the padding.
    private static func cut(_ y: Tensor, _ outputs: [Int]) -> Tensor {
        var y = y
        for (i, count) in outputs.enumerated() where y.shape[i + 2] > count {
            y = y.narrow(i + 2, start: 0, length: count)
        }
        return y
    }

    /// Positions in the padded plane as positions in the plane.
    private static func place(
        _ index: Tensor, in padded: [Int], _ rule: WindowRule, _ size: [Int], columnsFirst: Bool
    ) -> Tensor {
        var rest = index
        var place = Tensor.zeros(like: index)
        let steps =
            columnsFirst ? size.indices.map { size.prefix($0).reduce(1, *) } : Array(Shape(size).contiguousStrides)
        for i in size.indices.reversed() {
            place = place + (rest % padded[i] - rule.before[i]) * steps[i]
            rest = rest.floorDivide(padded[i])
        }
        return place
    }

    private static func maxUnpool(_ n: NodeContext) throws -> [Value] {
        let (x, index) = (try n[0], try n[1])
        let size = try WindowRule.spatial(n, x)
        guard let kernel = n.intList("kernel_shape") else { throw n.error("a kernel", "none") }
        let rule = try WindowRule(n, kernel: kernel, size: size)
        let own = size.indices.map {
            (size[$0] - 1) * rule.strides[$0] - rule.before[$0] - rule.after[$0] + kernel[$0]
        }
        let shape = try n.shape([x.shape[0], x.shape[1]] + own, x.dtype)
        let zeros = Tensor.zeros([shape.elementCount], dtype: x.dtype, device: x.device)
        try n.check(index.shape == x.shape, "indices of \(x.shape)", "\(index.shape)")
        guard let wanted = try n.integersIfGiven(2) else {
            return n.like(0, zeros.scatter(0, index.reshape([-1]), x.reshape([-1])).reshape(shape))
        }
        // Indices count in the smaller output, which then lies in a corner of the larger one.
        let target = try n.shape(wanted, x.dtype)
        try n.check(target.count == shape.count, "\(shape.count) sizes", "\(wanted)")
        let inner = zeros.scatter(0, index.reshape([-1]), x.reshape([-1])).reshape(shape)
        return n.like(0, inner.pad(shape.indices.reversed().flatMap { [0, target[$0] - shape[$0]] }))
    }
}
