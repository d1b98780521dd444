import HearthTensor

/// The attention operators of Microsoft's domain.
enum MicrosoftAttention {
    static let rows: OperatorRows = [
        "Attention": packed,
        "MultiHeadAttention": multiHead,
        "RotaryEmbedding": { n in
            let (x, positions) = (try n[0], try n[1].to(.int64))
            let length = x.rank == 4 ? x.shape[2] : x.shape[1]
            // One number is where each of the batch begins.
            let places =
                positions.rank == 2
                ? positions
                : (positions.reshape([1, 1]) + Tensor.arange(length, device: x.device).unsqueeze(0))
                    .expand(to: [x.shape[0], length])
            let cosines = try n[2]
            let size = n.int("rotary_embedding_dim", 0)
            let given = n.int("num_heads", 0)
            // Without a number of heads the angles tell the size of one.
            let heads = given > 0 || x.rank == 4 ? given : x.shape[2] / max(cosines.shape[-1] * 2, 1)
            return n.like(
                0,
                try Attentions.rotate(
                    n, x, cos: cosines, sin: n[3], positions: places, heads: heads, size: size,
                    isInterleaved: n.bool("interleaved")))
        },
    ]

    /// What is added to scores: 0, or a large negative number for keys that do not count.
    private static func bias(_ n: NodeContext, _ mask: Tensor?, _ keys: Int, _ dtype: DType) throws -> Tensor? {
        guard let mask else { return nil }
        let flags: Tensor
        switch mask.rank {
        case 1:
            let place = Tensor.arange(keys, device: mask.device)
            flags = (place.unsqueeze(0) < mask.to(.int64).unsqueeze(1)).reshape([mask.count, 1, 1, keys])
        case 2: flags = (mask != 0).unsqueeze(1).unsqueeze(1)
        case 3: flags = (mask != 0).unsqueeze(1)
        default: throw n.error("a mask of 1 to 3 dimensions", "\(mask.shape)")
        }
        let hidden = n.float("mask_filter_value", -10000)
        return Tensor.zeros(flags.shape, dtype: dtype, device: mask.device)
            .maskedFill(flags.logicalNot(), with: hidden)
    }

    private static func attend(
        _ n: NodeContext, _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: Tensor?, added: Tensor?
    ) throws -> Tensor {
        let (queries, keys) = (query.shape[2], key.shape[2])
        var bias = try bias(n, mask, keys, query.dtype)
        if let added { bias = bias.map { $0 + added } ?? added }
        if n.bool("unidirectional") {
            let place = Tensor.arange(queries, device: query.device).unsqueeze(1) + (keys - queries)
            let future = Tensor.arange(keys, device: query.device).unsqueeze(0) > place
            let causal = Tensor.zeros([queries, keys], dtype: query.dtype, device: query.device)
                .maskedFill(future, with: -Double.infinity)
            bias = bias.map { $0 + causal } ?? causal
        }
        let given = n.float("scale", 0)
        let scale = given == 0 ? 1 / Double(query.shape[3]).squareRoot() : given
        return Tensor.scaledDotProductAttention(query, key, value, mask: bias, scale: scale)
    }

    /// Queries, keys and values are one product of the input.
    private static func packed(_ n: NodeContext) throws -> [Value] {
        let (x, weight) = (try n[0], try n[1])
        guard let heads = n.int("num_heads"), heads > 0, x.rank == 3, weight.rank == 2 else {
            throw n.error("[batch, length, hidden] and a number of heads", "\(x.shape)")
        }
        let sizes = n.intList("qkv_hidden_sizes") ?? Array(repeating: weight.shape[1] / 3, count: 3)
        try n.check(
            sizes.count == 3 && sizes.allSatisfy { $0 > 0 && $0 < 1 << 40 && $0 % heads == 0 }
                && sizes.reduce(0, +) == weight.shape[1],
            "sizes of queries, keys and values", "\(sizes)")
        var product = x.matmul(weight)
        if let bias = try n.optional(2) { product = product + bias }
        let parts = try product.split(sizes, dim: 2).map { try Attentions.heads(n, $0, heads) }
        var (key, value) = (parts[1], parts[2])
        if let past = try n.optional(4) {
            try n.check(past.rank == 5 && past.shape[0] == 2, "past keys and values", "\(past.shape)")
            key = Tensor.cat([past.select(0, 0), key], dim: 2)
            value = Tensor.cat([past.select(0, 1), value], dim: 2)
        }
        let y = try attend(n, parts[0], key, value, mask: n.optional(3), added: n.optional(5))
        let result = n.like(0, Attentions.merged(y))
        return n.wants(1) ? result + n.like(0, Tensor.stack([key, value])) : result
    }

    private static func multiHead(_ n: NodeContext) throws -> [Value] {
        guard let heads = n.int("num_heads"), heads > 0 else { throw n.error("a number of heads", "none") }
        var (query, key, value) = try inputs(n, heads)
        if let bias = try n.optional(3) {
            let width = query.shape[1] * query.shape[3]
            let last = bias.count - 2 * width
            try n.check(
                bias.rank == 1 && last > 0 && last % heads == 0, "biases of queries, keys and values", "\(bias.shape)")
            let parts = bias.split([width, width, last])
            func column(_ b: Tensor) -> Tensor { b.reshape([1, heads, 1, b.count / heads]) }
            (query, key, value) = (query + column(parts[0]), key + column(parts[1]), value + column(parts[2]))
        }
        if let past = try n.optional(6) { key = Tensor.cat([past, key], dim: 2) }
        if let past = try n.optional(7) { value = Tensor.cat([past, value], dim: 2) }
        let y = try attend(n, query, key, value, mask: n.optional(4), added: n.optional(5))
        return n.like(0, Attentions.merged(y)) + n.like(0, key) + n.like(0, value)
    }

    /// Queries, keys and values as heads, from whichever of the ways in which they are packed.
    private static func inputs(_ n: NodeContext, _ heads: Int) throws -> (Tensor, Tensor, Tensor) {
        let first = try n[0]
        if first.rank == 5 {
            try n.check(first.shape[3] == 3, "queries, keys and values", "\(first.shape)")
            let parts = first.permute(3, 0, 2, 1, 4)
            return (parts.select(0, 0), parts.select(0, 1), parts.select(0, 2))
        }
        let query = try Attentions.heads(n, first, heads)
        let second = try n[1]
        if second.rank == 5 {
            try n.check(second.shape[3] == 2, "keys and values", "\(second.shape)")
            let parts = second.permute(3, 0, 2, 1, 4)
            return (query, parts.select(0, 0), parts.select(0, 1))
        }
        return (query, try Attentions.heads(n, second, heads), try Attentions.heads(n, n[2], heads))
    }
}
