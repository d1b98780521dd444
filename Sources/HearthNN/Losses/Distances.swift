import HearthTensor

/// The cosine of the angle between two tensors along `dim`. PyTorch's `nn.CosineSimilarity`.
public struct CosineSimilarity: Sendable {
    /// Along which dimension the vectors lie.
    public var dim: Int
    /// The smallest length that a vector is taken to have.
    public var eps: Double

    /// A similarity with PyTorch's defaults.
    public init(dim: Int = 1, eps: Double = 1e-8) {
        self.dim = dim
        self.eps = eps
    }

    /// The similarity of two tensors, broadcast, without dimension `dim`.
    public func callAsFunction(_ x: Tensor, _ y: Tensor) -> Tensor { x.cosineSimilarity(y, dim: dim, eps: eps) }
}

/// The `p`-norm of the difference of vectors `[…, features]`. PyTorch's `nn.PairwiseDistance`.
public struct PairwiseDistance: Sendable {
    /// Which norm.
    public var p: Double
    /// Added to every difference.
    public var eps: Double
    /// Whether the result keeps the last dimension, with size 1.
    public var keepDim: Bool

    /// A distance with PyTorch's defaults.
    public init(p: Double = 2, eps: Double = 1e-6, keepDim: Bool = false) {
        self.p = p
        self.eps = eps
        self.keepDim = keepDim
    }

    /// The distance of two tensors, broadcast, over the last dimension.
    public func callAsFunction(_ x: Tensor, _ y: Tensor) -> Tensor {
        x.pairwiseDistance(y, p: p, eps: eps, keepDim: keepDim)
    }
}
