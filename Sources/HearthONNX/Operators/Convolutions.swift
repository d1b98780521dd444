import HearthTensor

/// Convolutions.
enum Convolutions {
    static let rows: OperatorRows = [
        "Conv": { n in n.like(0, try convolve(n, n[0], n[1], n.optional(2))) },
        "ConvTranspose": convolveTransposed,
        "CausalConvWithState": causal,
        "Col2Im": columnsToImage,
        "DeformConv": deformable,
    ]

    /// A convolution with the attributes of the node.
    static func convolve(_ n: NodeContext, _ x: Tensor, _ weight: Tensor, _ bias: Tensor?) throws -> Tensor {
        let size = try WindowRule.spatial(n, x)
        try n.check(weight.rank == x.rank, "a weight of \(x.rank) dimensions", "\(weight.shape)")
        let rule = try WindowRule(n, kernel: Array(weight.shape.dropFirst(2)), size: size)
        let groups = n.int("group", 1)
        try n.check(groups > 0, "a number of groups", "\(groups)")
        try rule.checkPadded(n, x)
        let padded = rule.isSymmetric ? x : x.pad(rule.around())
        return padded.conv(
            weight, bias: bias, stride: rule.strides,
            padding: rule.isSymmetric ? rule.before : Array(repeating: 0, count: size.count),
            dilation: rule.dilations, groups: groups)
    }

    private static func convolveTransposed(_ n: NodeContext) throws -> [Value] {
        let (x, weight, bias) = (try n[0], try n[1], try n.optional(2))
        let size = try WindowRule.spatial(n, x)
        try n.check(weight.rank == x.rank, "a weight of \(x.rank) dimensions", "\(weight.shape)")
        var rule = try WindowRule(n, kernel: Array(weight.shape.dropFirst(2)), size: size)
        let rank = size.count
        let added = n.intList("output_padding") ?? Array(repeating: 0, count: rank)
        try n.check(added.count == rank && added.allSatisfy { $0 >= 0 && $0 < 1 << 30 }, "\(rank) paddings", "\(added)")
        let full = (0..<rank).map { rule.strides[$0] * (size[$0] - 1) + rule.extent($0) }
        let automatic = n.text("auto_pad", "NOTSET")
        let wanted = n.intList("output_shape").map { Array($0.suffix(rank)) }
        if wanted != nil || automatic.hasPrefix("SAME") {
            let sizes = wanted ?? (0..<rank).map { size[$0] * rule.strides[$0] }
            try n.check(
                sizes.count == rank && sizes.allSatisfy { $0 >= 0 && $0 < 1 << 40 }, "\(rank) sizes", "\(sizes)")
            for i in 0..<rank {
                // Where more is wanted than there is, zeros follow at the end.
                let total = full[i] + added[i] - sizes[i]
                (rule.before[i], rule.after[i]) = total < 0 ? (0, total) : (total - total / 2, total / 2)
                if total > 0, automatic == "SAME_UPPER" { swap(&rule.before[i], &rule.after[i]) }
            }
        }
        let groups = n.int("group", 1)
        try n.check(groups > 0 && groups < 1 << 31, "a number of groups", "\(groups)")
        _ = try n.shape([x.shape[0], weight.shape[1] * groups] + (0..<rank).map { full[$0] + added[$0] }, x.dtype)
        let isPlain = rule.isSymmetric && added.allSatisfy { $0 == 0 }
        let y = x.convTranspose(
            weight, bias: isPlain ? bias : nil, stride: rule.strides,
            padding: isPlain ? rule.before : Array(repeating: 0, count: rank), groups: groups,
            dilation: rule.dilations)
        if isPlain { return n.like(0, y) }
        // All that the windows reach, of which the padding takes away and to which the output padding adds.
        let cut = y.pad((0..<rank).reversed().flatMap { [-rule.before[$0], added[$0] - rule.after[$0]] })
        guard let bias else { return n.like(0, cut) }
        return n.like(0, cut + bias.reshape(Shape([bias.count] + Array(repeating: 1, count: rank))))
    }

    private static func causal(_ n: NodeContext) throws -> [Value] {
        let (x, weight) = (try n[0], try n[1])
        try n.check(x.rank == 3 && weight.rank == 3, "[N, C, L] and [C, 1, k]", "\(x.shape) and \(weight.shape)")
        let kept = weight.shape[2] - 1
        try n.check(kept >= 0, "a kernel", "\(weight.shape)")
        let past =
            try n.optional(3)
            ?? Tensor.zeros([x.shape[0], x.shape[1], kept], dtype: x.dtype, device: x.device)
        try n.check(past.shape == [x.shape[0], x.shape[1], kept], "a state of \(kept) steps", "\(past.shape)")
        let padded = Tensor.cat([past, x], dim: 2)
        var y = padded.conv(weight, bias: try n.optional(2), groups: x.shape[1])
        if ["silu", "swish"].contains(n.text("activation", "none")) { y = y.silu() }
        return n.like(0, y) + n.like(0, padded.narrow(2, start: padded.shape[2] - kept, length: kept).contiguous())
    }

