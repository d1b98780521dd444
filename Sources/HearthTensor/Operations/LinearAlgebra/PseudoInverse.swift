/// Moore and Penrose's inverse, by singular value decomposition.
struct PseudoInverse: TensorOperation {
    static let name = "pinverse"
    /// Singular values up to this share of the largest count as 0.
    let tolerance: Double

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try x.checkMatrices()
        return Spec(x[0].shape.replacingLast(2, with: [x[0].shape[-1], x[0].shape[-2]]), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        if result.shape.elementCount == 0 {
            let y = Tensor.zeros(result.shape, dtype: result.dtype, device: x.device)
            kept.append(y)
            return y
        }
        let (u, s, v) = x[0].to(.float64).svd()
        let isLarge = s > s.amax(dims: [-1], keepDim: true) * tolerance
        let inverted = s.maskedFill(~isLarge, with: Double.infinity).reciprocal()
        let y = (v * inverted.unsqueeze(-2)).matmul(u.mT).to(result.dtype)
        kept.append(y)
        return y
    }

    /// Source: Golub and Pereyra, "The Differentiation of Pseudo-Inverses and Nonlinear Least Squares Problems", 1973.
    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let (a, p) = (kept[0], kept[1])
        let direct = p.mT.matmul(g).matmul(p.mT)
        let outsideColumns = (g.mT - a.matmul(p.matmul(g.mT))).matmul(p).matmul(p.mT)
        let inside = p.mT.matmul(p).matmul(g.mT)
        return Gradients(outsideColumns + inside - inside.matmul(p).matmul(a) - direct)
    }
}

extension PseudoInverse {
    var attributes: Attributes { ["tolerance": tolerance] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(tolerance: try attributes["tolerance"])
    }
}

extension Tensor {
    /// Moore and Penrose's inverse of matrices; singular values up to `tolerance` times the largest count as 0, by default
    /// the larger size times the precision of the dtype. PyTorch's `linalg.pinv`.
    public func pinverse(tolerance: Double? = nil) -> Tensor {
        guard rank >= 2 else { return stop("pinverse", [spec], "2 dimensions are expected", fallback: self) }
        return apply(PseudoInverse(tolerance: tolerance ?? rankTolerance), to: self)
    }

    private var rankTolerance: Double {
        Double(Swift.max(shape[-1], shape[-2])) * (dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne))
    }

    /// The `X` for which `self × X - right` is shortest; the shortest such `X` where there are several. PyTorch's `lstsq`.
    public func lstsq(_ right: Tensor) -> Tensor { pinverse().matmul(right) }

    /// `lstsq(_:)` with what PyTorch tells besides: the squared lengths of the columns of `self × X - right`, `[…, k]`, where
    /// there are more rows than columns and all ranks are full (else without elements), the rank of each matrix (int64),
    /// and its singular values. Singular values up to `tolerance` times the largest count as 0.
    public func lstsqWithResiduals(
        _ right: Tensor, tolerance: Double? = nil
    ) -> (solution: Tensor, residuals: Tensor, rank: Tensor, singularValues: Tensor) {
        let solution = pinverse(tolerance: tolerance).matmul(right)
        let (rank, singular) = (matrixRank(tolerance: tolerance), svdvals())
        let isFull = shape[-1] > 0 && shape[-2] > shape[-1] && (rank == shape[-1]).all().item(as: Bool.self)
        let residuals =
            isFull
            ? (matmul(solution) - right).square().sum(dim: -2) : Tensor.zeros([0], dtype: dtype, device: device)
        return (solution, residuals, rank, singular)
    }

    /// The number of singular values above `tolerance` times the largest: int64.
    public func matrixRank(tolerance: Double? = nil) -> Tensor {
        let s = detach().svdvals()
        if s.shape[-1] == 0 { return s.sum(dim: -1).to(.int64) }
        return (s > s.amax(dims: [-1], keepDim: true) * (tolerance ?? rankTolerance)).sum(dim: -1)
    }
}
