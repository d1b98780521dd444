import HearthTensor

/// Attention in several heads, each over a part of the features, joined by a matrix. PyTorch's `nn.MultiheadAttention`.
///
///     let attention = MultiheadAttention(64, heads: 8, batchFirst: true)
///     let (output, _) = attention(x, x, x, needWeights: false)   // [n, length, 64]
///
/// Queries are `[L, n, features]`, keys `[S, n, keyFeatures]` and values `[S, n, valueFeatures]`, with `batchFirst` `n`
/// comes first, for one sequence it is left out; the result has the form of the queries. The weights of the three
/// projections start with Xavier's uniform distribution, biases at 0.
///
/// Source: Vaswani et al., "Attention Is All You Need", 2017 (<https://arxiv.org/abs/1706.03762>).
public final class MultiheadAttention: Module {
    /// `[3 * features, features]`: the projections of queries, keys and values; nil when keys or values have other
    /// features, which have matrices of their own.
    @Param public var inProjWeight: Tensor?
    /// `[features, features]`, or nil.
    @Param public var qProjWeight: Tensor?
    /// `[features, keyFeatures]`, or nil.
    @Param public var kProjWeight: Tensor?
    /// `[features, valueFeatures]`, or nil.
    @Param public var vProjWeight: Tensor?
    /// `[3 * features]`, or nil.
    @Param public var inProjBias: Tensor?
    /// `[1, 1, features]`: a key that is added to every sequence; nil unless asked for.
    @Param public var biasK: Tensor?
    /// `[1, 1, features]`: the value of that key.
    @Param public var biasV: Tensor?
    /// What joins the heads.
    public let outProj: Linear
    /// The number of heads.
    public let heads: Int
    /// Whether the batch is the first dimension.
    public let batchFirst: Bool
    /// The probability with which weights are dropped while training.
    public let dropout: Double
    private let features: Int
    private let addZeroAttention: Bool
    private let generator: Generator?

    /// A layer with PyTorch's defaults.
    ///
    /// - Parameters:
    ///   - features: The features of queries and results; PyTorch's `embed_dim`. Divisible by `heads`.
    ///   - heads: The number of heads.
    ///   - dropout: The probability with which weights are dropped while training.
    ///   - bias: Whether projections have biases.
    ///   - addBiasKV: Whether a trained key with its value is added to every sequence.
    ///   - addZeroAttention: Whether a key and value of zeros are added to every sequence.
    ///   - keyFeatures: The features of keys; PyTorch's `kdim`.
    ///   - valueFeatures: The features of values; PyTorch's `vdim`.
    ///   - batchFirst: Whether the batch is the first dimension.
    ///   - generator: Where initial values and dropout come from.
    public init(
        _ features: Int, heads: Int, dropout: Double = 0, bias: Bool = true, addBiasKV: Bool = false,
        addZeroAttention: Bool = false, keyFeatures: Int? = nil, valueFeatures: Int? = nil, batchFirst: Bool = false,
        generator: Generator? = nil
    ) {
        require(
            heads > 0 && features > 0 && features % heads == 0 && (0...1).contains(dropout), "MultiheadAttention",
            "\(features) features in \(heads) heads with dropout \(dropout)")
        (self.features, self.heads, self.dropout) = (features, heads, dropout)
        (self.batchFirst, self.addZeroAttention, self.generator) = (batchFirst, addZeroAttention, generator)
        let (k, v) = (keyFeatures ?? features, valueFeatures ?? features)
        let isOne = k == features && v == features
        func xavier(_ rows: Int, _ columns: Int) -> Tensor {
            Initialize.xavierUniform([rows, columns], generator: generator)
        }
        inProjWeight = isOne ? xavier(3 * features, features) : nil
        qProjWeight = isOne ? nil : xavier(features, features)
        kProjWeight = isOne ? nil : xavier(features, k)
        vProjWeight = isOne ? nil : xavier(features, v)
        inProjBias = bias ? .zeros([3 * features]) : nil
        func added() -> Tensor? {
            addBiasKV ? Initialize.xavierNormal([1, 1, features], generator: generator) : nil
        }
        biasK = added()
        biasV = added()
        outProj = Linear(features, features, bias: bias, generator: generator)
        if bias { outProj.bias = .zeros([features]) }
    }

