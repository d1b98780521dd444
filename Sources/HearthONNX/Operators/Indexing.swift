import HearthTensor

/// Operators that pick elements, and those that write some.
enum Indexing {
    static let rows: OperatorRows = [
        "Slice": slice,
        "Gather": gather,
        "GatherElements": { n in
            let (x, index) = (try n[0], try n[1])
            let axis = try n.axis(n.int("axis", 0), rank: x.rank)
            return n.like(0, x.gather(axis, positions(index, x.shape[axis])))
        },
        "GatherND": gatherND,
        "ScatterElements": scatterElements,
        "Scatter": scatterElements,
        "ScatterND": scatterND,
        "TensorScatter": tensorScatter,
        "Compress": compress,
        "NonZero": { n in
            let x = try n.readable(n[0], 0)
            let places = x.rank == 0 ? x.reshape([1]).nonzero() : x.nonzero()
            return n.output(places.t().contiguous(), .int64)
        },
        "Unique": unique,
        "ReverseSequence": reverseSequence,
        "Pad": pad,
        "CenterCropPad": centerCropPad,
    ]

    /// Positions counted from the front, int64.
    static func positions(_ index: Tensor, _ size: Int) -> Tensor {
        let index = index.to(.int64)
        return Tensor.where(index < 0, index + size, index)
    }

    private static func slice(_ n: NodeContext) throws -> [Value] {
        var x = try n[0]
        let isOld = n.version < 10
        let starts = try isOld ? n.intList("starts") ?? [] : n.ints(1)
        let ends = try isOld ? n.intList("ends") ?? [] : n.ints(2)
        let given = try isOld ? n.intList("axes") : n.integersIfGiven(3)
        let axes = try n.axes(given ?? Array(0..<starts.count), rank: x.rank)
        let steps = try (isOld ? nil : n.integersIfGiven(4)) ?? Array(repeating: 1, count: starts.count)
        try n.check(
            starts.count == ends.count && starts.count == axes.count && starts.count == steps.count,
            "as many starts, ends, axes and steps", "\(starts.count), \(ends.count), \(axes.count), \(steps.count)")
        for (i, axis) in axes.enumerated() {
            let size = x.shape[axis]
            try n.check(steps[i] != 0, "a step", "0")
            if steps[i] > 0 {
                let (start, end) = (place(starts[i], size, 0, size), place(ends[i], size, 0, size))
                let range = IndexItem.range(start, max(start, end), step: min(steps[i], max(size, 1)))
                x = x.transpose(0, axis)[range].transpose(0, axis)
            } else {
                let (start, end) = (place(starts[i], size, -1, size - 1), place(ends[i], size, -1, size - 1))
                // Backwards is forwards in what is turned round.
                let (first, last) = (size - 1 - start, size - 1 - end)
                let range = IndexItem.range(first, max(first, last), step: -max(steps[i], -max(size, 1)))
                x = x.flip(axis).transpose(0, axis)[range].transpose(0, axis)
            }
        }
        return n.like(0, x)
    }

    private static func place(_ value: Int, _ size: Int, _ low: Int, _ high: Int) -> Int {
        min(max(value < 0 ? value + size : value, low), max(high, low))
    }

    private static func gather(_ n: NodeContext) throws -> [Value] {
        let (x, index) = (try n[0], try n[1])
        let axis = try n.axis(n.int("axis", 0), rank: x.rank)
        try n.check(x.rank > 0, "1 dimension and more", "0")
        let shape = try n.shape(
            Array(x.shape.prefix(axis)) + Array(index.shape) + Array(x.shape.dropFirst(axis + 1)), x.dtype)
        let flat = positions(index, x.shape[axis]).reshape([-1])
        return n.like(0, x.indexSelect(axis, flat).reshape(shape))
    }

    /// For rows of indices the places that they name among the first dimensions, flattened.
    private static func flatPlaces(_ n: NodeContext, _ index: Tensor, _ sizes: [Int]) throws -> Tensor {
        let strides = Shape(sizes).contiguousStrides
        var place = Tensor.zeros(Shape(index.shape.dropLast()), dtype: .int64, device: index.device)
        for (column, size) in sizes.enumerated() {
            let part = positions(index.select(-1, column), size)
            // Outside its own dimension it could name another element.
            let isOutside = (part < 0) | (part >= size)
            place = place + (part * strides[column]).maskedFill(isOutside, with: 1 << 60)
        }
        return place
    }

