import HearthTensor

/// Attention, and what belongs to it.
enum Attentions {
    static let rows: OperatorRows = [
        "Attention": attention,
        "RotaryEmbedding": { n in
            let x = try n[0]
            return n.like(
                0,
                try rotate(
                    n, x, cos: n[1], sin: n[2], positions: n.optional(3), heads: n.int("num_heads", 0),
                    size: n.int("rotary_embedding_dim", 0), isInterleaved: n.bool("interleaved")))
        },
        "LinearAttention": linear,
    ]

    static let previewRows: OperatorRows = ["FlexAttention": flexible]

    /// `[batch, length, heads · size]` as `[batch, heads, length, size]`; four dimensions stay as they are.
    static func heads(_ n: NodeContext, _ x: Tensor, _ count: Int?) throws -> Tensor {
        if x.rank == 4 { return x }
        guard x.rank == 3, let count, count > 0, x.shape[2] % count == 0 else {
            throw n.error("[batch, heads, length, size], or 3 dimensions and a number of heads", "\(x.shape)")
        }
        return x.reshape([x.shape[0], x.shape[1], count, x.shape[2] / count]).permute(0, 2, 1, 3)
    }

    /// The other way.
    static func merged(_ x: Tensor) -> Tensor {
        x.permute(0, 2, 1, 3).reshape([x.shape[0], x.shape[2], x.shape[1] * x.shape[3]])
    }

    /// Heads of keys or values, each as often as queries share it.
    static func shared(_ n: NodeContext, _ x: Tensor, among count: Int) throws -> Tensor {
        let own = x.shape[1]
        if own == count { return x }
        try n.check(own > 0 && count % own == 0, "a number of heads that divides \(count)", "\(own)")
        return x.unsqueeze(2).expand(to: [x.shape[0], own, count / own, x.shape[2], x.shape[3]])
            .reshape([x.shape[0], count, x.shape[2], x.shape[3]])
    }

    private static func attention(_ n: NodeContext) throws -> [Value] {
        let isFlat = try n[0].rank == 3
        let query = try heads(n, n[0], n.int("q_num_heads"))
        var key = try heads(n, n[1], n.int("kv_num_heads"))
        var value = try heads(n, n[2], n.int("kv_num_heads"))
        let past = try n.optional(4)
        if let past { key = Tensor.cat([past, key], dim: 2) }
        if let past = try n.optional(5) { value = Tensor.cat([past, value], dim: 2) }
        let valid = try n.optional(6)?.to(.int64)
        let (queries, keys) = (query.shape[2], key.shape[2])
        // How many keys stand before the first query, for all or for each of the batch.
        let offset: Tensor =
            if past == nil, let valid {
                (valid.reshape([-1]) - queries).reshape([-1, 1, 1, 1])
            } else {
                Tensor.full([1, 1, 1, 1], past?.shape[2] ?? 0, dtype: .int64, device: query.device)
            }
        let allowed = visible(n, queries, keys, offset, valid, query.device)
        let mask = try n.optional(3).map { padded($0, keys) }
        let scale = n.float("scale") ?? 1 / Double(query.shape[3]).squareRoot()
        let precision = try n.elementType("softmax_precision")?.dtype
        let isPlain = n.float("softcap", 0) == 0 && !n.wants(3) && (precision == nil || precision == .float32)
        let y: Tensor
        var scores: Tensor?
        if isPlain, query.dtype == .float32, mask == nil || mask?.dtype == .bool, query.count > 0, keys > 0 {
            let both = [mask, allowed].compactMap { $0 }
            let merged = both.count == 2 ? both[0].logicalAnd(both[1]) : both.first
            y = Tensor.scaledDotProductAttention(
                query, try shared(n, key, among: query.shape[1]), try shared(n, value, among: query.shape[1]),
                mask: merged, scale: scale)
        } else {
            (y, scores) = try composed(n, query, key, value, bias(mask, allowed, query.dtype), scale, precision)
        }
        var results = n.like(0, isFlat ? merged(y) : y) + n.like(1, key) + n.like(2, value)
        if let scores { results += n.like(0, scores) }
        return results
    }

