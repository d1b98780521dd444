#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `Q R = A` with orthonormal columns of `Q`, of which there are as many as `A` has columns: rows of Q above those of R.
struct TallQR: Operation {
    static let name = "qr"

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try x.checkMatrices()
        let (rows, columns) = (x[0].shape[-2], x[0].shape[-1])
        return Spec(x[0].shape.replacingLast(2, with: [rows + columns, columns]), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.eachMatrix(result) { matrices in
            let (q, r) = matrices[0].qr()
            return q.above(r)
        }
        kept.append(y)
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let columns = kept[0].shape[-1]
        let rows = kept[0].shape[-2] - columns
        func parts(_ x: Tensor) -> (q: Tensor, r: Tensor) {
            (x.narrow(-2, start: 0, length: rows), x.narrow(-2, start: rows, length: columns))
        }
        let (q, r) = parts(kept[0])
        let (gq, gr) = parts(g)
        let m = r.matmul(gr.mT) - gq.mT.matmul(q)
        let symmetric = m.tril() + m.tril(diagonal: -1).mT
        return Gradients(r.mT.solveTriangular(gq + q.matmul(symmetric), upper: false, left: false))
    }
}

extension TallQR {
    init(_ name: String, _ attributes: Attributes) { self.init() }
}

extension Matrix {
    /// Householder's reflections, with LAPACK's choice of signs. There are at least as many rows as columns.
    fileprivate func qr() -> (q: Matrix, r: Matrix) {
        var a = self
        var reflections: [(v: [Double], factor: Double)] = []
        for step in 0..<columns {
            var v = (step..<rows).map { a[$0, step] }
            let tail = v.dropFirst().reduce(0) { $0 + $1 * $1 }
            guard tail > 0 else {
                reflections.append((v, 0))
                continue
            }
            let length = sqrt(v[0] * v[0] + tail)
            v[0] += v[0] < 0 ? -length : length
            let factor = 2 / (v[0] * v[0] + tail)
            a.reflect(v, factor, from: step)
            reflections.append((v, factor))
        }
        var q = Matrix.identity(rows, columns)
        for (step, reflection) in reflections.enumerated().reversed() {
            q.reflect(reflection.v, reflection.factor, from: step)
        }
        var r = Matrix(rows: columns, columns: columns)
        for i in 0..<columns { for j in i..<columns { r[i, j] = a[i, j] } }
        return (q, r)
    }

    /// Takes `factor v (vᵀ x)` from the rows from `first` on of every column `x`.
    private mutating func reflect(_ v: [Double], _ factor: Double, from first: Int) {
        if factor == 0 { return }
        for column in 0..<columns {
            var sum = 0.0
            for (i, element) in v.enumerated() { sum += element * self[first + i, column] }
            for (i, element) in v.enumerated() { self[first + i, column] -= factor * sum * element }
        }
    }
}

extension Tensor {
    /// The factors of `q × r = self`: orthonormal columns and an upper triangle, `[…, m, k]` and `[…, k, n]` with `k` the
    /// smaller of `m` and `n`. PyTorch's `linalg.qr` in its reduced form.
    public func qr() -> (q: Tensor, r: Tensor) {
        guard rank >= 2 else {
            stop("qr", [spec], "at least 2 dimensions are expected")
            return (self, self)
        }
        let (rows, columns) = (shape[-2], shape[-1])
        let size = Swift.min(rows, columns)
        let packed = apply(TallQR(), to: narrow(-1, start: 0, length: size))
        let (q, r) = (packed.narrow(-2, start: 0, length: rows), packed.narrow(-2, start: rows, length: size))
        if columns <= rows { return (q, r) }
        let rest = q.mT.matmul(narrow(-1, start: size, length: columns - size))
        return (q, Tensor.cat([r, rest], dim: -1))
    }
}
