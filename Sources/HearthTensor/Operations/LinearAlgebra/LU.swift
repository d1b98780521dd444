/// `P L U = A` with partial pivoting: L below the diagonal (its own is 1), U on and above it, and the pivots, counted from
/// 0, in one more row.
struct LU: TensorOperation {
    static let name = "lu"

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try x.checkMatrices()
        return Spec(x[0].shape.replacingLast(2, with: [x[0].shape[-2] + 1, x[0].shape[-1]]), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.eachMatrix(result) { matrices in
            let (packed, pivots, _) = matrices[0].lu()
            var row = Matrix(rows: 1, columns: packed.columns)
            for (i, pivot) in pivots.enumerated() { row[0, i] = Double(pivot) }
            return packed.above(row)
        }
        kept.append(y)
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let rows = kept[0].shape[-2] - 1
        let packed = kept[0].narrow(-2, start: 0, length: rows)
        let pivots = kept[0].detach().select(-2, rows)
        return Gradients(packed.luGradient(g.narrow(-2, start: 0, length: rows)).unpermuted(by: pivots))
    }
}

extension LU {
    init(_ name: String, _ attributes: Attributes) { self.init() }
}

extension Matrix {
    /// The packed factors, the row that each step exchanged its own with, and the sign of the exchanges.
    func lu() -> (packed: Matrix, pivots: [Int], sign: Double) {
        var a = self
        var pivots: [Int] = []
        var sign = 1.0
        for step in 0..<min(rows, columns) {
            var pivot = step
            for i in step..<rows where abs(a[i, step]) > abs(a[pivot, step]) { pivot = i }
            pivots.append(pivot)
            if pivot != step { sign = -sign }
            a.swapRows(step, pivot)
            guard a[step, step] != 0 else { continue }
            for i in (step + 1)..<max(rows, step + 1) {
                a[i, step] /= a[step, step]
                for j in (step + 1)..<max(columns, step + 1) { a[i, j] -= a[i, step] * a[step, j] }
            }
        }
        return (a, pivots, sign)
    }
}

extension Tensor {
    /// The gradient of the permuted matrix for the gradient of its packed factors, `self`. The first square part gives
    /// the known formula; rows below it and columns right of it follow from `L₂ = A₂ U⁻¹` and `U₂ = L⁻¹ A₂`.
    fileprivate func luGradient(_ g: Tensor) -> Tensor {
        let (rows, columns) = (shape[-2], shape[-1])
        let size = Swift.min(rows, columns)
        func part(_ x: Tensor, _ top: Int, _ height: Int, _ left: Int, _ width: Int) -> Tensor {
            x.narrow(-2, start: top, length: height).narrow(-1, start: left, length: width)
        }
        let factors = part(self, 0, size, 0, size)
        let (l, u) = (factors.tril(diagonal: -1) + factors.identity(), factors.triu())
        let (below, right) = (part(self, size, rows - size, 0, size), part(self, 0, size, size, columns - size))
        let square = part(g, 0, size, 0, size)
        let (gBelow, gRight) = (part(g, size, rows - size, 0, size), part(g, 0, size, size, columns - size))
        let lower = l.mT.matmul(square.tril(diagonal: -1)) - gRight.matmul(right.mT)
        let upper = square.triu().matmul(u.mT) - below.mT.matmul(gBelow)
        func overL(_ x: Tensor) -> Tensor { l.mT.solveTriangular(x, upper: true, unitriangular: true) }
        func overU(_ x: Tensor) -> Tensor { u.mT.solveTriangular(x, upper: false, left: false) }
        let inner = overL(overU(lower.tril(diagonal: -1) + upper.triu()))
        if rows > columns { return Tensor.cat([inner, overU(gBelow)], dim: -2) }
        return columns > rows ? Tensor.cat([inner, overL(gRight)], dim: -1) : inner
    }

    /// The rows put back to where exchanges, told by `pivots` from 0, took them from.
    fileprivate func unpermuted(by pivots: Tensor) -> Tensor { rowsGathered(pivots, inverse: true) }

    /// The rows exchanged as `pivots`, which count from 0, say.
    fileprivate func permuted(by pivots: Tensor) -> Tensor { rowsGathered(pivots, inverse: false) }

    private func rowsGathered(_ pivots: Tensor, inverse: Bool) -> Tensor {
        let steps = Swift.min(pivots.shape[-1], shape[-2])
        let numbers = pivots.to(.int64).reshape([-1, pivots.shape[-1]])
        var rows: [Int] = []
        for batch in 0..<numbers.shape[0] {
            var order = Array(0..<shape[-2])
            for (step, pivot) in numbers[batch].array(of: Int.self).prefix(steps).enumerated() {
                order.swapAt(step, pivot)
            }
            if inverse {
                var places = order
                for (place, row) in order.enumerated() { places[row] = place }
                order = places
            }
            rows += order
        }
        let index = Tensor(rows, shape: Shape(Array(shape.dropLast())), device: device).unsqueeze(-1)
        return gather(-2, index.expand(to: shape))
    }

    private func packedLU() -> (lu: Tensor, pivots: Tensor) {
        let packed = apply(LU(), to: self)
        let size = Swift.min(shape[-2], shape[-1])
        let pivots = packed.detach().select(-2, shape[-2]).narrow(-1, start: 0, length: size)
        return (packed.narrow(-2, start: 0, length: shape[-2]), pivots)
    }

    /// The factors of `P L U = self` in one matrix (L below the diagonal, U on and above it), and int32 pivots: row `i`
    /// was exchanged with row `pivots[i]`, counted from 1 as LAPACK counts. PyTorch's `Tensor.lu` and `linalg.lu_factor`.
    public func luFactor() -> (lu: Tensor, pivots: Tensor) {
        let (factors, pivots) = packedLU()
        return (factors, (pivots + 1).to(.int32))
    }

    /// `luFactor()` with an int32 `info` for each matrix: 0, or the number (from 1) of the first pivot that is 0, with which
    /// the factors solve nothing. PyTorch's `linalg.lu_factor_ex`.
    public func luFactorEx() -> (lu: Tensor, pivots: Tensor, info: Tensor) {
        let (factors, pivots) = luFactor()
        return (factors, pivots, (factors.detach().matrixDiagonal == 0).firstTrue)
    }

    /// The permutation, the lower and the upper factor: `p × l × u = self`. PyTorch's `linalg.lu`.
    public func lu() -> (p: Tensor, l: Tensor, u: Tensor) {
        let (factors, pivots) = packedLU()
        let size = Swift.min(shape[-2], shape[-1])
        let left = factors.narrow(-1, start: 0, length: size).tril(diagonal: -1)
        let l = left + Tensor.eye(shape[-2], size, dtype: dtype, device: device)
        let rows = Tensor.eye(shape[-2], dtype: dtype, device: device).expand(
            to: shape.replacingLast(1, with: [shape[-2]]))
        return (rows.permuted(by: pivots).mT, l, factors.narrow(-2, start: 0, length: size).triu())
    }

    /// The solution of `A X = self` from what `luFactor` gave for `A`. PyTorch's `lu_solve`.
    public func luSolve(_ lu: Tensor, pivots: Tensor) -> Tensor {
        let right = permuted(by: pivots.to(.int64) - 1)
        let middle = lu.solveTriangular(right, upper: false, unitriangular: true)
        return lu.solveTriangular(middle, upper: true)
    }
}