    /// Which keys a query may look at, by causality, window and lengths; nil for all.
    private static func visible(
        _ n: NodeContext, _ queries: Int, _ keys: Int, _ offset: Tensor, _ valid: Tensor?, _ device: Device
    ) -> Tensor? {
        let (left, right) = (n.int("left_window_size", -1), n.int("right_window_size", -1))
        let key = Tensor.arange(keys, device: device).reshape([1, 1, 1, -1])
        let query = Tensor.arange(queries, device: device).reshape([1, 1, -1, 1]) + offset
        var parts: [Tensor] = []
        if n.bool("is_causal") { parts.append(key <= query) }
        if left >= 0 { parts.append(query - key <= left) }
        if right >= 0 { parts.append(key - query <= right) }
        if let valid { parts.append(key < valid.reshape([-1, 1, 1, 1])) }
        return parts.dropFirst().reduce(parts.first) { $0?.logicalAnd($1) }
    }

    /// A mask that knows of fewer keys hides the others.
    private static func padded(_ mask: Tensor, _ keys: Int) -> Tensor {
        guard mask.rank > 0, mask.shape[-1] < keys, mask.shape[-1] != 1 || keys == 1 else { return mask }
        let missing = keys - mask.shape[-1]
        if mask.dtype == .bool { return mask.to(.uint8).pad([0, missing]).to(.bool) }
        return mask.pad([0, missing], value: -.infinity)
    }

    /// What is added to scores.
    private static func bias(_ mask: Tensor?, _ allowed: Tensor?, _ dtype: DType) -> Tensor? {
        func added(_ flags: Tensor) -> Tensor {
            Tensor.zeros(flags.shape, dtype: dtype, device: flags.device)
                .maskedFill(flags.logicalNot(), with: -Double.infinity)
        }
        let first = mask.map { $0.dtype == .bool ? added($0) : $0 }
        guard let allowed else { return first }
        return first.map { $0 + added(allowed) } ?? added(allowed)
    }

    /// Attention made of products, with the scores at the stage that the node asks for.
    private static func composed(
        _ n: NodeContext, _ query: Tensor, _ key: Tensor, _ value: Tensor, _ bias: Tensor?, _ scale: Double,
        _ precision: DType?
    ) throws -> (Tensor, Tensor) {
        let (keys, values) = (try shared(n, key, among: query.shape[1]), try shared(n, value, among: query.shape[1]))
        let root = scale.squareRoot()
        var scores = (query * root).matmul((keys * root).mT)
        let mode = n.int("qk_matmul_output_mode", 0)
        var shown = scores
        let cap = n.float("softcap", 0)
        if cap > 0 { scores = (scores / cap).tanh() * cap }
        if mode == 1 { shown = scores }
        if let bias { scores = scores + bias }
        if mode == 2 { shown = scores }
        var shares = (precision.map { scores.to($0) } ?? scores).softmax(dim: -1).to(query.dtype)
        if let bias {
            let isHidden = (bias == -Double.infinity).all(dim: -1, keepDim: true)
            shares = Tensor.where(isHidden, 0, shares)
        }
        if mode == 3 { shown = shares }
        return (shares.matmul(values), shown)
    }

    /// Rotary position embeddings of `[batch, heads, length, size]` or `[batch, length, heads · size]`.
    static func rotate(
        _ n: NodeContext, _ x: Tensor, cos: Tensor, sin: Tensor, positions: Tensor?, heads count: Int, size: Int,
        isInterleaved: Bool
    ) throws -> Tensor {
        let y = try heads(n, x, count)
        let whole = y.shape[3]
        let width = size == 0 ? whole : size
        try n.check(width > 0 && width <= whole && width % 2 == 0, "an even size of at most \(whole)", "\(width)")
        func rows(_ cache: Tensor) throws -> Tensor {
            let picked =
                try positions.map { places in
                    try n.check(places.rank == 2 && cache.rank == 2, "[batch, length] positions", "\(places.shape)")
                    return cache.indexSelect(0, places.to(.int64).reshape([-1]))
                        .reshape([places.shape[0], places.shape[1], cache.shape[1]])
                } ?? cache
            try n.check(picked.shape[-1] == width / 2, "\(width / 2) angles", "\(picked.shape[-1])")
            return picked.rank == 3 ? picked.unsqueeze(1) : picked
        }
        let (c, s) = (try rows(cos), try rows(sin))
        let turned = y.narrow(3, start: 0, length: width)
        let result: Tensor
        if isInterleaved {
            let pairs = turned.reshape(Shape(Array(turned.shape.dropLast()) + [width / 2, 2]))
            let (a, b) = (pairs.select(-1, 0), pairs.select(-1, 1))
            result = Tensor.stack([c * a - s * b, s * a + c * b], dim: -1).reshape(turned.shape)
        } else {
            let (a, b) = (
                turned.narrow(3, start: 0, length: width / 2), turned.narrow(3, start: width / 2, length: width / 2)
            )
            result = Tensor.cat([c * a - s * b, s * a + c * b], dim: 3)
        }
        let all =
            width == whole
            ? result : Tensor.cat([result, y.narrow(3, start: width, length: whole - width)], dim: 3)
        return x.rank == 3 ? merged(all) : all
    }