    private static func columnsToImage(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let (image, block) = (try n.ints(1), try n.ints(2))
        let rule = try WindowRule(n, kernel: block, size: image)
        let outputs = rule.outputs(image, ceil: false)
        try n.check(!outputs.contains(0) && image.count <= 4, "blocks that fit into \(image)", "\(block)")
        let taps = try n.shape(block, x.dtype).elementCount
        try n.check(
            x.rank == 3 && x.shape[1] % taps == 0 && outputs.reduce(1, *) == x.shape[2],
            "[N, C · \(taps), \(outputs.reduce(1, *))]", "\(x.shape)")
        let channels = x.shape[1] / taps
        let size = image.indices.map { image[$0] + rule.before[$0] + rule.after[$0] }
        _ = try n.shape([x.shape[0], channels] + size, x.dtype)
        // Where each element of the blocks goes in the padded image, flattened.
        var place = Tensor.zeros([], dtype: .int64, device: x.device)
        let rank = image.count
        let steps = Shape(size).contiguousStrides
        for i in 0..<rank {
            var (tap, window) = (Shape(repeating: 1, count: 2 * rank), Shape(repeating: 1, count: 2 * rank))
            (tap[i], window[rank + i]) = (block[i], outputs[i])
            place =
                place + Tensor.arange(block[i], device: x.device).reshape(tap) * (rule.dilations[i] * steps[i])
                + Tensor.arange(outputs[i], device: x.device).reshape(window) * (rule.strides[i] * steps[i])
        }
        let planes = x.shape[0] * channels
        let index = place.reshape([1, -1]).expand(to: [planes, place.count])
        let sum = Tensor.zeros([planes, size.reduce(1, *)], dtype: x.dtype, device: x.device)
            .scatterAdd(1, index, x.reshape([planes, place.count]))
        let padded = sum.reshape(Shape([x.shape[0], channels] + size))
        return n.like(0, padded.pad(rule.around().map { -$0 }))
    }

    /// A convolution whose taps are moved by offsets: each tap is sampled bilinearly, and what was sampled is multiplied
    /// with the weight.
    private static func deformable(_ n: NodeContext) throws -> [Value] {
        let (x, weight, offset) = (try n[0], try n[1], try n[2])
        try n.check(x.rank == 4 && weight.rank == 4, "[N, C, H, W]", "\(x.shape)")
        let size = Array(x.shape.dropFirst(2))
        let rule = try WindowRule(n, kernel: Array(weight.shape.dropFirst(2)), size: size)
        let out = rule.outputs(size, ceil: false)
        try rule.checkPadded(n, x)
        let (batch, channels, taps) = (x.shape[0], x.shape[1], rule.kernel[0] * rule.kernel[1])
        let (groups, parts) = (n.int("group", 1), n.int("offset_group", 1))
        try n.check(
            groups > 0 && parts > 0 && channels % parts == 0 && channels % groups == 0 && weight.shape[0] % groups == 0,
            "groups", "others")
        let area = taps * out[0] * out[1]
        try n.check(offset.count == batch * parts * 2 * area, "\(batch * parts * 2 * area) offsets", "\(offset.count)")
        let offsets = offset.reshape([batch * parts, taps, 2, out[0], out[1]])
        func places(_ axis: Int) -> Tensor {
            let tap = Tensor.arange(rule.kernel[axis], device: x.device) * rule.dilations[axis]
            let window = Tensor.arange(out[axis], device: x.device) * rule.strides[axis] - rule.before[axis]
            let taps =
                axis == 0
                ? tap.reshape([-1, 1]).expand(to: [rule.kernel[0], rule.kernel[1]])
                : tap.reshape([1, -1]).expand(to: [rule.kernel[0], rule.kernel[1]])
            let windows = axis == 0 ? window.reshape([1, -1, 1]) : window.reshape([1, 1, -1])
            return (taps.reshape([-1, 1, 1]) + windows).to(x.dtype) + offsets.select(2, axis)
        }
        // As a grid from -1 to 1 between the centres of the corner elements.
        func normalized(_ place: Tensor, _ size: Int) -> Tensor { place * (2 / Double(max(size - 1, 1))) - 1 }
        let grid = Tensor.stack([normalized(places(1), size[1]), normalized(places(0), size[0])], dim: -1)
        let planes = x.reshape([batch * parts, channels / parts, size[0], size[1]])
        var sampled = planes.gridSample(
            grid.reshape([batch * parts, taps * out[0], out[1], 2]), mode: .linear, padding: .zeros, alignCorners: true)
        if let mask = try n.optional(4) { sampled = sampled * mask.reshape([batch * parts, 1, taps * out[0], out[1]]) }
        let columns = sampled.reshape([batch, groups, channels / groups * taps, out[0] * out[1]])
        let rows = weight.reshape([1, groups, weight.shape[0] / groups, channels / groups * taps])
        var y = rows.matmul(columns).reshape([batch, weight.shape[0], out[0], out[1]])
        if let bias = try n.optional(3) { y = y + bias.reshape([-1, 1, 1]) }
        return n.like(0, y)
    }
}
