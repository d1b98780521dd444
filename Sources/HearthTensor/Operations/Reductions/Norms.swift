// Norms and log-sum-exp, made of other operations.
extension Tensor {
    /// The `p`-norm of all elements: the square root of the sum of squares for 2, the largest magnitude for infinity,
    /// the number of elements that are not 0 for 0.
    public func norm(p: Double = 2) -> Tensor { norm(nil, p, keepDim: false) }
    /// The `p`-norm over dimensions.
    public func norm(p: Double = 2, dims: [Int], keepDim: Bool = false) -> Tensor { norm(dims, p, keepDim: keepDim) }
    /// The `p`-norm over a dimension.
    public func norm(p: Double = 2, dim: Int, keepDim: Bool = false) -> Tensor { norm([dim], p, keepDim: keepDim) }

    private func norm(_ dims: [Int]?, _ p: Double, keepDim: Bool) -> Tensor {
        // Every step of a composition would round to 16 bits.
        if dtype.isHalf { return inSinglePrecision { $0.norm(dims, p, keepDim: keepDim) } }
        func reduce(_ x: Tensor, _ kind: Reduction) -> Tensor { x.reduced(kind, dims, keepDim: keepDim, "norm") }
        switch p {
        case 2: return reduce(self, .sumOfSquares).rootWithZeroSlope()
        case 1: return reduce(abs(), .sum)
        case 0: return reduce((self != 0).to(dtype) + nothing, .sum)
        case .infinity: return reduce(abs(), .max)
        case -.infinity: return reduce(abs(), .min)
        default: return powers(p, reduce)
        }
    }

    /// The `1 / p`-th power of a sum of `p`-th powers, with derivative 0 at zeros, of which neither has one for every `p`.
    private func powers(_ p: Double, _ reduce: (Tensor, Reduction) -> Tensor) -> Tensor {
        guard requiresGrad else { return reduce(abs().pow(p), .sum).pow(1 / p) }
        let isZero = detach() == 0
        let sums = reduce(abs().maskedFill(isZero, with: 1).pow(p).maskedFill(isZero, with: 0), .sum)
        let isEmpty = sums.detach() == 0
        return sums.maskedFill(isEmpty, with: 1).pow(1 / p).maskedFill(isEmpty, with: p > 0 ? 0 : Double.infinity)
    }

    /// Zeros whose derivative by this tensor is 0.
    private var nothing: Tensor { masked(where: Tensor.zeros([], dtype: .bool, device: device)) }

    /// `log(sum(exp(x)))` over a dimension, without overflow.
    public func logSumExp(dim: Int, keepDim: Bool = false) -> Tensor { logSumExp(dims: [dim], keepDim: keepDim) }

    /// `log(sum(exp(x)))` over dimensions, without overflow.
    public func logSumExp(dims: [Int], keepDim: Bool = false) -> Tensor {
        if dtype.isHalf { return inSinglePrecision { $0.logSumExp(dims: dims, keepDim: keepDim) } }
        let dims = dims.isEmpty ? Array(0..<rank) : dims
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
