import HearthTensor

/// Operators that change the size of pictures.
enum Resizing {
    static let rows: OperatorRows = ["Resize": resize, "Upsample": upsample]

    private static func upsample(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        var scales = try n.version < 9 ? n.floatList("scales") ?? [] : n.numbers(1) ?? []
        if n.version < 7, scales.isEmpty, x.rank == 4 {
            scales = [1, 1, n.float("height_scale", 1), n.float("width_scale", 1)]
        }
        try n.check(scales.count == x.rank, "\(x.rank) scales", "\(scales.count)")
        let mode = n.text("mode", "nearest")
        var rule = ResizeRule(mode: mode == "nearest" ? .nearest : .linear)
        rule.coordinates = "asymmetric"
        rule.rounding = "floor"
        return n.like(0, try resized(n, x, Array(0..<x.rank), sizes: nil, scales: scales, rule))
    }

    private static func resize(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        guard let mode = ResizeRule.Mode(rawValue: n.text("mode", "nearest")) else {
            throw n.error("nearest, linear or cubic", "'\(n.text("mode", ""))'")
        }
        var rule = ResizeRule(mode: mode)
        if n.version < 11 {
            (rule.coordinates, rule.rounding) = ("asymmetric", "simple")
            guard let scales = try n.numbers(1), scales.count == x.rank else {
                throw n.error("\(x.rank) scales", "another number of them")
            }
            return n.like(0, try resized(n, x, Array(0..<x.rank), sizes: nil, scales: scales, rule))
        }
        rule.coordinates = n.text("coordinate_transformation_mode", "half_pixel")
        rule.rounding = n.text("nearest_mode", "round_prefer_floor")
        rule.cubic = n.float("cubic_coeff_a", -0.75)
        rule.excludesOutside = n.bool("exclude_outside")
        rule.isSmoothed = n.bool("antialias")
        let axes = try n.axes(n.intList("axes") ?? Array(0..<x.rank), rank: x.rank)
        let scales = try n.numbers(2)
        let sizes = try scales == nil ? n.ints(3) : nil
        let count = scales?.count ?? sizes?.count ?? 0
        try n.check(count == axes.count, "\(axes.count) scales or sizes", "\(count)")
        if rule.coordinates == "tf_crop_and_resize" {
            guard let parts = try n.numbers(1), parts.count == 2 * axes.count else {
                throw n.error("\(2 * axes.count) numbers of a region", "others")
            }
            rule.regions = Dictionary(
                uniqueKeysWithValues: axes.enumerated().map { ($1, (parts[$0], parts[$0 + axes.count])) })
            rule.outside = n.float("extrapolation_value", 0)
        }
        return n.like(0, try resized(n, x, axes, sizes: sizes, scales: scales, rule))
    }

    private static func resized(
        _ n: NodeContext, _ x: Tensor, _ axes: [Int], sizes: [Int]?, scales: [Double]?, _ rule: ResizeRule
    ) throws -> Tensor {
        var (targets, factors) = (sizes ?? [], scales ?? [])
        if let scales {
            try n.check(scales.allSatisfy { $0 > 0 && $0 < 1e9 }, "positive scales", "\(scales)")
            targets = try axes.enumerated().map { i, axis in
                let part = rule.regions[axis].map { $1 - $0 } ?? 1
                return try n.whole((Double(x.shape[axis]) * part * scales[i]).rounded(.down))
            }
        } else {
            factors = axes.enumerated().map { Double(targets[$0]) / Double(max(x.shape[$1], 1)) }
            let policy = n.text("keep_aspect_ratio_policy", "stretch")
            if policy != "stretch", let first = factors.first {
                let scale = factors.reduce(first) { policy == "not_larger" ? min($0, $1) : max($0, $1) }
                factors = factors.map { _ in scale }
                targets = try axes.map { try n.whole(scale * Double(x.shape[$0]) + 0.5) }
            }
        }
        var shape = Array(x.shape)
        for (i, axis) in axes.enumerated() { shape[axis] = targets[i] }
        _ = try n.shape(shape, .float64)
        // As many neighbours are looked at for each element as fall together.
        for (target, factor) in zip(targets, factors) {
            let taps: Double = factor > 0 ? 4 / min(factor, 1) + 4 : 0
            try n.check(Double(target) * taps < 2e9, "scales that leave more of the picture", "\(factors)")
        }
        try n.check(!x.shape.contains(0), "elements to be resized", "\(x.shape)")
        var y = rule.mode == .nearest || x.dtype.isFloatingPoint ? x : x.to(.float32)
        for (i, axis) in axes.enumerated() {
            let isSame = targets[i] == x.shape[axis] && factors[i] == 1 && rule.regions[axis] == nil
            if !isSame { y = try rule.resized(n, y, axis, targets[i], factors[i]) }
        }
        guard y.dtype != x.dtype else { return y }
        let bounds = n.type(0).bounds
        return y.round().clamp(min: Double(bounds.lowerBound), max: Double(bounds.upperBound)).to(x.dtype)
    }
}