    /// Attention whose state is a matrix that each step changes.
    private static func linear(_ n: NodeContext) throws -> [Value] {
        guard let queryHeads = n.int("q_num_heads"), let keyHeads = n.int("kv_num_heads") else {
            throw n.error("numbers of heads", "none")
        }
        let query = try heads(n, n[0], queryHeads).to(.float32)
        let key = try heads(n, n[1], keyHeads).to(.float32)
        let value = try heads(n, n[2], keyHeads).to(.float32)
        let rule = n.text("update_rule", "gated_delta")
        let (isGated, isDelta) = (rule.hasPrefix("gated"), rule.hasSuffix("delta"))
        let (size, length) = (query.shape[3], query.shape[2])
        let decay = try isGated ? n[4].to(.float32) : nil
        // One number a head, or one for each element of the keys.
        let gates = try decay.map { try heads(n, $0, keyHeads).exp() }
        let rates = try isDelta ? n[5].to(.float32).permute(0, 2, 1).unsqueeze(-1) : nil
        let given = n.float("scale", 0)
        let scale = given == 0 ? 1 / Double(size).squareRoot() : given
        var state =
            try n.optional(3)?.to(.float32)
            ?? Tensor.zeros([query.shape[0], keyHeads, size, value.shape[3]], device: query.device)
        var outputs: [Tensor] = []
        for step in 0..<length {
            let k = key.select(2, step).unsqueeze(-1)
            var v = value.select(2, step).unsqueeze(-2)
            if let gates { state = state * gates.select(2, step).unsqueeze(-1) }
            if let rates { v = (v - (state * k).sum(dim: -2, keepDim: true)) * rates.select(2, step).unsqueeze(-1) }
            state = state + k * v
            let read = try shared(n, state, among: queryHeads)
            outputs.append(query.select(2, step).unsqueeze(-2).matmul(read) * scale)
        }
        try n.check(length > 0, "1 step and more", "0")
        let y = merged(Tensor.cat(outputs, dim: 2)).to(try n[0].dtype)
        let kept = try n.optional(3)?.dtype ?? n[0].dtype
        return n.like(0, y) + n.native(state.to(kept))
    }

    /// Attention with graphs that change scores and shares.
    private static func flexible(_ n: NodeContext) throws -> [Value] {
        let (query, key, value) = (try n[0], try n[1], try n[2])
        try n.check(
            query.rank == 4 && key.rank == 4 && value.rank == 4, "[batch, heads, length, size]", "\(query.shape)")
        let scale = n.float("scale") ?? 1 / Double(query.shape[3]).squareRoot()
        let dtype = try n.elementType("softmax_precision")?.dtype ?? (query.dtype == .float64 ? .float64 : .float32)
        let (keys, values) = (try shared(n, key, among: query.shape[1]), try shared(n, value, among: query.shape[1]))
        func changed(_ x: Tensor, _ name: String) throws -> Tensor {
            guard n.step.graphs[name] != nil else { return x }
            guard let y = try n.run(n.graph(name), [Value(x)]).first?.tensor else { throw n.error("a tensor", "none") }
            return y
        }
        let scores = try changed(query.to(dtype).matmul(keys.to(dtype).mT) * scale, "score_mod")
        let shares = try changed(scores.softmax(dim: -1), "prob_mod")
        return n.like(0, shares.to(query.dtype).matmul(values))
    }
}
