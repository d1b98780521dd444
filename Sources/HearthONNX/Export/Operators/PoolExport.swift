import HearthGraph
import HearthTensor

extension ExportTable {
    static let pools: [String: ExportRule] = [
        "max_pool": { n in try pool(n, isMax: true) },
        "avg_pool": { n in try pool(n, isMax: false) },
        "max_pool_indices": maxPositions,
    ]

    private static func pool(_ n: ExportNode, isMax: Bool) throws -> ExportValue {
        let lines = try PoolLine.lines(n)
        // One pool over everything that there is.
        if lines.allSatisfy(\.isWhole) {
            let axes = Array((n.shape(0).count - lines.count)..<n.shape(0).count)
            if axes == Array(2..<n.shape(0).count) { return n[0].then(isMax ? "GlobalMaxPool" : "GlobalAveragePool") }
            return n[0].reduced(isMax ? "ReduceMax" : "ReduceMean", axes)
        }
        let windows = lines.compactMap { $0.window(isMax: isMax) }
        if windows.count == lines.count, let pooled = try slid(n, windows, isMax: isMax) { return pooled }
        return try dimensionByDimension(n, lines, isMax: isMax)
    }

    // MARK: Windows of one size

    /// The operator that slides windows; nil where ONNX's rules are others.
    private static func slid(_ n: ExportNode, _ windows: [PoolWindow], isMax: Bool) throws -> ExportValue? {
        if !isMax {
            guard windows.allSatisfy({ $0.countsPadding == windows[0].countsPadding && $0.dilation == 1 }) else {
                return nil
            }
        }
        let planes = try asPlanes(n, windows.count)
        let pooled = n.draft.add(isMax ? "MaxPool" : "AveragePool", [planes], attributes(windows, isMax: isMax))
        let scale = windows.reduce(1) { $0 * $1.scale }
        return try fromPlanes(n, scale == 1 ? pooled : pooled * scale, windows.count)
    }

    private static func attributes(
        _ windows: [PoolWindow], isMax: Bool
    ) -> KeyValuePairs<String, ExportAttribute> {
        let (kernel, stride) = (
            ExportAttribute.ints(windows.map(\.kernel)), ExportAttribute.ints(windows.map(\.stride))
        )
        let pads = ExportAttribute.ints(windows.map(\.before) + windows.map(\.after))
        let ceil = ExportAttribute.int(windows.contains(where: \.ceil) ? 1 : 0)
        if isMax {
            return [
                "kernel_shape": kernel, "strides": stride, "pads": pads, "ceil_mode": ceil,
                "dilations": .ints(windows.map(\.dilation)),
            ]
        }
        return [
            "kernel_shape": kernel, "strides": stride, "pads": pads, "ceil_mode": ceil,
            "count_include_pad": windows[0].countsPadding ? 1 : 0,
        ]
    }

    /// The operand as `[N, C, …]`, which the operators ask for.
    private static func asPlanes(_ n: ExportNode, _ spatial: Int) throws -> ExportValue {
        let shape = n.shape(0)
        if shape.count == spatial + 2 { return n[0] }
        let lead = shape.dropLast(spatial).product
        return try n[0].reshaped(shape, to: [1, lead] + shape.suffix(spatial), n.sizes)
    }

    private static func fromPlanes(_ n: ExportNode, _ value: ExportValue, _ spatial: Int) throws -> ExportValue {
        let shape = n.shape(0)
        if shape.count == spatial + 2 { return value }
        let lead = Array(shape.dropLast(spatial))
        let pooled = Array(n.result.shape.suffix(spatial))
        return try value.reshaped([1, lead.product] + pooled, to: lead + pooled, n.sizes)
    }

    /// Where the largest elements lie in their planes: the second result of the operator, which counts all planes.
    private static func maxPositions(_ n: ExportNode) throws -> ExportValue {
        let lines = try PoolLine.lines(n)
        let windows = lines.compactMap { $0.window(isMax: true) }
        guard windows.count == lines.count else { return try positions(n, lines) }
        let planes = try asPlanes(n, windows.count)
        let found = n.draft.add(
            "MaxPool", [planes], attributes(windows, isMax: true), results: [planes.dtype, .int64])[1]
        let area = try n.sizes.scalar(n.shape(0).suffix(windows.count).product)
        return try fromPlanes(n, found.with("Mod", area), windows.count)
    }

