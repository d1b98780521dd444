import HearthTensor

/// Operators that tell shapes, and those that give elements another shape.
enum Shapes {
    static let rows: OperatorRows = [
        "Shape": shape,
        "Size": { n in n.output(n.integers([try n[0].count]).reshape([]), .int64) },
        "Reshape": reshape,
        "Flatten": { n in
            let x = try n[0]
            let given = n.int("axis", 1)
            let axis = given < 0 ? given + x.rank : given
            try n.check(axis >= 0 && axis <= x.rank, "an axis of \(x.rank) dimensions", "\(given)")
            let rows = x.shape.prefix(axis).reduce(1, *)
            return n.like(0, x.reshape([rows, x.shape.dropFirst(axis).reduce(1, *)]))
        },
        "Transpose": { n in
            let x = try n[0]
            let order = n.intList("perm") ?? Array((0..<x.rank).reversed())
            try n.check(order.sorted() == Array(0..<x.rank), "an order of \(x.rank) dimensions", "\(order)")
            return n.like(0, x.permute(Dimensions(order)))
        },
        "Squeeze": squeeze,
        "Unsqueeze": unsqueeze,
        "Expand": expand,
        "Tile": tile,
        "Concat": { n in
            let tensors = try n.tensors()
            let axis = try n.axis(n.int("axis", n.version < 4 ? 1 : 0), rank: tensors.first?.rank ?? 0)
            return n.like(0, Tensor.cat(tensors, dim: axis))
        },
        "Split": split,
        "DepthToSpace": depthToSpace,
        "SpaceToDepth": spaceToDepth,
    ]

    private static func shape(_ n: NodeContext) throws -> [Value] {
        guard case .tensor(let x, _)? = n.value(0) else { throw n.error("a tensor", "none") }
        func place(_ value: Int) -> Int { min(max(value < 0 ? value + x.rank : value, 0), x.rank) }
        let (start, end) = (place(n.int("start", 0)), place(n.int("end", x.rank)))
        return n.output(n.integers(Array(x.shape.prefix(end).dropFirst(start))), .int64)
    }

    private static func reshape(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        var sizes = try n.version < 5 ? n.intList("shape") ?? [] : n.ints(1)
        if !n.bool("allowzero") {
            for (i, size) in sizes.enumerated() where size == 0 {
                try n.check(i < x.rank, "a size to be kept in dimension \(i)", "\(x.rank) dimensions")
                sizes[i] = x.shape[i]
            }
        }
        try n.check(sizes.count <= Shape.limit, "at most \(Shape.limit) dimensions", "\(sizes.count)")
        if let free = sizes.firstIndex(of: -1) {
            var rest = 1
            for (i, size) in sizes.enumerated() where i != free {
                let (product, overflow) = rest.multipliedReportingOverflow(by: size)
                try n.check(!overflow && size >= 0, "sizes for \(x.count) elements", "\(sizes)")
                rest = product
            }
            try n.check(rest > 0 && x.count % rest == 0, "sizes for \(x.count) elements", "\(sizes)")
            sizes[free] = x.count / rest
        }
        let target = try n.shape(sizes, x.dtype)
        try n.check(target.elementCount == x.count, "sizes for \(x.count) elements", "\(sizes)")
        return n.like(0, x.reshape(target))
    }

    private static func squeeze(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let given = try n.version < 13 ? n.intList("axes") : n.integersIfGiven(1)
        let axes = try given.map { try n.axes($0, rank: x.rank) } ?? x.shape.indices.filter { x.shape[$0] == 1 }
        for axis in axes { try n.check(x.shape[axis] == 1, "size 1 in dimension \(axis)", "\(x.shape[axis])") }
        return n.like(0, x.reshape(Shape(x.shape.indices.filter { !axes.contains($0) }.map { x.shape[$0] })))
    }

    private static func unsqueeze(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let given = try n.version < 13 ? n.intList("axes") ?? [] : n.ints(1)
        let rank = x.rank + given.count
        try n.check(rank <= Shape.limit, "at most \(Shape.limit) dimensions", "\(rank)")
        let axes = try n.axes(given, rank: rank)
        var shape = x.shape
        for axis in axes.sorted() { shape.insert(1, at: axis) }
        return n.like(0, x.reshape(shape))
    }