    private static func gatherND(_ n: NodeContext) throws -> [Value] {
        let (x, index) = (try n[0], try n[1])
        let batch = n.int("batch_dims", 0)
        try n.check(
            index.rank > 0 && batch >= 0 && batch < index.rank && index.shape[-1] + batch <= x.rank,
            "indices into \(x.spec)", "\(index.spec)")
        let depth = index.shape[-1]
        let groups = x.shape.prefix(batch).reduce(1, *)
        let (inner, rest) = (Array(x.shape.dropFirst(batch).prefix(depth)), Array(x.shape.dropFirst(batch + depth)))
        let count = inner.reduce(1, *)
        let rows = x.reshape(Shape([groups * count] + rest))
        var place = try flatPlaces(n, index, inner).reshape([groups, -1])
        if batch > 0 { place = place + (Tensor.arange(groups, device: index.device) * count).unsqueeze(1) }
        let shape = try n.shape(Array(index.shape.dropLast()) + rest, x.dtype)
        return n.like(0, rows.indexSelect(0, place.reshape([-1])).reshape(shape))
    }

    private static func reduction(_ n: NodeContext) throws -> ScatterReduction? {
        switch n.text("reduction", "none") {
        case "none": nil
        case "add": .sum
        case "mul": .product
        case "max": .max
        case "min": .min
        case let other: throw n.error("none, add, mul, max or min", "'\(other)'")
        }
    }

    private static func scatterElements(_ n: NodeContext) throws -> [Value] {
        let (x, index, updates) = (try n[0], try n[1], try n[2])
        let axis = try n.axis(n.int("axis", 0), rank: x.rank)
        let places = positions(index, x.shape[axis])
        guard let reduction = try reduction(n) else { return n.like(0, x.scatter(axis, places, updates)) }
        return n.like(0, n.type(0).wrapped(x.scatterReduce(axis, places, updates, reduction)))
    }

    private static func scatterND(_ n: NodeContext) throws -> [Value] {
        let (x, index, updates) = (try n[0], try n[1], try n[2])
        try n.check(index.rank > 0 && index.shape[-1] <= x.rank, "indices into \(x.spec)", "\(index.spec)")
        let depth = index.shape[-1]
        let count = x.shape.prefix(depth).reduce(1, *)
        let width = x.shape.dropFirst(depth).reduce(1, *)
        let place = try flatPlaces(n, index, Array(x.shape.prefix(depth))).reshape([-1, 1])
        try n.check(updates.count == place.count * width, "updates for \(place.count) places", "\(updates.spec)")
        let rows = x.reshape([count, width])
        let (places, source) = (place.expand(to: [place.count, width]), updates.reshape([place.count, width]))
        guard let reduction = try reduction(n) else {
            return n.like(0, rows.scatter(0, places, source).reshape(x.shape))
        }
        return n.like(0, n.type(0).wrapped(rows.scatterReduce(0, places, source, reduction)).reshape(x.shape))
    }

    private static func tensorScatter(_ n: NodeContext) throws -> [Value] {
        let (cache, update) = (try n[0], try n[1])
        let axis = try n.axis(n.int("axis", -2), rank: cache.rank)
        try n.check(
            axis > 0 && update.rank == cache.rank && update.shape[axis] <= cache.shape[axis],
            "an update of \(cache.spec)", "\(update.spec)")
        let (size, length) = (cache.shape[axis], update.shape[axis])
        var place = Tensor.arange(length, device: cache.device).unsqueeze(0)
        if let starts = try n.optional(2) { place = place + starts.to(.int64).unsqueeze(1) }
        if n.text("mode", "linear") == "circular" { place = place % size }
        var shape = Shape(repeating: 1, count: cache.rank)
        (shape[0], shape[axis]) = (place.shape[0], length)
        return n.like(0, cache.scatter(axis, place.reshape(shape).expand(to: update.shape), update))
    }

    private static func compress(_ n: NodeContext) throws -> [Value] {
        let (x, condition) = (try n[0], try n.readable(n[1], 1))
        let chosen = condition.reshape([-1]).nonzero().reshape([-1])
        guard let given = n.int("axis") else { return n.like(0, x.reshape([-1]).indexSelect(0, chosen)) }
        return n.like(0, x.indexSelect(try n.axis(given, rank: x.rank), chosen))
    }

    private static func unique(_ n: NodeContext) throws -> [Value] {
        let x = try n.readable(n[0], 0)
        let axis = try n.int("axis").map { try n.axis($0, rank: x.rank) }
        let flat = x.reshape([-1])
        let found = axis.map { x.uniqueDim($0) } ?? flat.unique()
        let inverse = found.inverse.reshape([-1])
        let count = found.counts.count
        // The first place of each: the smallest among those that went to it.
        let last = Tensor.full([count], inverse.count, dtype: .int64, device: x.device)
        var first = last.scatterReduce(0, inverse, Tensor.arange(inverse.count, device: x.device), .min)
        var (values, counts, groups) = (found.values, found.counts, inverse)
        if !n.bool("sorted", true) {
            let order = first.argsort()
            let rank = Tensor.zeros([count], dtype: .int64, device: x.device)
                .scatter(0, order, Tensor.arange(count, device: x.device))
            values = values.indexSelect(axis ?? 0, order)
            (first, counts) = (first.indexSelect(0, order), counts.indexSelect(0, order))
            groups = rank.indexSelect(0, inverse)
        }
        return n.like(0, values) + n.native(first, groups, counts)
    }

