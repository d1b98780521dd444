/// The determinant of square matrices.
struct Determinant: TensorOperation {
    static let name = "det"

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try x.checkMatrices(square: true)
        return Spec(Shape(x[0].shape.dropLast(2)), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.eachMatrix(result) { matrices in
            let (packed, _, sign) = matrices[0].lu()
            let product = (0..<packed.rows).reduce(sign) { $0 * packed[$1, $1] }
            return Matrix(rows: 1, columns: 1, elements: [product])
        }
        kept.append(x[0])
        kept.append(y)
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let (a, y) = (kept[0], kept[1])
        let isSingular = (y.detach() == 0).any().item(as: Bool.self)
        func each(_ x: Tensor) -> Tensor { x.unsqueeze(-1).unsqueeze(-1) }
        return Gradients(isSingular ? each(g) * a.cofactors() : each(g * y) * a.inverse().mT)
    }
}

extension Determinant {
    init(_ name: String, _ attributes: Attributes) { self.init() }
}

/// The sign of the determinant and the logarithm of its magnitude, as a last dimension.
struct LogDeterminant: TensorOperation {
    static let name = "slogdet"

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try x.checkMatrices(square: true)
        return Spec(Shape(x[0].shape.dropLast(2) + [2]), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        return x.eachMatrix(result) { matrices in
            let (packed, _, sign) = matrices[0].lu()
            let diagonal = (0..<packed.rows).map { packed[$0, $0] }
            let signs = diagonal.reduce(sign) { $1 == 0 ? 0 : $1 < 0 ? -$0 : $0 }
            // A sum of logarithms stays finite where the product would underflow to 0 or overflow.
            let logarithms = Tensor(diagonal, dtype: .float64, device: .cpu).abs().log().sum().item()
            return Matrix(rows: 1, columns: 2, elements: [signs, logarithms])
        }
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        Gradients(g.select(-1, 1).unsqueeze(-1).unsqueeze(-1) * kept[0].inverse().mT)
    }
}

extension LogDeterminant {
    init(_ name: String, _ attributes: Attributes) { self.init() }
}

extension Tensor {
    /// The determinants of square matrices `[…, n, n]`.
    public func det() -> Tensor { apply(Determinant(), to: self) }

    /// The signs of the determinants and the natural logarithms of their magnitudes.
    public func slogdet() -> (sign: Tensor, logabsdet: Tensor) {
        let packed = apply(LogDeterminant(), to: self)
        return (packed.detach().select(-1, 0), packed.select(-1, 1))
    }

    /// The natural logarithms of the determinants: NaN where one is negative, minus infinity where it is 0.
    public func logdet() -> Tensor {
        let (sign, logarithm) = slogdet()
        return logarithm.maskedFill(sign < 0, with: Double.nan)
    }

    /// The derivatives of the determinant by each element, which are there for singular matrices too.
    fileprivate func cofactors() -> Tensor {
        let (u, s, v) = svd()
        let size = s.shape[-1]
        let others = s.unsqueeze(-2).maskedFill(Tensor.eye(size, dtype: .bool, device: device), with: 1).prod(dim: -1)
        let sign = (u.det() * v.det()).unsqueeze(-1).unsqueeze(-1)
        return sign * (u * others.unsqueeze(-2)).matmul(v.mT)
    }
}
