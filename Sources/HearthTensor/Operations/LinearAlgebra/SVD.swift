#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `U diag(S) Vᵀ = A`: rows of U, one row of S in descending order, rows of V.
struct SVD: TensorOperation {
    static let name = "svd"
    let rows: Int
    let columns: Int

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try x.checkMatrices()
        return Spec(x[0].shape.replacingLast(2, with: [rows + 1 + columns, Swift.min(rows, columns)]), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.eachMatrix(result) { matrices in
            let a = matrices[0]
            let (u, s, v) = a.rows >= a.columns ? a.svd() : a.transposed.svd()
            let row = Matrix(rows: 1, columns: s.count, elements: s)
            return a.rows >= a.columns ? u.above(row, v) : v.above(row, u)
        }
        kept.append(y)
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let (u, s, v) = kept[0].svdParts(rows, columns)
        let (gu, gs, gv) = g.svdParts(rows, columns)
        let size = s.shape[-1]
        let isDiagonal = Tensor.eye(size, dtype: .bool, device: g.device)
        let squares = s * s
        let gaps = (squares.unsqueeze(-2) - squares.unsqueeze(-1)).maskedFill(isDiagonal, with: 1)
        func skew(_ x: Tensor) -> Tensor { (x - x.mT).over(gaps) }
        let inner =
            skew(u.mT.matmul(gu)) * s.unsqueeze(-2) + skew(v.mT.matmul(gv)) * s.unsqueeze(-1) + gs.diagEmbed()
        var y = u.matmul(inner).matmul(v.mT)
        // The part of the gradient of U or V that is orthogonal to the space that its columns span.
        if rows > size {
            y = y + (gu - u.matmul(u.mT.matmul(gu))).over(s.unsqueeze(-2).expand(to: gu.shape)).matmul(v.mT)
        }
        if columns > size {
            y = y + u.matmul((gv - v.matmul(v.mT.matmul(gv))).over(s.unsqueeze(-2).expand(to: gv.shape)).mT)
        }
        return Gradients(y)
    }
}

extension SVD {
    var attributes: Attributes { ["rows": rows, "columns": columns] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(rows: try attributes["rows"], columns: try attributes["columns"])
    }
}

extension Matrix {
    /// One-sided Jacobi: columns are turned until they are orthogonal; their lengths are the singular values. There are at
    /// least as many rows as columns. Source: Golub and Van Loan, "Matrix Computations", section 8.6.3.
    fileprivate func svd() -> (u: Matrix, s: [Double], v: Matrix) {
        var a = self
        var v = Matrix.identity(columns, columns)
        for _ in 0..<60 {
            var isOrthogonal = true
            for p in 0..<columns {
                for q in (p + 1)..<max(columns, p + 1) where a.orthogonalise(p, q, &v) { isOrthogonal = false }
            }
            if isOrthogonal { break }
        }
        let lengths = (0..<columns).map { j in sqrt((0..<rows).reduce(0) { $0 + a[$1, j] * a[$1, j] }) }
        let order = (0..<columns).sorted { lengths[$0] > lengths[$1] }
        var u = a.columns(in: order)
        let s = order.map { lengths[$0] }
        u.normaliseColumns(s)
        return (u, s, v.columns(in: order))
    }

    /// Turns two columns until they are orthogonal; false when they were.
    private mutating func orthogonalise(_ p: Int, _ q: Int, _ v: inout Matrix) -> Bool {
        var (alpha, beta, gamma) = (0.0, 0.0, 0.0)
        for i in 0..<rows {
            alpha += self[i, p] * self[i, p]
            beta += self[i, q] * self[i, q]
            gamma += self[i, p] * self[i, q]
        }
        guard abs(gamma) > 1e-16 * sqrt(alpha * beta), gamma != 0 else { return false }
        let zeta = (beta - alpha) / (2 * gamma)
        let t = (zeta < 0 ? -1 : 1) / (abs(zeta) + sqrt(1 + zeta * zeta))
        let c = 1 / sqrt(1 + t * t)
        turnColumns(p, q, c, t * c)
        v.turnColumns(p, q, c, t * c)
        return true
    }

    /// Divides columns by their lengths, and puts any orthonormal ones in place of those without.
    private mutating func normaliseColumns(_ lengths: [Double]) {
        let smallest = (lengths.first ?? 0) * 1e-300
        for j in 0..<columns {
            if lengths[j] > smallest {
                for i in 0..<rows { self[i, j] /= lengths[j] }
            } else {
                completeColumn(j)
            }
        }
    }

    /// A unit vector orthogonal to all columns before `j`: the axis that they reach least, less what they reach.
    private mutating func completeColumn(_ j: Int) {
        func reached(_ axis: Int) -> Double { (0..<j).reduce(0) { $0 + self[axis, $1] * self[axis, $1] } }
        let axis = (0..<rows).min { reached($0) < reached($1) }!
        var rest = (0..<rows).map { $0 == axis ? 1.0 : 0.0 }
        // Orthogonalising twice is enough for full precision (Kahan and Parlett).
        for _ in 0..<2 {
            for k in 0..<j {
                let part = (0..<rows).reduce(0) { $0 + rest[$1] * self[$1, k] }
                for i in 0..<rows { rest[i] -= part * self[i, k] }
            }
        }
        let length = sqrt(rest.reduce(0) { $0 + $1 * $1 })
        for i in 0..<rows { self[i, j] = rest[i] / length }
    }
}

extension Tensor {
    fileprivate func svdParts(_ rows: Int, _ columns: Int) -> (u: Tensor, s: Tensor, v: Tensor) {
        (
            narrow(-2, start: 0, length: rows), select(-2, rows), narrow(-2, start: rows + 1, length: columns)
        )
    }

    /// The singular value decomposition `u × diag(s) × vᵀ = self` in its reduced form: `[…, m, k]`, `[…, k]` in descending
    /// order and `[…, n, k]`, with `k` the smaller of `m` and `n`. Columns are unique up to common signs only, and the
    /// derivative of `u` and `v` needs distinct singular values. PyTorch's `torch.svd`.
    ///
    /// With `fullMatrices` `u` is `[…, m, m]` and `v` `[…, n, n]`: what is added are any orthonormal columns, which are
    /// constants to the derivative.
    public func svd(fullMatrices: Bool = false) -> (u: Tensor, s: Tensor, v: Tensor) {
        guard rank >= 2 else {
            stop("svd", [spec], "at least 2 dimensions are expected")
            return (self, self, self)
        }
        let (u, s, v) = apply(SVD(rows: shape[-2], columns: shape[-1]), to: self).svdParts(shape[-2], shape[-1])
        return fullMatrices ? (u.withComplement(), s, v.withComplement()) : (u, s, v)
    }

    /// The singular values in descending order; see `svd()`.
    public func svdvals() -> Tensor { svd().s }
}