    private static func reverseSequence(_ n: NodeContext) throws -> [Value] {
        let (x, lengths) = (try n[0], try n[1].to(.int64))
        let (batch, time) = (
            try n.axis(n.int("batch_axis", 1), rank: x.rank), try n.axis(n.int("time_axis", 0), rank: x.rank)
        )
        try n.check(
            batch != time && lengths.shape == [x.shape[batch]], "a length for each of the batch", "\(lengths.spec)")
        let place = Tensor.arange(x.shape[time], device: x.device).unsqueeze(0)
        let length = lengths.unsqueeze(1)
        let index = Tensor.where(place < length, length - 1 - place, place)
        var shape = Shape(repeating: 1, count: x.rank)
        (shape[batch], shape[time]) = (x.shape[batch], x.shape[time])
        let ordered = batch < time ? index : index.t()
        return n.like(0, x.gather(time, ordered.reshape(shape).expand(to: x.shape)))
    }

    private static func pad(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let isOld = n.version < 11
        let pads = try isOld ? n.intList("pads") ?? n.intList("paddings") ?? [] : n.ints(1)
        let given = try isOld ? nil : n.integersIfGiven(3)
        let axes = try given.map { try n.axes($0, rank: x.rank) } ?? Array(0..<x.rank)
        try n.check(pads.count == 2 * axes.count, "\(2 * axes.count) pads", "\(pads.count)")
        let value = try isOld ? n.float("value", 0) : n.number(2) ?? 0
        let mode = n.text("mode", "constant")
        var sizes = Array(x.shape)
        for (i, axis) in axes.enumerated() {
            let (before, after) = (pads[i], pads[i + axes.count])
            let limit = 1 << 40
            try n.check(abs(before / 2) < limit && abs(after / 2) < limit, "pads that fit", "\(pads)")
            sizes[axis] += before + after
        }
        _ = try n.shape(sizes, x.dtype)
        var y = x
        if mode == "constant" {
            var around = Array(repeating: 0, count: 2 * x.rank)
            for (i, axis) in axes.enumerated() {
                around[2 * (x.rank - 1 - axis)] = pads[i]
                around[2 * (x.rank - 1 - axis) + 1] = pads[i + axes.count]
            }
            return n.like(0, x.pad(around, value: value))
        }
        for (i, axis) in axes.enumerated() where pads[i] != 0 || pads[i + axes.count] != 0 {
            let size = x.shape[axis]
            try n.check(size > 0, "elements to be repeated", "none")
            let places = try (-pads[i]..<(size + pads[i + axes.count])).map { try source($0, size, mode, n) }
            y = y.indexSelect(axis, Tensor(places, shape: [places.count], device: x.device))
        }
        return n.like(0, y)
    }

    /// Which element stands at a place outside a dimension.
    private static func source(_ place: Int, _ size: Int, _ mode: String, _ n: NodeContext) throws -> Int {
        switch mode {
        case "edge": return min(max(place, 0), size - 1)
        case "wrap": return ((place % size) + size) % size
        case "reflect":
            guard size > 1 else { return 0 }
            let period = 2 * (size - 1)
            let inside = ((place % period) + period) % period
            return inside < size ? inside : period - inside
        default: throw n.error("constant, reflect, edge or wrap", "'\(mode)'")
        }
    }

    private static func centerCropPad(_ n: NodeContext) throws -> [Value] {
        var x = try n[0]
        let sizes = try n.ints(1)
        let axes = try n.axes(n.intList("axes") ?? Array(0..<x.rank), rank: x.rank)
        try n.check(axes.count == sizes.count, "\(axes.count) sizes", "\(sizes.count)")
        var target = Array(x.shape)
        for (axis, size) in zip(axes, sizes) { target[axis] = size }
        _ = try n.shape(target, x.dtype)
        for (axis, size) in zip(axes, sizes) {
            let own = x.shape[axis]
            if size < own {
                x = x.narrow(axis, start: (own - size) / 2, length: size)
            } else if size > own {
                var around = Array(repeating: 0, count: 2 * x.rank)
                around[2 * (x.rank - 1 - axis)] = (size - own) / 2
                around[2 * (x.rank - 1 - axis) + 1] = size - own - (size - own) / 2
                x = x.pad(around)
            }
        }
        return n.like(0, x)
    }
}
