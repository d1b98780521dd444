#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The lower triangular `L` with `L Lᵀ = A` for symmetric positive definite `A`, of which the lower triangle is read.
struct Cholesky: Operation {
    static let name = "cholesky"

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try x.checkMatrices(square: true)
        return x[0].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.eachMatrix(result) { $0[0].cholesky() }
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
    init(_ name: String, _ attributes: Attributes) { self.init() }
}

extension Matrix {
    fileprivate func cholesky() -> Matrix {
        var l = Matrix(rows: rows, columns: columns)
        for j in 0..<columns {
            var square = self[j, j]
            for k in 0..<j { square -= l[j, k] * l[j, k] }
            guard square > 0 else {
                stop("cholesky", "the matrix is not positive definite (row \(j))")
                return l
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
    /// of which the lower triangle is read. Stops the program when one is not positive definite.
    public func cholesky(upper: Bool = false) -> Tensor {
        let l = apply(Cholesky(), to: self)
        return upper ? l.mT : l
    }

    /// The solution of `A X = self` from the Cholesky factor of `A`. PyTorch's `cholesky_solve`.
    public func choleskySolve(_ factor: Tensor, upper: Bool = false) -> Tensor {
        let l = upper ? factor.mT : factor
        return l.mT.solveTriangular(l.solveTriangular(self, upper: false), upper: true)
    }

    /// The inverse of `A` from its Cholesky factor, `self`. PyTorch's `cholesky_inverse`.
    public func choleskyInverse(upper: Bool = false) -> Tensor { identity().choleskySolve(self, upper: upper) }
}
