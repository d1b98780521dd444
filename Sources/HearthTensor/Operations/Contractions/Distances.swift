extension Tensor {
    /// The cosine of the angle between two tensors along `dim`, broadcast: `x · y / (max(|x|, eps) max(|y|, eps))`.
    /// PyTorch's `cosine_similarity`.
    public func cosineSimilarity(_ other: Tensor, dim: Int = 1, eps: Double = 1e-8) -> Tensor {
        // Divided before they are multiplied, so that long vectors do not overflow.
        let x = self / norm(dim: dim, keepDim: true).clamp(min: eps)
        let y = other / other.norm(dim: dim, keepDim: true).clamp(min: eps)
        return (x * y).sum(dim: dim)
    }

    /// The `p`-norm of the difference of vectors `[…, features]`, broadcast: `[…]`. PyTorch's `pairwise_distance`,
    /// which adds `eps` to every difference.
    public func pairwiseDistance(
        _ other: Tensor, p: Double = 2, eps: Double = 1e-6, keepDim: Bool = false
    ) -> Tensor {
        (self - other + eps).norm(p: p, dim: -1, keepDim: keepDim)
    }

    /// The `p`-norm of the difference of every row with every row of another: `[…, n, features]` and
    /// `[…, m, features]` give `[…, n, m]`. PyTorch's `cdist`. The derivative at equal rows is 0.
    public func cdist(_ other: Tensor, p: Double = 2) -> Tensor {
        guard rank > 1, other.rank > 1, shape[-1] == other.shape[-1] else {
            return stop(
                "cdist", [spec, other.spec], "rows of the same number of features are expected", fallback: self)
        }
        return (unsqueeze(-2) - other.unsqueeze(-3)).distance(p)
    }

    /// The `p`-norm of the difference of every two rows of `[n, features]`: `[n (n - 1) / 2]`, in the order (0, 1),
    /// (0, 2), …, (1, 2), …. PyTorch's `pdist`. The derivative at equal rows is 0.
    public func pdist(p: Double = 2) -> Tensor {
        guard rank == 2 else {
            return stop("pdist", [spec], "a matrix [n, features] is expected", fallback: self)
        }
        let count = shape[0]
        let first = (0..<count).flatMap { row in Array(repeating: row, count: count - 1 - row) }
        let second = (0..<count).flatMap { row in Array(row + 1..<count) }
        let rows = [first, second].map { indexSelect(0, Tensor($0, shape: [$0.count], device: device)) }
        return (rows[0] - rows[1]).distance(p)
    }

    /// The `p`-norm over the last dimension, with derivative 0 at 0 whatever `p` is.
    private func distance(_ p: Double) -> Tensor {
        // Without features all rows are equal, though the largest of no differences does not exist.
        if shape[-1] == 0 { return sum(dim: -1) }
        return norm(p: p, dim: -1)
    }
}
