// Variance, norms and log-sum-exp, made of other operations.
extension Tensor {
    /// The variance of all elements; `correction` is taken from their number (1: unbiased).
    public func variance(correction: Int = 1) -> Tensor { variance(nil, correction, keepDim: false) }
    /// The variance over dimensions.
    public func variance(dims: [Int], correction: Int = 1, keepDim: Bool = false) -> Tensor {
        variance(dims, correction, keepDim: keepDim)
    }
    /// The variance over a dimension.
    public func variance(dim: Int, correction: Int = 1, keepDim: Bool = false) -> Tensor {
        variance([dim], correction, keepDim: keepDim)
    }
    /// The standard deviation of all elements.
    public func std(correction: Int = 1) -> Tensor { variance(correction: correction).sqrt() }
    /// The standard deviation over dimensions.
    public func std(dims: [Int], correction: Int = 1, keepDim: Bool = false) -> Tensor {
        variance(dims, correction, keepDim: keepDim).sqrt()
    }
    /// The standard deviation over a dimension.
    public func std(dim: Int, correction: Int = 1, keepDim: Bool = false) -> Tensor {
        variance([dim], correction, keepDim: keepDim).sqrt()
    }

    private func variance(_ dims: [Int]?, _ correction: Int, keepDim: Bool) -> Tensor {
        let dims = dims ?? Array(0..<rank)
        let centred = self - mean(dims: dims, keepDim: true)
        let freedom = Double(Swift.max(reducedCount(dims) - correction, 0))
        return centred.reduced(.sumOfSquares, dims, keepDim: keepDim, "var") / freedom
    }

    /// The `p`-norm of all elements: the square root of the sum of squares for 2, the largest magnitude for infinity,
    /// the number of elements that are not 0 for 0.
    public func norm(p: Double = 2) -> Tensor { norm(nil, p, keepDim: false) }
    /// The `p`-norm over dimensions.
    public func norm(p: Double = 2, dims: [Int], keepDim: Bool = false) -> Tensor { norm(dims, p, keepDim: keepDim) }
    /// The `p`-norm over a dimension.
    public func norm(p: Double = 2, dim: Int, keepDim: Bool = false) -> Tensor { norm([dim], p, keepDim: keepDim) }

    private func norm(_ dims: [Int]?, _ p: Double, keepDim: Bool) -> Tensor {
        // Every step of a composition would round to 16 bits.
        if dtype.isHalf { return to(.float32).norm(dims, p, keepDim: keepDim).to(dtype) }
        func reduce(_ x: Tensor, _ kind: Reduction) -> Tensor { x.reduced(kind, dims, keepDim: keepDim, "norm") }
        switch p {
        case 2: return reduce(self, .sumOfSquares).rootWithZeroSlope()
        case 1: return reduce(abs(), .sum)
        case 0: return reduce((self != 0).to(dtype), .sum)
        case .infinity: return reduce(abs(), .max)
        case -.infinity: return reduce(abs(), .min)
        default: return reduce(abs().pow(p), .sum).pow(1 / p)
        }
    }

    /// The square root, with derivative 0 at 0, so that the norm of a zero vector has one.
    private func rootWithZeroSlope() -> Tensor {
        guard requiresGrad else { return sqrt() }
        let isZero = detach() == 0
        return maskedFill(isZero, with: 1).sqrt().maskedFill(isZero, with: 0)
    }

    /// `log(sum(exp(x)))` over a dimension, without overflow.
    public func logSumExp(dim: Int, keepDim: Bool = false) -> Tensor { logSumExp(dims: [dim], keepDim: keepDim) }

    /// `log(sum(exp(x)))` over dimensions, without overflow.
    public func logSumExp(dims: [Int], keepDim: Bool = false) -> Tensor {
        let x = dtype.isFloatingPoint ? self : to(.float32)
        // The sum of nothing is 0, and the largest of nothing does not exist.
        if reducedCount(dims) == 0 { return x.sum(dims: dims, keepDim: keepDim).log() }
        let top = noGrad { x.detach().amax(dims: dims, keepDim: true) }
        let shift = top.maskedFill(top.isFinite().logicalNot(), with: 0)
        let y = (x - shift).exp().sum(dims: dims, keepDim: true).log() + shift
        return keepDim || rank == 0 ? y : y.dropping(Axes(dims.map { axis($0, "logSumExp") }))
    }

    /// This tensor divided by its `p`-norm along `dim`, or by `epsilon` where that is larger. PyTorch's `F.normalize`.
    public func normalize(p: Double = 2, dim: Int = 1, epsilon: Double = 1e-12) -> Tensor {
        self / norm(p: p, dim: dim, keepDim: true).clamp(min: epsilon)
    }
}
