/// `A⁻¹ B` for triangular `A`, by substitution.
struct SolveTriangular: TensorOperation {
    static let name = "solve_triangular"
    let upper: Bool
    let unit: Bool

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try x.checkMatrices(square: true)
        try x.checkRightSide()
        return x[1].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.eachMatrix(result) { $0[0].substituted(into: $0[1], upper: upper, unit: unit) }
        kept.append(x[0])
        kept.append(y)
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let (a, y) = (kept[0], kept[1])
        let right = apply(SolveTriangular(upper: !upper, unit: unit), to: a.mT, g)
        let left = kept.needs(0) ? -right.matmul(y.mT) : nil
        let offset = unit ? 1 : 0
        return Gradients(left.map { upper ? $0.triu(diagonal: offset) : $0.tril(diagonal: -offset) }, right)
    }
}

extension SolveTriangular {
    var attributes: Attributes { ["upper": upper, "unit": unit] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(upper: try attributes["upper"], unit: try attributes["unit"])
    }
}

/// `A⁻¹ B`, by LU decomposition.
///
/// For a singular matrix the program stops when that is `checked`; else the result has what a division by zero gives.
struct Solve: TensorOperation {
    static let name = "solve"
    let checked: Bool

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try x.checkMatrices(square: true)
        try x.checkRightSide()
        return x[1].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.eachMatrix(result) { matrices in
            let (packed, pivots, _) = matrices[0].lu()
            guard !checked || (0..<packed.rows).allSatisfy({ packed[$0, $0] != 0 }) else {
                stop("solve", "the matrix is singular; use pinverse or lstsq, or solveEx, which tells it by a number")
                return matrices[1]
            }
            var right = matrices[1]
            for (row, pivot) in pivots.enumerated() { right.swapRows(row, pivot) }
            let middle = packed.substituted(into: right, upper: false, unit: true)
            return packed.substituted(into: middle, upper: true, unit: false)
        }
        kept.append(x[0])
        kept.append(y)
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let right = apply(self, to: kept[0].mT, g)
        return Gradients(kept.needs(0) ? -right.matmul(kept[1].mT) : nil, right)
    }
}

extension Solve {
    var attributes: Attributes { ["checked": checked] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(checked: try attributes["checked"])
    }
}

extension Matrix {
    /// The solution of a triangular system; only one triangle is read.
    fileprivate func substituted(into right: Matrix, upper: Bool, unit: Bool) -> Matrix {
        var y = right
        for step in 0..<rows {
            let i = upper ? rows - 1 - step : step
            for j in upper ? (i + 1)..<rows : 0..<i where self[i, j] != 0 {
                for column in 0..<y.columns { y[i, column] -= self[i, j] * y[j, column] }
            }
            if !unit { for column in 0..<y.columns { y[i, column] /= self[i, i] } }
        }
        return y
    }
}

extension Tensor {
    /// The solution `X` of `self × X = right`, for a square matrix `[…, n, n]` and `[…, n, k]` or one vector `[…, n]` for
    /// each matrix. Stops the program when a matrix is singular; see `solveEx(_:)`. PyTorch's `linalg.solve`.
    public func solve(_ right: Tensor) -> Tensor { solve(right, checked: true) }

    /// The inverse of square matrices. Stops the program when one is singular; see `inverseEx()`.
    public func inverse() -> Tensor { inverse(checked: true) }

    /// `solve(_:)` for matrices that may be singular: with an int32 `info` for each, 0 where there is a solution, else the
    /// number (from 1) of the first pivot that is 0. The result of a singular matrix means nothing. PyTorch's
    /// `linalg.solve_ex`.
    public func solveEx(_ right: Tensor) -> (result: Tensor, info: Tensor) {
        (solve(right, checked: false), luFactorEx().info)
    }

    /// `inverse()` for matrices that may be singular; see `solveEx(_:)`. PyTorch's `linalg.inv_ex`.
    public func inverseEx() -> (inverse: Tensor, info: Tensor) { (inverse(checked: false), luFactorEx().info) }

    private func solve(_ right: Tensor, checked: Bool) -> Tensor {
        let isVector = right.rank == 1 || right.rank == rank - 1 && right.shape.elementsEqual(shape.dropLast())
        if isVector { return solve(right.unsqueeze(-1), checked: checked).squeeze(-1) }
        guard let (a, b) = Tensor.alignedMatrices(self, right, "solve") else { return right }
        return apply(Solve(checked: checked), to: a, b)
    }

    private func inverse(checked: Bool) -> Tensor {
        guard rank >= 2, shape[-1] == shape[-2] else {
            return stop("inverse", [spec], "square matrices are expected", fallback: self)
        }
        return apply(Solve(checked: checked), to: self, identity())
    }

    /// The solution `X` of `self × X = right`, or of `X × self = right` when not `left`, for a triangular matrix; only that
    /// triangle is read, and with `unitriangular` the diagonal counts as ones. PyTorch's `linalg.solve_triangular`.
    public func solveTriangular(
        _ right: Tensor, upper: Bool, left: Bool = true, unitriangular: Bool = false
    ) -> Tensor {
        guard left else {
            return mT.solveTriangular(right.mT, upper: !upper, unitriangular: unitriangular).mT
        }
        guard let (a, b) = Tensor.alignedMatrices(self, right, "solveTriangular") else { return right }
        return apply(SolveTriangular(upper: upper, unit: unitriangular), to: a, b)
    }
}
