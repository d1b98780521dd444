/// `softmax(q kᵀ scale + mask) v`, computed for some rows of `q` at a time, so that memory grows with the length and not
/// with its square.
///
/// Neither the scores nor their softmax are kept: the derivative computes them again, block by block.
struct Attention: Operation {
    static let name = "scaled_dot_product_attention"
    let scale: Double
    let isCausal: Bool
    let dropout: Double
    let stream: RandomStream
    let hasMask: Bool

    /// Scores that are held at a time.
    private static let bound = 1 << 20

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
        let blocks = Blocks(x[0], x[1], hasMask ? x[3] : nil, isCausal: isCausal, bound: Self.bound)
        guard blocks.count != 1 else { return output(blocks.first, x[0], x[1], x[2], hasMask ? x[3] : nil) }
        let y = Tensor.uninitialized(result)
        for block in blocks {
            let part = output(block, x[0], x[1], x[2], hasMask ? x[3] : nil)
            x.backend.copy(part, into: block.rows(of: y))
        }
        return y
    }

    private func output(_ block: Block, _ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: Tensor?) -> Tensor {
        dropped(weights(block, q, k, mask), block).matmul(block.keys(of: v))
    }

    /// The softmax of some rows of scores. Rows in which everything is masked are 0.
    private func weights(_ block: Block, _ q: Tensor, _ k: Tensor, _ mask: Tensor?) -> Tensor {
        var scores = (block.rows(of: q) * scale).matmul(block.keys(of: k).mT)
        if let mask { scores = scores + block.keys(of: block.rows(of: mask), dim: -1) }
        if isCausal, let future = block.future { scores = scores.maskedFill(future, with: -Double.infinity) }
        let y = scores.softmax(dim: -1)
        guard mask != nil else { return y }
        let isMasked = scores.detach().amax(dims: [-1], keepDim: true) == -Double.infinity
        return y.masked(where: isMasked.logicalNot())
    }

    private func dropped(_ weights: Tensor, _ block: Block) -> Tensor {
        dropout == 0 ? weights : weights.dropout(dropout, stream: block.stream(stream))
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let (q, k, v, mask) = (kept[0], kept[1], kept[2], hasMask ? kept[3] : nil)
        if isGradEnabled { return composed(g, kept) }
        let blocks = Blocks(q, k, mask, isCausal: isCausal, bound: Self.bound)
        let backend = q.device.backend
        let ofQuery = Tensor.uninitialized(q.spec)
        let ofMask = hasMask && kept.needs(3) ? Tensor.zeros(mask!.shape, dtype: q.dtype) : nil
        var (ofKey, ofValue) = (Tensor.zeros(k.shape, dtype: q.dtype), Tensor.zeros(v.shape, dtype: q.dtype))
        for block in blocks {
            let p = weights(block, q, k, mask)
            let part = block.rows(of: g)
            block.add(dropped(p, block).mT.matmul(part), toKeysOf: &ofValue)
            let ofWeights = dropped(part.matmul(block.keys(of: v).mT), block)
            let ofScores = backend.softmaxGradient(ofWeights, p, along: p.rank - 1, log: false)
            backend.copy(ofScores.matmul(block.keys(of: k)) * scale, into: block.rows(of: ofQuery))
            block.add(ofScores.mT.matmul(block.rows(of: q) * scale), toKeysOf: &ofKey)
            if let ofMask { backend.copy(ofScores, into: block.keys(of: block.rows(of: ofMask), dim: -1)) }
        }
        return Gradients([ofQuery, ofKey, ofValue, ofMask])
    }

    /// The same derivative from recorded operations, which can be differentiated again; memory grows with the square.
    private func composed(_ g: Tensor, _ kept: Kept) -> Gradients {
        let whole = Block(
            start: 0, end: kept[0].shape[-2], keyEnd: kept[1].shape[-2], isCausal: isCausal, draws: 0)
        let wanted = (0..<kept.count).filter(kept.needs)
        let y = output(whole, kept[0], kept[1], kept[2], hasMask ? kept[3] : nil)
        let found = grad(of: [y], wrt: wanted.map { kept[$0] }, gradients: [g], createGraph: true)
        var all = [Tensor?](repeating: nil, count: kept.count)
        for (index, gradient) in zip(wanted, found) { all[index] = gradient }
        return Gradients(all)
    }
}

