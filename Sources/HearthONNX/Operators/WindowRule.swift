import HearthTensor

/// How a window slides: the attributes that convolutions and pools share, with the padding worked out.
struct WindowRule {
    let kernel: [Int]
    let strides: [Int]
    let dilations: [Int]
    /// What is put around each dimension; negative numbers cut off.
    var before: [Int]
    var after: [Int]

    /// The size of a window, its holes counted.
    func extent(_ i: Int) -> Int { dilations[i] * (kernel[i] - 1) + 1 }

    /// The attributes of a node whose input has the sizes `size`.
    init(_ n: NodeContext, kernel: [Int], size: [Int]) throws {
        let rank = size.count
        self.kernel = kernel
        strides = n.intList("strides") ?? Array(repeating: 1, count: rank)
        dilations = n.intList("dilations") ?? Array(repeating: 1, count: rank)
        let pads = n.intList("pads") ?? Array(repeating: 0, count: 2 * rank)
        let limit = 1 << 30
        try n.check(
            rank > 0 && kernel.count == rank && strides.count == rank && dilations.count == rank
                && pads.count == 2 * rank,
            "a kernel, strides, dilations and pads for \(rank) dimensions",
            "\(kernel), \(strides), \(dilations) and \(pads)")
        try n.check(
            (kernel + strides + dilations).allSatisfy { $0 > 0 && $0 < limit } && pads.allSatisfy { abs($0) < limit },
            "positive sizes", "\(kernel), \(strides), \(dilations) and \(pads)")
        try n.check(size.allSatisfy { $0 >= 0 && $0 < 1 << 40 }, "sizes", "\(size)")
        before = Array(pads.prefix(rank))
        after = Array(pads.suffix(rank))
        let automatic = n.text("auto_pad", "NOTSET")
        switch automatic {
        case "NOTSET", "": break
        case "VALID": (before, after) = (Array(repeating: 0, count: rank), Array(repeating: 0, count: rank))
        case "SAME_UPPER", "SAME_LOWER":
            for i in 0..<rank {
                let total = max(((size[i] + strides[i] - 1) / strides[i] - 1) * strides[i] + extent(i) - size[i], 0)
                (before[i], after[i]) = (total / 2, total - total / 2)
                if automatic == "SAME_LOWER" { swap(&before[i], &after[i]) }
            }
        default: throw n.error("NOTSET, VALID, SAME_UPPER or SAME_LOWER", "'\(automatic)'")
        }
    }

    /// Refuses an input that does not fit into memory once its border is there.
    func checkPadded(_ n: NodeContext, _ x: Tensor) throws {
        let sizes = before.indices.map { x.shape[$0 + 2] + before[$0] + after[$0] + strides[$0] + extent($0) }
        _ = try n.shape([x.shape[0], x.shape[1]] + sizes.map { max($0, 0) }, x.dtype)
    }

    /// True when there is as much before as after, and nothing is cut off.
    var isSymmetric: Bool { before == after && before.allSatisfy { $0 >= 0 } }

    /// How many windows there are over an input of the sizes `size`.
    func outputs(_ size: [Int], ceil: Bool) -> [Int] {
        size.indices.map { i in
            let room = size[i] + before[i] + after[i] - extent(i)
            guard room >= 0 else { return 0 }
            var count = room / strides[i] + 1
            // A last window may hang over the end, but not begin in the padding behind it.
            if ceil, room % strides[i] != 0, count * strides[i] < size[i] + before[i] { count += 1 }
            return count
        }
    }

    /// The sizes for `Tensor.pad`, which has the last dimension first, with `extra` more at the end.
    func around(extra: [Int]? = nil) -> [Int] {
        before.indices.reversed().flatMap { [before[$0], after[$0] + (extra?[$0] ?? 0)] }
    }

    /// What is missing at the end for the last of `outputs` windows.
    func missing(_ size: [Int], _ outputs: [Int]) -> [Int] {
        size.indices.map { i in
            max((outputs[i] - 1) * strides[i] + extent(i) - size[i] - before[i] - after[i], 0)
        }
    }

    /// The spatial sizes of `[N, C, …]`.
    static func spatial(_ n: NodeContext, _ x: Tensor) throws -> [Int] {
        try n.check(x.rank >= 3 && x.rank <= 5, "[N, C, …] with 1 to 3 more dimensions", "\(x.shape)")
        return Array(x.shape.dropFirst(2))
    }
}
