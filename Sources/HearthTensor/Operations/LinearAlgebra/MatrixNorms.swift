/// The norms that `matrixNorm` knows.
public enum MatrixNorm: Sendable, Hashable, CaseIterable {
    /// The square root of the sum of squares.
    case frobenius
    /// The sum of the singular values.
    case nuclear
    /// The largest singular value: PyTorch's order 2.
    case spectral
    /// The smallest singular value: PyTorch's order -2.
    case smallestSingularValue
    /// The largest sum of magnitudes in a column: order 1.
    case one
    /// The smallest sum of magnitudes in a column: order -1.
    case negativeOne
    /// The largest sum of magnitudes in a row.
    case infinity
    /// The smallest sum of magnitudes in a row.
    case negativeInfinity
}

extension Tensor {
    /// A norm of the matrices in two dimensions, rows and columns. PyTorch's `linalg.matrix_norm`.
    public func matrixNorm(
        _ norm: MatrixNorm = .frobenius, dims: (Int, Int) = (-2, -1), keepDim: Bool = false
    ) -> Tensor {
        let (rows, columns) = (axis(dims.0, "matrixNorm"), axis(dims.1, "matrixNorm"))
        guard rank >= 2, rows != columns else {
            return stop("matrixNorm", [spec], "two dimensions are expected; they are \(dims)", fallback: self)
        }
        let others = (0..<rank).filter { $0 != rows && $0 != columns }
        let y = permute(Dimensions(others + [rows, columns])).norm(ofMatrices: norm)
        guard keepDim else { return y }
        return [rows, columns].sorted().reduce(y) { $0.unsqueeze($1) }
    }

    private func norm(ofMatrices norm: MatrixNorm) -> Tensor {
        func largest(_ x: Tensor) -> Tensor { x.shape[-1] == 0 ? x.sum(dim: -1) : x.amax(dims: [-1]) }
        return switch norm {
        case .frobenius: self.norm(dims: [-2, -1])
        case .nuclear: svdvals().sum(dim: -1)
        case .spectral: largest(svdvals())
        case .smallestSingularValue: svdvals().amin(dims: [-1])
        case .one: largest(abs().sum(dim: -2))
        case .negativeOne: abs().sum(dim: -2).amin(dims: [-1])
        case .infinity: largest(abs().sum(dim: -1))
        case .negativeInfinity: abs().sum(dim: -1).amin(dims: [-1])
        }
    }

    /// How much errors grow when a matrix is inverted: its norm times that of its inverse; for the norms by one singular
    /// value, the largest over the smallest or the other way round. Infinite for singular matrices. PyTorch's
    /// `linalg.cond`.
    public func cond(_ norm: MatrixNorm = .spectral) -> Tensor {
        guard norm == .spectral || norm == .smallestSingularValue else {
            let (inverse, info) = inverseEx()
            return (matrixNorm(norm) * inverse.matrixNorm(norm)).maskedFill(info != 0, with: Double.infinity)
        }
        let s = svdvals()
        if s.shape[-1] == 0 { return s.sum(dim: -1) }
        let (largest, smallest) = (s.select(-1, 0), s.select(-1, s.shape[-1] - 1))
        return norm == .spectral ? largest / smallest : smallest / largest
    }
}
