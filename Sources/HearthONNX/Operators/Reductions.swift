import HearthTensor

/// Operators that make one number of many along axes.
enum Reductions {
    static let rows: OperatorRows = [
        "ReduceSum": { n in try reduce(n) { $0.sum(dims: $1, keepDim: $2, dtype: $0.dtype) } },
        "ReduceMean": { n in try reduce(n, mean) },
        "ReduceProd": { n in try reduce(n, product) },
        "ReduceMax": { n in try reduce(n) { extreme($0, $1, $2, n.type(0), largest: true) } },
        "ReduceMin": { n in try reduce(n) { extreme($0, $1, $2, n.type(0), largest: false) } },
        "ReduceL1": { n in try reduce(n) { $0.abs().sum(dims: $1, keepDim: $2, dtype: $0.dtype) } },
        "ReduceL2": { n in try reduce(n) { x, dims, keep in squares(x, dims, keep).sqrt().to(x.dtype) } },
        "ReduceSumSquare": { n in
            try reduce(n) { x, dims, keep in x.square().sum(dims: dims, keepDim: keep, dtype: x.dtype) }
        },
        "ReduceLogSum": { n in
            try reduce(n) { x, dims, keep in floating(x).sum(dims: dims, keepDim: keep).log().to(x.dtype) }
        },
        "ReduceLogSumExp": { n in
            try reduce(n) { x, dims, keep in logSumExp(floating(x), dims, keep).to(x.dtype) }
        },
        "ArgMax": { n in try position(n, largest: true) },
        "ArgMin": { n in try position(n, largest: false) },
        "CumSum": { n in try accumulate(n) { $0.cumsum(dim: $1, dtype: $0.dtype) } },
        "CumProd": { n in try accumulate(n) { $0.cumprod(dim: $1, dtype: $0.dtype) } },
        "TopK": topK,
    ]

    /// The axes of a reduction: an input in the newer versions, an attribute in the older; nil when nothing is reduced.
    private static func axes(_ n: NodeContext, rank: Int) throws -> [Int]? {
        let given = try n.integersIfGiven(1) ?? n.intList("axes") ?? []
        if given.isEmpty { return n.bool("noop_with_empty_axes") ? nil : Array(0..<rank) }
        return try n.axes(given, rank: rank)
    }

    private static func reduce(
        _ n: NodeContext, _ function: (Tensor, [Int], Bool) -> Tensor
    ) throws -> [Value] {
        let x = try n[0]
        // Without axes each element is a group of its own.
        let dims = try axes(n, rank: x.rank)
        guard let dims else { return n.like(0, function(x.unsqueeze(-1), [x.rank], false)) }
        if x.rank == 0 { return n.like(0, function(x.reshape([1]), [0], false)) }
        return n.like(0, n.type(0).wrapped(function(x, dims, n.bool("keepdims", true))))
    }

    private static func floating(_ x: Tensor) -> Tensor { x.dtype.isFloatingPoint ? x : x.to(.float64) }

    private static func mean(_ x: Tensor, _ dims: [Int], _ keep: Bool) -> Tensor {
        if x.dtype.isFloatingPoint { return x.mean(dims: dims, keepDim: keep) }
        let count = Tensor.full([], dims.reduce(1) { $0 * x.shape[$1] }, dtype: x.dtype, device: x.device)
        return Arithmetic.divide(x.sum(dims: dims, keepDim: keep, dtype: x.dtype), count, ElementType(x.dtype))
    }

    private static func product(_ x: Tensor, _ dims: [Int], _ keep: Bool) -> Tensor {
        var y = x
        for dim in dims.sorted(by: >) { y = y.prod(dim: dim, keepDim: keep, dtype: x.dtype) }
        return y
    }

    private static func squares(_ x: Tensor, _ dims: [Int], _ keep: Bool) -> Tensor {
        floating(x).square().sum(dims: dims, keepDim: keep)
    }

    private static func logSumExp(_ x: Tensor, _ dims: [Int], _ keep: Bool) -> Tensor {
        x.count == 0 ? x.exp().sum(dims: dims, keepDim: keep).log() : x.logSumExp(dims: dims, keepDim: keep)
    }

    private static func extreme(
        _ x: Tensor, _ dims: [Int], _ keep: Bool, _ type: ElementType, largest: Bool
    ) -> Tensor {
        if dims.contains(where: { x.shape[$0] == 0 }) {
            // Of nothing: what every element would replace.
            var shape = x.shape
            for dim in dims { shape[dim] = 1 }
            let limit: Scalar =
                switch type {
                case .bool: .bool(!largest)
                case let type where type.isInteger: .int(largest ? type.bounds.lowerBound : type.bounds.upperBound)
                default: .double(largest ? -.infinity : .infinity)
                }
            let filled = Tensor.full(shape, limit, dtype: x.dtype, device: x.device)
            return keep
                ? filled : filled.reshape(Shape(x.shape.indices.filter { !dims.contains($0) }.map { x.shape[$0] }))
        }
        if type == .bool { return largest ? x.any(dims: dims, keepDim: keep) : x.all(dims: dims, keepDim: keep) }
        if type == .uint64 {
            let ordered = UnsignedLongs.ordered(x)
            let found = largest ? ordered.amax(dims: dims, keepDim: keep) : ordered.amin(dims: dims, keepDim: keep)
            return UnsignedLongs.ordered(found)
        }
        return largest ? x.amax(dims: dims, keepDim: keep) : x.amin(dims: dims, keepDim: keep)
    }

    private static func position(_ n: NodeContext, largest: Bool) throws -> [Value] {
        let x = n.type(0) == .uint64 ? UnsignedLongs.ordered(try n[0]) : try n[0]
        let axis = try n.axis(n.int("axis", 0), rank: x.rank)
        let keep = n.bool("keepdims", true)
        func find(_ x: Tensor) -> Tensor {
            largest ? x.argmax(dim: axis, keepDim: keep) : x.argmin(dim: axis, keepDim: keep)
        }
        guard n.bool("select_last_index") else { return n.output(find(x), .int64) }
        return n.output((x.shape[axis] - 1) - find(x.flip(axis)), .int64)
    }

    private static func accumulate(_ n: NodeContext, _ function: (Tensor, Int) -> Tensor) throws -> [Value] {
        let x = try n[0]
        guard let given = try n.integer(1) else { throw n.error("an axis", "none") }
        let axis = try n.axis(given, rank: x.rank)
        let isProduct = n.step.proto.opType == "CumProd"
        var y = n.bool("reverse") ? x.flip(axis) : x
        if n.bool("exclusive"), x.shape[axis] > 0 {
            var shape = x.shape
            shape[axis] = 1
            let start = Tensor.full(shape, isProduct ? 1 : 0, dtype: x.dtype, device: x.device)
            y = Tensor.cat([start, y.narrow(axis, start: 0, length: x.shape[axis] - 1)], dim: axis)
        }
        y = n.type(0).wrapped(function(y, axis))
        return n.like(0, n.bool("reverse") ? y.flip(axis) : y)
    }

    private static func topK(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        guard let count = try n.version < 10 ? n.int("k") : n.integer(1) else { throw n.error("a number k", "none") }
        let axis = try n.axis(n.int("axis", -1), rank: x.rank)
        try n.check(count >= 0 && count <= x.shape[axis], "at most \(x.shape[axis]) elements", "\(count)")
        let keys = n.type(0) == .uint64 ? UnsignedLongs.ordered(x) : x
        let found = keys.topK(count, dim: axis, largest: n.bool("largest", true))
        return n.like(0, x.gather(axis, found.indices)) + n.output(found.indices, .int64)
    }
}