    /// The same for pools of any sizes, dimension by dimension from the last on: the positions in the dimensions so far of
    /// the largest elements in them.
    private static func positions(_ n: ExportNode, _ lines: [PoolLine]) throws -> ExportValue {
        let first = n.shape(0).count - lines.count
        var (values, positions): (ExportValue, ExportValue?) = (n[0], nil)
        for (i, line) in lines.enumerated().reversed() {
            let axis = ExportAttribute.int(first + i)
            let step = try n.sizes.scalar(n.shape(0)[(first + i + 1)...].product)
            guard let table = line.isWhole ? [(start: 0, end: Int.max, step: 1)] : line.table else {
                let pairs = try masked(n, values, first + i, line)
                let place = n.draft.add("ArgMax", [pairs.value], ["axis": -1, "keepdims": 0], dtype: .int64)
                    .transposed(pairs.back)
                let inner = positions.map { n.draft.add("GatherElements", [$0, place], ["axis": axis]) }
                values = n.draft.add("GatherElements", [values, place], ["axis": axis])
                positions = inner.map { place * step + $0 } ?? place * step
                continue
            }
            let pools = table.map { pool in
                func part(_ x: ExportValue) -> ExportValue {
                    x.sliced(first + i, pool.start, pool.end, step: pool.step)
                }
                let place = n.draft.add("ArgMax", [part(values)], ["axis": axis, "keepdims": 1], dtype: .int64)
                let value = n.draft.add("GatherElements", [part(values), place], ["axis": axis])
                let own = (place * n.draft.number(pool.step, .int64) + n.draft.number(pool.start, .int64)) * step
                let inner = positions.map { n.draft.add("GatherElements", [part($0), place], ["axis": axis]) }
                return (value, inner.map { own + $0 } ?? own)
            }
            values = ExportValue.concatenated(pools.map(\.0), axis: first + i)
            positions = ExportValue.concatenated(pools.map(\.1), axis: first + i)
        }
        return positions!
    }

    // MARK: Other pools

    /// Pools of any sizes: extremes and means of a plane are those of its lines, dimension by dimension.
    private static func dimensionByDimension(_ n: ExportNode, _ lines: [PoolLine], isMax: Bool) throws -> ExportValue {
        var y = n[0]
        let first = n.shape(0).count - lines.count
        for (i, line) in lines.enumerated() {
            let axis = first + i
            if line.isWhole {
                y = y.reduced(isMax ? "ReduceMax" : "ReduceMean", [axis])
            } else if line.outputs.map({ line.size.isSame(as: .fixed($0)) }) ?? false {
                continue
            } else if isMax {
                y = try extremes(n, y, axis, line)
            } else {
                y = try y.combined(axis, n.shape(0).count, try means(n, line))
            }
        }
        return y
    }

    /// The weights of elements in means: `[elements, pools]`.
    private static func means(_ n: ExportNode, _ line: PoolLine) throws -> ExportValue {
        if let size = line.size.fixed {
            let one = [GraphAttribute.Field("pools", .record([GraphAttribute.Field("lines", .list([line.argument]))]))]
            let identity = Tensor.eye(size, dtype: .float32, device: .cpu)
            if let table = try n.computed(one, identity) { return n.draft.constant(table).to(n[0].dtype) }
        }
        let isInside = try membership(n, line).to(n[0].dtype)
        let shares = isInside / isInside.reduced("ReduceSum", [1])
        return shares.transposed([1, 0])
    }

    private static func extremes(_ n: ExportNode, _ x: ExportValue, _ axis: Int, _ line: PoolLine) throws -> ExportValue
    {
        if let table = line.table {
            // A slice for each pool.
            let parts = table.map { x.sliced(axis, $0.start, $0.end, step: $0.step).reduced("ReduceMax", [axis]) }
            guard !parts.isEmpty else { return x.sliced(axis, 0, 0) }
            return ExportValue.concatenated(parts, axis: axis)
        }
        let pairs = try masked(n, x, axis, line)
        let rank = n.shape(0).count
        return pairs.value.reduced("ReduceMax", [rank]).squeezed([rank]).transposed(pairs.back)
    }

    /// Every element for every pool, and the smallest number where it is in another one, with the pools and elements of a
    /// dimension last; and the order that brings the pools to their place.
    private static func masked(
        _ n: ExportNode, _ x: ExportValue, _ axis: Int, _ line: PoolLine
    ) throws -> (value: ExportValue, back: [Int]) {
        let rank = n.shape(0).count
        let last = x.transposed((0..<rank).filter { $0 != axis } + [axis])
        let all = last.unsqueezed([rank - 1]).where(try membership(n, line), else: -Double.infinity)
        return (all, Array(0..<axis) + [rank - 1] + Array(axis..<(rank - 1)))
    }

    /// Which elements are in which pool when as many pools cover any number of elements: `[pools, elements]`.
    private static func membership(_ n: ExportNode, _ line: PoolLine) throws -> ExportValue {
        guard let outputs = line.outputs else {
            throw n.error("pools that are windows of one size, or cover all", "others")
        }
        let size = try n.sizes.scalar(line.size)
        let pools = n.draft.vector(Array(0..<outputs))
        let count = n.draft.number(outputs, .int64)
        let one = n.draft.number(1, .int64)
        let starts = pools * size / count
        let ends = ((pools + one) * size + count - one) / count
        let places = size.range.unsqueezed([0])
        let isBehind = places.compared("GreaterOrEqual", starts.unsqueezed([1]))
        return isBehind.with("And", places.compared("Less", ends.unsqueezed([1])))
    }
}

extension ExportValue {
    /// The products of the lines of a dimension with a matrix `[elements, results]`.
    func combined(_ axis: Int, _ rank: Int, _ matrix: ExportValue) throws(ONNXError) -> ExportValue {
        if axis == rank - 1 { return with("MatMul", matrix) }
        if axis == rank - 2 { return matrix.transposed([1, 0]).with("MatMul", self) }
        var order = Array(0..<rank)
        order.swapAt(axis, rank - 1)
        return transposed(order).with("MatMul", matrix).transposed(order)
    }
}
