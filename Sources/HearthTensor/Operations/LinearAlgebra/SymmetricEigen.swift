#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Eigenvalues of symmetric matrices in ascending order, in one row above the eigenvectors.
struct SymmetricEigen: TensorOperation {
    static let name = "eigh"

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try x.checkMatrices(square: true)
        return Spec(x[0].shape.replacingLast(2, with: [x[0].shape[-2] + 1, x[0].shape[-1]]), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.eachMatrix(result) { matrices in
            let (values, vectors) = matrices[0].symmetricEigen()
            return Matrix(rows: 1, columns: values.count, elements: values).above(vectors)
        }
        kept.append(y)
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let size = kept[0].shape[-1]
        let (values, vectors) = (kept[0].select(-2, 0), kept[0].narrow(-2, start: 1, length: size))
        let (gValues, gVectors) = (g.select(-2, 0), g.narrow(-2, start: 1, length: size))
        let isDiagonal = Tensor.eye(size, dtype: .bool, device: g.device)
        let gaps = (values.unsqueeze(-2) - values.unsqueeze(-1)).maskedFill(isDiagonal, with: 1)
        let turned = vectors.mT.matmul(gVectors).over(gaps).maskedFill(isDiagonal, with: 0)
        let inner = turned + gValues.diagEmbed()
        let full = vectors.matmul(inner).matmul(vectors.mT)
        return Gradients((full + full.mT) * 0.5)
    }
}

extension SymmetricEigen {
    init(_ name: String, _ attributes: Attributes) { self.init() }
}

extension Matrix {
    /// Jacobi's method: rotations that make elements off the diagonal 0, one pair after another. The lower triangle is
    /// read. Source: Golub and Van Loan, "Matrix Computations", section 8.5.
    fileprivate func symmetricEigen() -> (values: [Double], vectors: Matrix) {
        var a = self
        for i in 0..<rows { for j in (i + 1)..<max(rows, i + 1) { a[i, j] = a[j, i] } }
        var vectors = Matrix.identity(rows, rows)
        let scale = a.elements.reduce(0) { max($0, abs($1)) }
        for _ in 0..<60 {
            var largest = 0.0
            for p in 0..<rows {
                for q in (p + 1)..<max(rows, p + 1) {
                    largest = max(largest, abs(a[p, q]))
                    a.rotate(p, q, &vectors)
                }
            }
            if largest <= scale * 1e-17 { break }
        }
        let order = (0..<rows).sorted { a[$0, $0] < a[$1, $1] }
        return (order.map { a[$0, $0] }, vectors.columns(in: order))
    }

    private mutating func rotate(_ p: Int, _ q: Int, _ vectors: inout Matrix) {
        guard self[p, q] != 0 else { return }
        let theta = (self[q, q] - self[p, p]) / (2 * self[p, q])
        let t = (theta < 0 ? -1 : 1) / (abs(theta) + sqrt(theta * theta + 1))
        let c = 1 / sqrt(t * t + 1)
        let s = t * c
        turnColumns(p, q, c, s)
        for j in 0..<columns {
            let (x, y) = (self[p, j], self[q, j])
            self[p, j] = c * x - s * y
            self[q, j] = s * x + c * y
        }
        vectors.turnColumns(p, q, c, s)
    }

    /// Columns `p` and `q` turned by an angle with this cosine and sine.
    mutating func turnColumns(_ p: Int, _ q: Int, _ c: Double, _ s: Double) {
        for i in 0..<rows {
            let (x, y) = (self[i, p], self[i, q])
            self[i, p] = c * x - s * y
            self[i, q] = s * x + c * y
        }
    }
}

extension Tensor {
    /// The eigenvalues of symmetric matrices in ascending order, and orthonormal eigenvectors as columns; the lower triangle
    /// is read, or the upper. Eigenvectors are unique up to their signs only, and their derivative needs distinct
    /// eigenvalues; that of the values does not. PyTorch's `linalg.eigh`.
    public func eigh(upper: Bool = false) -> (values: Tensor, vectors: Tensor) {
        let packed = apply(SymmetricEigen(), to: upper && rank > 1 ? mT : self)
        return (packed.select(-2, 0), packed.narrow(-2, start: 1, length: shape[-1]))
    }

    /// The eigenvalues of symmetric matrices in ascending order; see `eigh(upper:)`.
    public func eigvalsh(upper: Bool = false) -> Tensor { eigh(upper: upper).values }

    /// This gradient divided by `gaps`, and 0 where it is 0: where only values are differentiated nothing is divided, and
    /// gaps of 0, between repeated values, do no harm.
    func over(_ gaps: Tensor) -> Tensor {
        let isZero = detach() == 0
        return self / gaps.maskedFill((gaps.detach() == 0) & isZero, with: 1)
    }
}
