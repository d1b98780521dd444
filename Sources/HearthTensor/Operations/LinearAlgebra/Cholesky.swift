#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The lower triangular `L` with `L Lᵀ = A` for symmetric positive definite `A`, of which the lower triangle is read.
///
/// Where a matrix is not positive definite, the program stops when that is `checked`; else the factor is NaN from the
/// first row on at which it shows.
struct Cholesky: TensorOperation {
    static let name = "cholesky"
    let checked: Bool

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try x.checkMatrices(square: true)
        return x[0].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.eachMatrix(result) { $0[0].cholesky(checked: checked) }
        kept.append(y)
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let l = kept[0]
        let half = Tensor.eye(l.shape[-1], dtype: l.dtype, device: l.device) * 0.5
        let inner = l.mT.matmul(g).tril() * (1 - half)
        let once = l.mT.solveTriangular(inner, upper: true)
        let twice = l.solveTriangular(once, upper: false, left: false)
        return Gradients((twice + twice.mT) * 0.5)
    }
}

extension Cholesky {
    var attributes: Attributes { ["checked": checked] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(checked: try attributes["checked"])
    }
}

extension Matrix {
    fileprivate func cholesky(checked: Bool) -> Matrix {
        var l = Matrix(rows: rows, columns: columns)
        for j in 0..<columns {
            var square = self[j, j]
            for k in 0..<j { square -= l[j, k] * l[j, k] }
            if !(square > 0) {
                if checked {
                    stop("cholesky", "the matrix is not positive definite (row \(j)); choleskyEx tells it by a number")
                    return l
                }
                square = .nan
            }
            l[j, j] = sqrt(square)
            for i in (j + 1)..<max(rows, j + 1) {
                var sum = self[i, j]
                for k in 0..<j { sum -= l[i, k] * l[j, k] }
                l[i, j] = sum / l[j, j]
            }
        }
        return l
    }
}

extension Tensor {
    /// The lower triangular `L` with `L Lᵀ = self`, or with `upper` its transpose, of symmetric positive definite matrices,
    /// of which the lower triangle is read. Stops the program when one is not positive definite; see `choleskyEx(upper:)`.
    public func cholesky(upper: Bool = false) -> Tensor {
        let l = apply(Cholesky(checked: true), to: self)
        return upper ? l.mT : l
    }

    /// `cholesky(upper:)` for matrices that may not be positive definite: with an int32 `info` for each, 0 where the factor
    /// exists, else the number (from 1) of the first leading part that is not positive definite. The factor is NaN from
    /// that row on. PyTorch's `linalg.cholesky_ex`.
    public func choleskyEx(upper: Bool = false) -> (factor: Tensor, info: Tensor) {
        let l = apply(Cholesky(checked: false), to: self)
        return (upper ? l.mT : l, l.matrixDiagonal.isNaN().firstTrue)
    }

    /// The solution of `A X = self` from the Cholesky factor of `A`. PyTorch's `cholesky_solve`.
    public func choleskySolve(_ factor: Tensor, upper: Bool = false) -> Tensor {
        let l = upper ? factor.mT : factor
        return l.mT.solveTriangular(l.solveTriangular(self, upper: false), upper: true)
    }

    /// The inverse of `A` from its Cholesky factor, `self`. PyTorch's `cholesky_inverse`.
    public func choleskyInverse(upper: Bool = false) -> Tensor { identity().choleskySolve(self, upper: upper) }
}