    private static func expand(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let wanted = try n.ints(1)
        let rank = max(wanted.count, x.rank)
        try n.check(rank <= Shape.limit, "at most \(Shape.limit) dimensions", "\(rank)")
        let own = Array(repeating: 1, count: rank - x.rank) + Array(x.shape)
        let other = Array(repeating: 1, count: rank - wanted.count) + wanted
        let sizes = zip(own, other).map { $0 == 1 ? $1 : $1 == 1 ? $0 : $0 == $1 ? $0 : -1 }
        try n.check(!sizes.contains { $0 < 0 }, "a shape that \(x.shape) expands to", "\(wanted)")
        return n.like(0, x.expand(to: try n.shape(sizes, x.dtype)))
    }

    private static func tile(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        var counts = try n.ints(1)
        if n.version < 6, let axis = try n.integer(2) {
            // The first version repeats along one axis alone.
            let along = try n.axis(axis, rank: x.rank)
            counts = x.shape.indices.map { $0 == along ? counts.first ?? 1 : 1 }
        }
        try n.check(counts.count == x.rank && !counts.contains { $0 < 0 }, "\(x.rank) counts", "\(counts)")
        _ = try n.shape(
            zip(x.shape, counts).map { size, count in
                let (product, overflow) = size.multipliedReportingOverflow(by: count)
                return overflow ? -1 : product
            }, x.dtype)
        return n.like(0, x.repeat(counts))
    }

    private static func split(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let axis = try n.axis(n.int("axis", 0), rank: x.rank)
        try n.check(x.rank > 0, "1 dimension and more", "0")
        if let sizes = try n.version < 13 ? n.intList("split") : n.integersIfGiven(1) {
            try n.check(
                !sizes.contains { $0 < 0 || $0 > x.shape[axis] } && sizes.reduce(0, +) == x.shape[axis],
                "sizes that sum to \(x.shape[axis])", "\(sizes)")
            return x.split(sizes, dim: axis).map { .tensor($0, n.type(0)) }
        }
        let count = n.int("num_outputs") ?? n.outputCount
        try n.check(count > 0 && count <= 1 << 16, "a number of outputs", "\(count)")
        let size = (x.shape[axis] + count - 1) / count
        var sizes = Array(repeating: size, count: count)
        var left = x.shape[axis]
        for i in sizes.indices {
            sizes[i] = min(size, left)
            left -= sizes[i]
        }
        return x.split(sizes, dim: axis).map { .tensor($0, n.type(0)) }
    }

    private static func depthToSpace(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let b = n.int("blocksize", 0)
        try n.check(
            x.rank == 4 && b > 0 && b < 1 << 16 && x.shape[1] % (b * b) == 0, "[N, C, H, W] with whole blocks of \(b)",
            "\(x.shape)")
        let (c, h, w) = (x.shape[1] / (b * b), x.shape[2], x.shape[3])
        let isCRD = n.text("mode", "DCR") == "CRD"
        let parts = x.reshape(isCRD ? [x.shape[0], c, b, b, h, w] : [x.shape[0], b, b, c, h, w])
        let moved = isCRD ? parts.permute(0, 1, 4, 2, 5, 3) : parts.permute(0, 3, 4, 1, 5, 2)
        return n.like(0, moved.reshape([x.shape[0], c, h * b, w * b]))
    }

    private static func spaceToDepth(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let b = n.int("blocksize", 0)
        try n.check(
            x.rank == 4 && b > 0 && b < 1 << 16 && x.shape[2] % b == 0 && x.shape[3] % b == 0,
            "[N, C, H, W] in blocks of \(b)",
            "\(x.shape)")
        let (c, h, w) = (x.shape[1], x.shape[2] / b, x.shape[3] / b)
        let parts = x.reshape([x.shape[0], c, h, b, w, b])
        let isCRD = n.text("mode", "DCR") == "CRD"
        let moved = isCRD ? parts.permute(0, 1, 3, 5, 2, 4) : parts.permute(0, 3, 5, 1, 2, 4)
        return n.like(0, moved.reshape([x.shape[0], c * b * b, h, w]))
    }
}
