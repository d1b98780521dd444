import HearthTensor

/// What an `EmbeddingBag` makes of the vectors of a bag.
public enum BagMode: Sendable { case sum, mean, max }

/// Vectors of a table, taken together bag by bag: `[bags, features]`. PyTorch's `nn.EmbeddingBag`.
///
///     let bag = EmbeddingBag(1000, 64)
///     bag(Tensor([4, 7, 1, 5, 9]), offsets: Tensor([0, 2]))   // the mean of 4 and 7, the mean of 1, 5 and 9
///
/// Numbers are `[n, length]`, a bag a row, or `[count]` with the position at which each bag begins. An empty bag gives
/// zeros.
public final class EmbeddingBag: Module, Layer {
    /// `[count, features]`, normal with variance 1 at the start.
    @Param public var weight: Tensor
    /// What is made of the vectors of a bag.
    public let mode: BagMode
    /// The number that counts for nothing; nil for none.
    public let paddingIndex: Int?
    /// Whether the last offset is the end of the last bag and begins none.
    public let includeLastOffset: Bool
    private let lookup: Lookup

    /// A table of `count` vectors of `features` numbers. Parameters as in `Embedding`.
    public convenience init(
        _ count: Int, _ features: Int, mode: BagMode = .mean, paddingIndex: Int? = nil, maxNorm: Double? = nil,
        normType: Double = 2, scaleGradByFreq: Bool = false, includeLastOffset: Bool = false,
        generator: Generator? = nil
    ) {
        var table = Tensor.randn([count, features], generator: generator)
        if let padding = Lookup.position(of: paddingIndex, in: count) { table.fill(0, at: padding) }
        self.init(
            pretrained: table, freeze: false, mode: mode, paddingIndex: paddingIndex, maxNorm: maxNorm,
            normType: normType, scaleGradByFreq: scaleGradByFreq, includeLastOffset: includeLastOffset)
    }

    /// A table with these vectors, which are not trained unless `freeze` is false. PyTorch's
    /// `EmbeddingBag.from_pretrained`.
    public init(
        pretrained table: Tensor, freeze: Bool = true, mode: BagMode = .mean, paddingIndex: Int? = nil,
        maxNorm: Double? = nil, normType: Double = 2, scaleGradByFreq: Bool = false, includeLastOffset: Bool = false
    ) {
        require(table.rank == 2, "EmbeddingBag", "a table [count, features] is expected; not \(table.shape)")
        require(mode != .max || !scaleGradByFreq, "EmbeddingBag", "max has no scaleGradByFreq")
        let padding = Lookup.position(of: paddingIndex, in: table.shape[0])
        self.mode = mode
        self.paddingIndex = padding
        self.includeLastOffset = includeLastOffset
        lookup = Lookup(
            paddingIndex: padding, maxNorm: maxNorm, normType: normType, scaleGradByFreq: scaleGradByFreq)
        weight = table
        super.init()
        if freeze { self.freeze() }
    }

    /// The bags in the rows of `x`.
    public func forward(_ x: Tensor) -> Tensor { self(x, perSampleWeights: nil) }

    /// The bags in the rows of `[n, length]`, each vector times a weight of the same shape for a sum.
    public func callAsFunction(_ x: Tensor, perSampleWeights: Tensor?) -> Tensor {
        guard x.rank == 2 else {
            return fail(x, "numbers must be [n, length], or [count] with offsets")
        }
        if !x.hasElements { return .meta([x.shape[0], $weight.shape[1]], dtype: $weight.dtype) }
        let length = x.shape[1]
        return taken(
            x.reshape([-1]), (0..<x.shape[0]).map { $0 * length..<($0 + 1) * length },
            perSampleWeights.map { $0.reshape([-1]) })
    }

    /// The bags of `x` `[count]` that begin at `offsets` `[bags]`, each vector times a weight for a sum.
    public func callAsFunction(_ x: Tensor, offsets: Tensor, perSampleWeights: Tensor? = nil) -> Tensor {
        guard x.rank == 1, offsets.rank == 1 else { return fail(x, "numbers and offsets must be vectors") }
        if !x.hasElements || !offsets.hasElements {
            return .meta([offsets.count - (includeLastOffset ? 1 : 0), $weight.shape[1]], dtype: $weight.dtype)
        }
        var starts = offsets.to(.int64).array(of: Int.self)
        if !includeLastOffset { starts.append(x.count) }
        guard starts.first ?? 0 == 0, starts.last ?? 0 <= x.count, zip(starts, starts.dropFirst()).allSatisfy(<=) else {
            return fail(x, "offsets must begin with 0 and not decrease or pass the end; they are \(starts)")
        }
        return taken(x, zip(starts, starts.dropFirst()).map { $0..<$1 }, perSampleWeights)
    }

    private func taken(_ x: Tensor, _ bags: [Range<Int>], _ weights: Tensor?) -> Tensor {
        guard weights == nil || (mode == .sum && weights!.count == x.count) else {
            return fail(x, "weights of samples are for sums, one for each number")
        }
        let index = x.to(.int64)
        let numbers = index.array(of: Int.self)
        let members = bags.map { bag in bag.filter { numbers[$0] != paddingIndex } }
        let rows = lookup.rows(index, of: $weight)
        if mode == .max { return largest(rows, members) }
        let used = Tensor(members.flatMap { $0 }, shape: [members.reduce(0) { $0 + $1.count }])
        var parts = rows.indexSelect(0, used)
        if let weights { parts = parts * weights.indexSelect(0, used).unsqueeze(1) }
        let owners = Tensor(
            members.enumerated().flatMap { bag, all in all.map { _ in bag } }, shape: [used.count])
        let sums = Tensor.zeros([bags.count, rows.shape[1]], dtype: rows.dtype, device: rows.device).indexAdd(
            0, owners, parts)
        guard mode == .mean else { return sums }
        let counts = members.map { Double(max($0.count, 1)) }
        return sums / Tensor(counts, shape: [bags.count, 1]).to(rows.dtype)
    }

    private func largest(_ rows: Tensor, _ members: [[Int]]) -> Tensor {
        let longest = members.map(\.count).max() ?? 0
        let zeros = Tensor.zeros([1, rows.shape[1]], dtype: rows.dtype, device: rows.device)
        guard longest > 0 else { return zeros.expand(to: [members.count, rows.shape[1]]) }
        // Two rows are appended to the vectors: one of minus infinity, for places that a bag does not fill, and one of
        // zeros, the result of empty bags.
        let all = Tensor.cat([rows, zeros - Double.infinity, zeros])
        let places = members.flatMap { bag in
            bag + [Int](repeating: rows.shape[0] + (bag.isEmpty ? 1 : 0), count: longest - bag.count)
        }
        return all.indexSelect(0, Tensor(places, device: rows.device)).reshape([members.count, longest, rows.shape[1]])
            .max(dim: 1).values
    }

    private func fail(_ x: Tensor, _ rule: String) -> Tensor {
        stop("EmbeddingBag", [x.spec], rule)
        return .meta([1, $weight.shape[1]], dtype: $weight.dtype)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "\($weight.shape[0]), \($weight.shape[1])" + ", max_norm=\(py: lookup.maxNorm)".unless(lookup.maxNorm == nil)
            + ", norm_type=\(lookup.normType)".unless(lookup.normType == 2)
            + ", scale_grad_by_freq=True".unless(!lookup.scaleGradByFreq) + ", mode='\(mode)'"
            + ", padding_idx=\(py: paddingIndex)".unless(paddingIndex == nil)
    }
}
