extension Tensor {
    /// The covariance of variables, one in each row of `[variables, observations]`: `[variables, variables]`; of a vector,
    /// its variance.
    /// - Parameters:
    ///   - correction: What is taken from the number of observations (1: unbiased).
    ///   - frequencies: How often each observation was made: integers.
    ///   - weights: How much each observation counts.
    public func cov(correction: Int = 1, frequencies: Tensor? = nil, weights: Tensor? = nil) -> Tensor {
        guard rank <= 2 else {
            return stop("cov", [spec], "at most 2 dimensions are expected", fallback: self)
        }
        if dtype.isHalf {
            return inSinglePrecision { $0.cov(correction: correction, frequencies: frequencies, weights: weights) }
        }
        let x = (dtype.isFloatingPoint ? self : to(.float32)).reshape([
            rank < 2 ? 1 : shape[0], rank == 0 ? 1 : shape[-1],
        ])
        var w: Tensor?
        if let frequencies { w = frequencies.to(x.dtype) }
        if let weights { w = w.map { $0 * weights } ?? weights.to(x.dtype) }
        let sum = w?.sum() ?? Tensor(Double(x.shape[1]), dtype: x.dtype)
        let mean = (w.map { x * $0 } ?? x).sum(dim: 1, keepDim: true) / sum
        let centred = x - mean
        let freedom =
            if let w, let weights, correction != 0 {
                sum - (w * weights).sum() / sum * Double(correction)
            } else {
                sum - Double(correction)
            }
        let products = (w.map { centred * $0 } ?? centred).matmul(centred.t())
        let y = products / freedom.clamp(min: 0)
        return rank < 2 ? y.reshape([]) : y.shape == [1, 1] ? y.reshape([]) : y
    }

    /// Pearson's correlation coefficients of variables, one in each row, in `-1...1`.
    public func corrcoef() -> Tensor {
        if dtype.isHalf { return inSinglePrecision { $0.corrcoef() } }
        let c = cov()
        if c.rank == 0 { return c / c }
        let deviations = c.diagonal().sqrt()
        return (c / deviations.unsqueeze(1) / deviations.unsqueeze(0)).clamp(min: -1, max: 1)
    }

    /// The `p`-norm of the difference to another tensor, which is broadcast.
    public func dist(_ other: Tensor, p: Double = 2) -> Tensor { (self - other).norm(p: p) }

    /// This tensor with each slice of dimension `dim` shortened to the `p`-norm `maxNorm` where it is longer.
    public func renorm(p: Double, dim: Int, maxNorm: Double) -> Tensor {
        let axis = axis(dim, "renorm")
        let norms = norm(p: p, dims: (0..<rank).filter { $0 != axis }, keepDim: true)
        let isLonger = norms > maxNorm
        return self * Tensor.where(isLonger, maxNorm / (norms + 1e-7), Tensor.ones(like: norms))
    }
}
