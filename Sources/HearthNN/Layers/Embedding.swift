import HearthTensor

/// A table of vectors, looked up by number: `x` of integers in `[…]` gives `[…, features]`. PyTorch's `nn.Embedding`.
public final class Embedding: Module, Layer {
    /// `[count, features]`, normal with variance 1 at the start.
    @Param public var weight: Tensor
    /// The number whose vector stays 0 and is never trained; nil for none.
    public let paddingIndex: Int?
    /// The norm to which longer vectors are shortened, for good, when they are looked up; nil for any.
    public let maxNorm: Double?
    /// The p of that norm.
    public let normType: Double
    /// Whether gradients are divided by how often a number occurs in the batch.
    public let scaleGradByFreq: Bool

    /// A table of `count` vectors of `features` numbers.
    public convenience init(
        _ count: Int, _ features: Int, paddingIndex: Int? = nil, maxNorm: Double? = nil, normType: Double = 2,
        scaleGradByFreq: Bool = false, generator: Generator? = nil
    ) {
        var table = Tensor.randn([count, features], generator: generator)
        if let padding = Lookup.position(of: paddingIndex, in: count) { table.fill(0, at: padding) }
        self.init(
            pretrained: table, freeze: false, paddingIndex: paddingIndex, maxNorm: maxNorm, normType: normType,
            scaleGradByFreq: scaleGradByFreq)
    }

    /// A table with these vectors, `[count, features]`, which are not trained unless `freeze` is false. PyTorch's
    /// `Embedding.from_pretrained`.
    public init(
        pretrained table: Tensor, freeze: Bool = true, paddingIndex: Int? = nil, maxNorm: Double? = nil,
        normType: Double = 2, scaleGradByFreq: Bool = false
    ) {
        require(table.rank == 2, "Embedding", "a table [count, features] is expected; not \(table.shape)")
        self.paddingIndex = Lookup.position(of: paddingIndex, in: table.shape[0])
        self.maxNorm = maxNorm
        self.normType = normType
        self.scaleGradByFreq = scaleGradByFreq
        weight = table
        super.init()
        if freeze { self.freeze() }
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        let lookup = Lookup(
            paddingIndex: paddingIndex, maxNorm: maxNorm, normType: normType, scaleGradByFreq: scaleGradByFreq)
        let rows = lookup.rows(x.to(.int64).reshape([-1]), of: $weight)
        return rows.reshape(Shape(Array(x.shape) + [$weight.shape[1]]))
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "\($weight.shape[0]), \($weight.shape[1])" + ", padding_idx=\(py: paddingIndex)".unless(paddingIndex == nil)
            + ", max_norm=\(py: maxNorm)".unless(maxNorm == nil) + ", norm_type=\(normType)".unless(normType == 2)
            + ", scale_grad_by_freq=True".unless(!scaleGradByFreq)
    }
}

/// How vectors are read from a table.
struct Lookup {
    let paddingIndex: Int?
    let maxNorm: Double?
    let normType: Double
    let scaleGradByFreq: Bool

    /// The vectors that an int64 vector names.
    func rows(_ index: Tensor, of parameter: Parameter) -> Tensor {
        if let maxNorm, index.hasElements, index.count > 0 { shorten(parameter, index.unique().values, maxNorm) }
        let table = parameter.tensor
        let rows = table.embedding(index, paddingIndex: paddingIndex)
        if scaleGradByFreq, rows.requiresGrad, index.hasElements {
            let counts = index.bincount(minLength: table.shape[0]).indexSelect(0, index)
            let factors = counts.to(rows.dtype).reciprocal().unsqueeze(1)
            rows.registerHook { $0 * factors }
        }
        return rows
    }

    private func shorten(_ parameter: Parameter, _ index: Tensor, _ limit: Double) {
        noGrad {
            let rows = parameter.tensor.detach().indexSelect(0, index)
            let norms = rows.norm(p: normType, dim: 1, keepDim: true)
            guard (norms > limit).any().item(as: Bool.self) else { return }
            let shorter = Tensor.where(norms > limit, rows * (limit / (norms + 1e-7)), rows)
            parameter.tensor = parameter.tensor.detach().indexCopy(0, index, shorter)
        }
    }

    /// A padding index that counts from the start.
    static func position(of paddingIndex: Int?, in count: Int) -> Int? {
        guard let paddingIndex else { return nil }
        let position = paddingIndex < 0 ? paddingIndex + count : paddingIndex
        require((0..<count).contains(position), "Embedding", "padding index \(paddingIndex) is outside 0..<\(count)")
        return position
    }
}
