/// `softmax(q kᵀ scale + mask) v`, computed for some rows of `q` at a time, so that memory grows with the length and not
/// with its square.
///
/// Neither the scores nor their softmax are kept: the derivative computes them again, block by block.
struct Attention: TensorOperation {
    static let name = "scaled_dot_product_attention"
    let rule: AttentionRule
    let hasMask: Bool

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let (q, k, v) = (x[0].shape, x[1].shape, x[2].shape)
        guard q.count >= 2, k.count == q.count, v.count == q.count else {
            throw ShapeError("query, key and value must have as many dimensions, at least 2")
        }
        guard k[-1] == q[-1] else { throw ShapeError("query and key must have as many features") }
        guard v[-2] == k[-2] else { throw ShapeError("key and value must have one length") }
        guard x[0].dtype.isFloatingPoint, x.allSatisfy({ $0.dtype == x[0].dtype }) else {
            throw ShapeError("one floating-point dtype is expected")
        }
        var shape = q
        shape[-1] = v[-1]
        return Spec(shape, x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        for tensor in x { kept.append(tensor) }
        return x.backend.attention(x[0], x[1], x[2], mask: hasMask ? x[3] : nil, rule)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        if isGradEnabled { return composed(g, kept) }
        let operands = (0..<kept.count).map { kept[$0] }
        let wantsMask = hasMask && kept.needs(3)
        let packed = apply(AttentionGradient(rule: rule, hasMask: hasMask, wantsMask: wantsMask), to: [g] + operands)
        return Gradients(packed.unpacked(operands.prefix(wantsMask ? 4 : 3).map(\.shape)))
    }

    // MARK: Derivatives of derivatives

    /// The derivative from recorded operations, which can be differentiated again; memory grows with the square.
    private func composed(_ g: Tensor, _ kept: Kept) -> Gradients {
        let wanted = (0..<kept.count).filter(kept.needs)
        let y = composed((0..<kept.count).map { kept[$0] })
        let found = grad(of: [y], wrt: wanted.map { kept[$0] }, gradients: [g], createGraph: true)
        var all = [Tensor?](repeating: nil, count: kept.count)
        for (index, gradient) in zip(wanted, found) { all[index] = gradient }
        return Gradients(all)
    }

    private func composed(_ x: [Tensor]) -> Tensor {
        let lead = x[0].rank - 2
        let heads = x.map { lead == 0 ? $0.unsqueeze(0) : $0.flatten(from: 0, to: lead - 1) }
        let outputs = (0..<heads[0].shape[0]).map { head in
            let parts = heads.map { $0.select(0, head) }
            let blocks = rule.blocks(rows: parts[0].shape[0], keys: parts[1].shape[0])
            return Tensor.cat(blocks.map { output($0, head, parts) }, dim: 0)
        }
        let shape = Shape(x[0].shape.dropLast() + [x[2].shape[-1]])
        return Tensor.stack(outputs, dim: 0).reshape(shape)
    }

    private func output(_ block: AttentionRule.Block, _ head: Int, _ x: [Tensor]) -> Tensor {
        let rows = { (x: Tensor) in x.narrow(0, start: block.start, length: block.count) }
        let keys = { (x: Tensor, dim: Int) in x.narrow(dim, start: 0, length: block.keys) }
        var scores = (rows(x[0]) * rule.scale).matmul(keys(x[1], 0).mT)
        if hasMask { scores = scores + keys(rows(x[3]), 1) }
        if rule.isCausal {
            let future =
                Tensor.arange(block.keys, device: scores.device).unsqueeze(0)
                > Tensor.arange(block.start, block.start + block.count, device: scores.device).unsqueeze(1)
            scores = scores.maskedFill(future, with: -Double.infinity)
        }
        let isMasked = scores.detach().amax(dims: [1], keepDim: true) == -Double.infinity
        // A query whose keys are all masked would give 0 / 0. Its scores are set equal first, and its weights to 0
        // afterwards.
        let weights = scores.masked(where: isMasked.logicalNot()).softmax(dim: 1).masked(where: isMasked.logicalNot())
        guard rule.dropout > 0 else { return weights.matmul(keys(x[2], 0)) }
        let stream = rule.stream(of: block, head: head, rows: x[0].shape[0], keys: x[1].shape[0])
        return weights.dropout(rule.dropout, stream: stream).matmul(keys(x[2], 0))
    }
}

extension Attention {
    var attributes: Attributes { ["rule": rule, "hasMask": hasMask] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(rule: try attributes["rule"], hasMask: try attributes["hasMask"])
    }
}

/// The derivatives of attention by query, key, value and, where it is wanted, mask, one after another in a vector.
struct AttentionGradient: TensorOperation {
    static let name = "scaled_dot_product_attention_backward"
    let rule: AttentionRule
    let hasMask: Bool
    let wantsMask: Bool

