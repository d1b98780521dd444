#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `Q R = A` with orthonormal columns of `Q`, of which there are as many as `A` has columns: rows of Q above those of R.
struct TallQR: TensorOperation {
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

/// Orthonormal columns that make the columns of the operand, which has at least as many rows, a base of the whole space.
struct Complement: TensorOperation {
    static let name = "qr_complement"

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try x.checkMatrices()
        let (rows, columns) = (x[0].shape[-2], x[0].shape[-1])
        guard rows >= columns else { throw ShapeError("there are more columns than rows") }
        return Spec(x[0].shape.replacingLast(2, with: [rows, rows - columns]), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.eachMatrix(result) { $0[0].complement() }
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(nil) }
}

extension Complement {
    init(_ name: String, _ attributes: Attributes) { self.init() }
}

extension Matrix {
    /// Householder's reflections, with LAPACK's choice of signs. There are at least as many rows as columns.
    fileprivate func qr() -> (q: Matrix, r: Matrix) {
        let (reflections, a) = reflections()
        var q = Matrix.identity(rows, columns)
        q.apply(reflections)
        var r = Matrix(rows: columns, columns: columns)
        for i in 0..<columns { for j in i..<columns { r[i, j] = a[i, j] } }
        return (q, r)
    }

    /// The columns of `Q` beyond those that `qr` gives.
    fileprivate func complement() -> Matrix {
        var q = Matrix(rows: rows, columns: rows - columns)
        for j in 0..<q.columns { q[columns + j, j] = 1 }
        q.apply(reflections().list)
        return q
    }

    private typealias Reflection = (v: [Double], factor: Double)

    /// The reflections that make a triangle of this matrix, and the triangle.
    private func reflections() -> (list: [Reflection], triangle: Matrix) {
        var a = self
        var reflections: [Reflection] = []
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
        return (reflections, a)
    }

    /// The product of all reflections, the last first, and this matrix.
    private mutating func apply(_ reflections: [Reflection]) {
        for (step, reflection) in reflections.enumerated().reversed() {
            reflect(reflection.v, reflection.factor, from: step)
        }
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

/// How much of the factors `qr` gives.
public enum QRMode: Sendable, Hashable, CaseIterable {
    /// `[…, m, k]` and `[…, k, n]` with `k` the smaller of `m` and `n`.
    case reduced
    /// `[…, m, m]` and `[…, m, n]`; the columns that are added to `q` are constants to the derivative.
    case complete
    /// The triangle of the reduced form alone; `q` has no elements.
    case r
}

extension Tensor {
    /// The factors of `q × r = self`: orthonormal columns and an upper triangle, of the sizes that `mode` says. PyTorch's
    /// `linalg.qr`.
    public func qr(mode: QRMode = .reduced) -> (q: Tensor, r: Tensor) {
        let (q, r) = reducedQR()
        switch mode {
        case .reduced: return (q, r)
        case .r: return (Tensor.empty([0], dtype: dtype, device: device), r)
        case .complete:
            guard rank >= 2, shape[-2] > shape[-1] else { return (q, r) }
            let below = Tensor.zeros(
                shape.replacingLast(2, with: [shape[-2] - shape[-1], shape[-1]]), dtype: dtype, device: device)
            return (Tensor.cat([q, apply(Complement(), to: detach())], dim: -1), Tensor.cat([r, below], dim: -2))
        }
    }

    /// These orthonormal columns and others that make them a base of the whole space.
    func withComplement() -> Tensor {
        shape[-2] == shape[-1] ? self : Tensor.cat([self, apply(Complement(), to: detach())], dim: -1)
    }

    private func reducedQR() -> (q: Tensor, r: Tensor) {
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