    /// What each query finds among keys and their values.
    ///
    /// - Parameters:
    ///   - keyPaddingMask: `[n, S]`: bool, true for keys to be ignored, or numbers that are added to the scores.
    ///   - mask: `[L, S]` or `[n * heads, L, S]`, of the same kinds; PyTorch's `attn_mask`. Note that true hides a key
    ///     here, as in PyTorch, while it shows it in `Tensor.scaledDotProductAttention`.
    ///   - isCausal: Whether query `i` sees keys `0 … i` only; no mask is needed for that.
    ///   - needWeights: Whether the weights are wanted too. Without them memory grows linearly with the length.
    ///   - averageWeights: Whether weights are averaged over heads.
    /// - Returns: The result and the weights, `[n, L, S]` or `[n, heads, L, S]`.
    public func callAsFunction(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, keyPaddingMask: Tensor? = nil, mask: Tensor? = nil,
        isCausal: Bool = false, needWeights: Bool = true, averageWeights: Bool = true
    ) -> (output: Tensor, weights: Tensor?) {
        guard query.rank == key.rank, key.rank == value.rank, (2...3).contains(query.rank) else {
            stop(
                "MultiheadAttention", [query.spec, key.spec, value.spec],
                "queries, keys and values must have 3 dimensions, or 2 without a batch")
            return (.meta(query.shape), nil)
        }
        if query.rank == 2 {
            let batch = batchFirst ? 0 : 1
            let isSelf = (key.isIdentical(to: query), value.isIdentical(to: key))
            let q = query.unsqueeze(batch)
            let k = isSelf.0 ? q : key.unsqueeze(batch)
            let y = self(
                q, k, isSelf.1 ? k : value.unsqueeze(batch), keyPaddingMask: keyPaddingMask?.unsqueeze(0), mask: mask,
                isCausal: isCausal, needWeights: needWeights, averageWeights: averageWeights)
            return (y.output.squeeze(batch), y.weights?.squeeze(0))
        }
        var (q, k, v) = projected(query, key, value)
        addKeys(&k, &v)
        let sight = AttentionMask(
            heads: heads, queries: q.shape[-2], keys: k.shape[-2], added: k.shape[-2] - key.shape[batchFirst ? 1 : 0])
        let probability = isTraining ? dropout : 0
        if !needWeights {
            let isPlain = isCausal && mask == nil && keyPaddingMask == nil && sight.added == 0
            let y = Tensor.scaledDotProductAttention(
                q, k, v, mask: isPlain ? nil : sight.bias(mask, keyPaddingMask, isCausal: isCausal, like: q),
                dropout: probability, isCausal: isPlain, generator: generator)
            return (joined(y), nil)
        }
        var scores = (q * (1 / Double(q.shape[-1]).squareRoot())).matmul(k.mT)
        if let bias = sight.bias(mask, keyPaddingMask, isCausal: isCausal, like: q) { scores = scores + bias }
        let weights = scores.softmax(dim: -1).dropout(probability, generator: generator)
        return (joined(weights.matmul(v)), averageWeights ? weights.mean(dim: 1) : weights)
    }

    /// Attention of the next elements `x` of a sequence to all elements so far, whose keys and values `cache` holds: the
    /// way to generate text without computing everything again. Causal; as `self(all, all, all, isCausal: true)` would
    /// give for the last elements.
    public func callAsFunction(_ x: Tensor, cache: KeyValueCache) -> Tensor {
        require(
            x.rank == 3 && biasK == nil && !addZeroAttention, "MultiheadAttention",
            "a cache is for batches and without added keys; the input is \(x.shape)")
        let (q, newK, newV) = projected(x, x, x)
        let (k, v) = cache.append(newK, newV)
        let (length, total) = (q.shape[-2], k.shape[-2])
        let visible =
            length == 1 ? nil : Tensor.ones([length, total], device: q.device).tril(diagonal: total - length) != 0
        return joined(Tensor.scaledDotProductAttention(q, k, v, mask: visible))
    }

    /// Queries, keys and values as `[n, heads, length, features / heads]`.
    private func projected(_ query: Tensor, _ key: Tensor, _ value: Tensor) -> (Tensor, Tensor, Tensor) {
        let isSelf = key.isIdentical(to: query) && value.isIdentical(to: key)
        if let inProjWeight, isSelf {
            let parts = query.linear(inProjWeight, bias: inProjBias).chunk(3, dim: -1)
            return (divided(parts[0]), divided(parts[1]), divided(parts[2]))
        }
        let weights =
            inProjWeight.map { $0.chunk(3) } ?? [qProjWeight!, kProjWeight!, vProjWeight!]
        let biases = inProjBias?.chunk(3)
        func project(_ x: Tensor, _ place: Int) -> Tensor { divided(x.linear(weights[place], bias: biases?[place])) }
        return (project(query, 0), project(key, 1), project(value, 2))
    }