    func result(of x: Operands) -> Spec {
        Spec([(1...(wantsMask ? 4 : 3)).reduce(0) { $0 + x[$1].count }], x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.attentionGradient(
            x[0], x[1], x[2], x[3], mask: hasMask ? x[4] : nil, rule, wantsMask: wantsMask)
    }

    /// Derivatives of derivatives are taken of attention made of other operations.
    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients([]) }
}

extension AttentionGradient {
    var attributes: Attributes { ["rule": rule, "hasMask": hasMask, "wantsMask": wantsMask] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(
            rule: try attributes["rule"], hasMask: try attributes["hasMask"], wantsMask: try attributes["wantsMask"])
    }
}

extension Tensor {
    /// Attention: `softmax(q kᵀ scale + mask) v` for queries `[…, L, E]`, keys `[…, S, E]` and values `[…, S, V]`:
    /// `[…, L, V]`. PyTorch's `F.scaled_dot_product_attention`.
    ///
    /// Computed in blocks of queries, so that memory grows linearly with the length.
    /// - Parameters:
    ///   - mask: Bool, true where a query may look at a key, or numbers that are added to the scores; of a shape that
    ///     broadcasts to `[…, L, S]`. A query that may look at nothing gets zeros.
    ///   - dropout: The probability of a weight to be dropped.
    ///   - isCausal: Whether query `i` looks at keys `0 … i` only.
    ///   - scale: What scores are multiplied with; `1 / sqrt(E)` when left out.
    ///   - enableGQA: Whether several heads (dimension -3) of the queries share one of keys and values.
    ///
    /// Sources: Vaswani et al., "Attention Is All You Need", 2017; Rabe, Staats, "Self-attention Does Not Need O(n²)
    /// Memory", 2021.
    public static func scaledDotProductAttention(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: Tensor? = nil, dropout: Double = 0,
        isCausal: Bool = false, scale: Double? = nil, enableGQA: Bool = false, generator: Generator? = nil
    ) -> Tensor {
        if enableGQA, query.rank >= 3, key.rank == query.rank, key.shape[-3] != query.shape[-3] {
            return groupedAttention(query, key, value, mask, dropout, isCausal, scale, generator)
        }
        guard query.rank >= 2, key.rank >= 2, value.rank >= 2,
            let batch = [key, value].reduce(
                Shape(query.shape.dropLast(2)),
                { partial, x in
                    partial.flatMap { Dimensions.broadcast($0, Shape(x.shape.dropLast(2))) }
                })
        else {
            return stop(
                Attention.name, [query.spec, key.spec, value.spec], "batch sizes must be equal or 1", fallback: query)
        }
        func expanded(_ x: Tensor) -> Tensor {
            x.shape.dropLast(2).elementsEqual(batch) ? x : x.expand(to: Shape(Array(batch) + x.shape.suffix(2)))
        }
        let scores = Shape(Array(batch) + [query.shape[-2], key.shape[-2]])
        let bias = mask.map { mask in
            let bias =
                mask.dtype == .bool
                ? Tensor.zeros(mask.shape, dtype: query.dtype, device: mask.device).maskedFill(
                    mask.logicalNot(), with: -Double.infinity)
                : mask.to(query.dtype)
            return bias.expand(to: scores)
        }
        let draws = scores.dropLast().reduce(1, *) * AttentionRule.drawsOfRow(key.shape[-2]) * 4
        let stream =
            dropout > 0 ? (generator ?? .default).take(draws, for: query.device) : RandomStream(seed: 0, offset: 0)
        let rule = AttentionRule(
            scale: scale ?? 1 / Double(query.shape[-1]).squareRoot(), isCausal: isCausal, dropout: dropout,
            stream: stream)
        let operation = Attention(rule: rule, hasMask: bias != nil)
        let operands = [expanded(query), expanded(key), expanded(value)] + (bias.map { [$0] } ?? [])
        return apply(operation, to: operands)
    }

    /// Attention in which each head of keys and values serves as many heads of queries: they become one more dimension.
    private static func groupedAttention(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, _ mask: Tensor?, _ dropout: Double, _ isCausal: Bool,
        _ scale: Double?, _ generator: Generator?
    ) -> Tensor {
        let (heads, shared) = (query.shape[-3], key.shape[-3])
        guard shared > 0, heads % shared == 0, value.shape[-3] == shared else {
            return stop(
                Attention.name, [query.spec, key.spec, value.spec],
                "the heads of the queries must be a multiple of those of keys and values", fallback: query)
        }
        let grouped = query.unflatten(dim: -3, [shared, heads / shared])
        let bias = mask.map { mask in
            guard mask.rank >= 3 else { return mask }
            return mask.shape[-3] == 1 ? mask.unsqueeze(-3) : mask.unflatten(dim: -3, [shared, heads / shared])
        }
        return scaledDotProductAttention(
            grouped, key.unsqueeze(-3), value.unsqueeze(-3), mask: bias, dropout: dropout, isCausal: isCausal,
            scale: scale, generator: generator
        ).flatten(from: -4, to: -3)
    }
}
