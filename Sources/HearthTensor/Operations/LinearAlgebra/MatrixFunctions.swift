/// Moore and Penrose's inverse, by singular value decomposition.
struct PseudoInverse: Operation {
    static let name = "pinverse"
    /// Singular values up to this share of the largest count as 0.
    let tolerance: Double

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try x.checkMatrices()
        return Spec(x[0].shape.replacingLast(2, with: [x[0].shape[-1], x[0].shape[-2]]), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let (u, s, v) = x[0].to(.float64).svd()
        let isLarge = s > s.amax(dims: [-1], keepDim: true) * tolerance
        let inverted = s.maskedFill(~isLarge, with: Double.infinity).reciprocal()
        let y = (v * inverted.unsqueeze(-2)).matmul(u.mT).to(result.dtype)
        kept.append(x[0])
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

/// The norms that `matrixNorm` knows.
public enum MatrixNorm: Sendable, Hashable {
    /// The square root of the sum of squares.
    case frobenius
    /// The sum of the singular values.
    case nuclear
    /// The largest singular value.
    case spectral
    /// The largest sum of magnitudes in a column.
    case one
    /// The largest sum of magnitudes in a row.
    case infinity
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

    /// The number of singular values above `tolerance` times the largest: int64.
    public func matrixRank(tolerance: Double? = nil) -> Tensor {
        let s = detach().svdvals()
        return (s > s.amax(dims: [-1], keepDim: true) * (tolerance ?? rankTolerance)).sum(dim: -1)
    }

    /// A norm of matrices. PyTorch's `linalg.matrix_norm`.
    public func matrixNorm(_ norm: MatrixNorm = .frobenius) -> Tensor {
        switch norm {
        case .frobenius: self.norm(dims: [-2, -1])
        case .nuclear: svdvals().sum(dim: -1)
        case .spectral: svdvals().amax(dims: [-1])
        case .one: abs().sum(dim: -2).amax(dims: [-1])
        case .infinity: abs().sum(dim: -1).amax(dims: [-1])
        }
    }

    /// How much errors grow when a matrix is inverted: its norm times that of its inverse; for the spectral norm, the
    /// largest singular value over the smallest. PyTorch's `linalg.cond`.
    public func cond(_ norm: MatrixNorm = .spectral) -> Tensor {
        guard norm == .spectral else { return matrixNorm(norm) * inverse().matrixNorm(norm) }
        let s = svdvals()
        return s.select(-1, 0) / s.select(-1, s.shape[-1] - 1)
    }

    /// A square matrix multiplied with itself, `exponent` times; its inverse for a negative exponent.
    public func matrixPower(_ exponent: Int) -> Tensor {
        if exponent < 0 { return inverse().matrixPower(-exponent) }
        if exponent == 0 { return identity() }
        var (power, result, rest) = (self, Tensor?.none, exponent)
        while rest > 0 {
            if rest % 2 == 1 { result = result.map { $0.matmul(power) } ?? power }
            rest /= 2
            if rest > 0 { power = power.matmul(power) }
        }
        return result ?? self
    }

    /// The exponential of square matrices, `I + A + A²/2! + …`, by scaling and squaring.
    ///
    /// Source: Higham, "The Scaling and Squaring Method for the Matrix Exponential Revisited", 2005, with Taylor's
    /// polynomial of degree 18.
    public func matrixExp() -> Tensor {
        guard rank >= 2, shape[-1] == shape[-2], dtype.isFloatingPoint else {
            return stop("matrixExp", [spec], "square matrices are expected", fallback: self)
        }
        if count == 0 { return self }
        let size = hasElements ? detach().matrixNorm(.one).max().item() : 0
        var squarings = 0
        while size.isFinite, size / Double(1 << squarings) > 1, squarings < 60 { squarings += 1 }
        let a = self / Double(1 << squarings)
        let one = identity()
        // Horner's scheme, from the highest term down.
        var y = one + a / 18
        for degree in stride(from: 17, through: 1, by: -1) { y = one + a.matmul(y) / degree }
        for _ in 0..<squarings { y = y.matmul(y) }
        return y
    }

    /// The inverse of a tensor as a linear map from its last dimensions to the first `split`, which have as many elements.
    /// PyTorch's `linalg.tensorinv`.
    public func tensorInverse(split: Int = 2) -> Tensor {
        let (first, last) = (Array(shape.prefix(split)), Array(shape.dropFirst(split)))
        let size = first.reduce(1, *)
        guard size == last.reduce(1, *) else {
            return stop("tensorInverse", [spec], "\(first) and \(last) differ in elements", fallback: self)
        }
        return reshape([size, size]).inverse().reshape(Shape(last + first))
    }

    /// The `X` whose product with this tensor over all dimensions of `X` is `right`. PyTorch's `linalg.tensorsolve`.
    public func tensorSolve(_ right: Tensor) -> Tensor {
        let unknown = Shape(Array(shape.dropFirst(right.rank)))
        let size = right.count
        guard unknown.elementCount == size, shape.prefix(right.rank).elementsEqual(right.shape) else {
            return stop(
                "tensorSolve", [spec, right.spec],
                "the first sizes must be the right side's, and the others as many elements",
                fallback: self)
        }
        return reshape([size, size]).solve(right.reshape([size])).reshape(unknown)
    }
}