    private func divided(_ x: Tensor) -> Tensor {
        let parts = x.unflatten(dim: -1, [heads, features / heads])
        return batchFirst ? parts.permute(0, 2, 1, 3) : parts.permute(1, 2, 0, 3)
    }

    private func joined(_ y: Tensor) -> Tensor {
        outProj((batchFirst ? y.permute(0, 2, 1, 3) : y.permute(2, 0, 1, 3)).flatten(from: 2))
    }

    /// Adds the keys that every sequence has.
    private func addKeys(_ k: inout Tensor, _ v: inout Tensor) {
        let shape: Shape = [k.shape[0], heads, 1, features / heads]
        if let biasK, let biasV {
            func row(_ x: Tensor) -> Tensor { x.reshape([1, heads, 1, features / heads]).expand(to: shape) }
            k = Tensor.cat([k, row(biasK)], dim: 2)
            v = Tensor.cat([v, row(biasV)], dim: 2)
        }
        if addZeroAttention {
            let zeros = Tensor.zeros(shape, dtype: k.dtype, device: k.device)
            k = Tensor.cat([k, zeros], dim: 2)
            v = Tensor.cat([v, zeros], dim: 2)
        }
    }
}

/// Which keys the queries see, as numbers that are added to the scores.
private struct AttentionMask {
    let heads: Int
    let queries: Int
    let keys: Int
    /// How many of the keys, the last ones, every query sees.
    let added: Int

    /// `[…, L, S]`, or nil when everything is seen.
    func bias(
        _ mask: Tensor?, _ padding: Tensor?, isCausal: Bool, like scores: Tensor
    ) -> Tensor? {
        let (dtype, device) = (scores.dtype, scores.device)
        var parts: [Tensor] = []
        if let mask {
            var bias = extended(additive(mask, dtype))
            if mask.rank == 3 { bias = bias.unflatten(dim: 0, [-1, heads]) }
            parts.append(bias)
        }
        if let padding { parts.append(extended(additive(padding, dtype)).unsqueeze(1).unsqueeze(1)) }
        if isCausal {
            let hidden = Tensor.ones([queries, keys - added], device: device).triu(diagonal: 1) != 0
            parts.append(extended(additive(hidden, dtype)))
        }
        return parts.isEmpty ? nil : parts.dropFirst().reduce(parts[0]) { $0 + $1 }
    }

    private func additive(_ mask: Tensor, _ dtype: DType) -> Tensor {
        mask.dtype == .bool
            ? Tensor.zeros(mask.shape, dtype: dtype, device: mask.device).maskedFill(mask, with: -Double.infinity)
            : mask.to(dtype)
    }

    private func extended(_ bias: Tensor) -> Tensor {
        guard added > 0 else { return bias }
        var shape = bias.shape
        shape[-1] = added
        return Tensor.cat([bias, Tensor.zeros(shape, dtype: bias.dtype, device: bias.device)], dim: -1)
    }
}

/// The keys and values of the elements of a sequence that an attention has seen so far.
public final class KeyValueCache {
    /// `[n, heads, length, features / heads]`; nil at the start.
    public private(set) var keys: Tensor?
    /// The same for values.
    public private(set) var values: Tensor?

    /// A cache for one attention layer.
    public init() {}

    /// A cache that has seen elements already, whose keys and values are these: so that a step of generation is a function of
    /// tensors, which can be traced.
    public init(keys: Tensor, values: Tensor) { (self.keys, self.values) = (keys, values) }

    /// The number of elements seen.
    public var length: Int { keys?.shape[-2] ?? 0 }

    /// Adds elements and gives all.
    func append(_ k: Tensor, _ v: Tensor) -> (keys: Tensor, values: Tensor) {
        let all = (keys.map { Tensor.cat([$0, k], dim: 2) } ?? k, values.map { Tensor.cat([$0, v], dim: 2) } ?? v)
        (keys, values) = all
        return all
    }
}