/// Rows of queries that are computed together, and the keys that they look at.
private struct Block {
    let start: Int
    let end: Int
    let keyEnd: Int
    let isCausal: Bool
    /// How many random numbers the blocks before have used.
    let draws: Int

    func rows(of x: Tensor) -> Tensor {
        start == 0 && end == x.shape[-2] ? x : x.narrow(-2, start: start, length: end - start)
    }

    func keys(of x: Tensor, dim: Int = -2) -> Tensor {
        keyEnd == x.shape[dim] ? x : x.narrow(dim, start: 0, length: keyEnd)
    }

    /// True where a key comes after the query; nil when none does.
    var future: Tensor? {
        guard keyEnd > start + 1 else { return nil }
        return Tensor.arange(keyEnd).unsqueeze(0) > Tensor.arange(start, end).unsqueeze(1)
    }

    func add(_ part: Tensor, toKeysOf sum: inout Tensor) {
        if keyEnd == sum.shape[-2] {
            sum += part
        } else {
            sum.device.backend.update(keys(of: sum), with: BinaryFunction.add.kernel, part, Parameters())
        }
    }

    func stream(_ stream: RandomStream) -> RandomStream {
        RandomStream(seed: stream.seed, offset: stream.offset + UInt64((draws + 3) / 4))
    }
}

/// The rows of queries in blocks.
private struct Blocks: Sequence {
    private let rows: Int
    private let length: Int
    private let keys: Int
    private let batch: Int
    private let isCausal: Bool

    init(_ q: Tensor, _ k: Tensor, _ mask: Tensor?, isCausal: Bool, bound: Int) {
        length = q.shape[-2]
        keys = k.shape[-2]
        batch = Shape(q.shape.dropLast(2)).elementCount
        self.isCausal = isCausal
        // A product of fewer rows is slower than it saves memory.
        rows = Swift.min(Swift.max(bound / Swift.max(batch * keys, 1), 16), Swift.max(length, 1))
    }

    var count: Int { Swift.max((length + rows - 1) / rows, 1) }
    var first: Block { block(0) }

    private func block(_ index: Int) -> Block {
        let end = Swift.min((index + 1) * rows, length)
        return Block(
            start: index * rows, end: end, keyEnd: isCausal ? Swift.min(end, keys) : keys, isCausal: isCausal,
            draws: index * rows * batch * keys)
    }

    func makeIterator() -> some IteratorProtocol<Block> { (0..<count).lazy.map(block).makeIterator() }
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
            let batch = [key, value].reduce(Shape(query.shape.dropLast(2)), { partial, x in
                partial.flatMap { Dimensions.broadcast($0, Shape(x.shape.dropLast(2))) }
            })
        else {
            return ShapeError.fail(
                Attention.name, [query.spec, key.spec, value.spec], "batch sizes must be equal or 1", fallback: query)
        }
        func expanded(_ x: Tensor) -> Tensor {
            x.shape.dropLast(2).elementsEqual(batch) ? x : x.expand(to: Shape(Array(batch) + x.shape.suffix(2)))
        }
        let scores = Shape(Array(batch) + [query.shape[-2], key.shape[-2]])
        let bias = mask.map { mask in
            let bias =
                mask.dtype == .bool
                ? Tensor.zeros(mask.shape, dtype: query.dtype).maskedFill(mask.logicalNot(), with: -Double.infinity)
                : mask.to(query.dtype)
            return bias.expand(to: scores)
        }
        let draws = dropout > 0 ? (generator ?? .default).take(scores.elementCount + 4) : RandomStream(seed: 0, offset: 0)
        let operation = Attention(
            scale: scale ?? 1 / Double(query.shape[-1]).squareRoot(), isCausal: isCausal, dropout: dropout,
            stream: draws, hasMask: bias != nil)
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
            return ShapeError.fail(
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
