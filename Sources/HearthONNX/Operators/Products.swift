import HearthTensor

/// Products of matrices.
enum Products {
    static let rows: OperatorRows = [
        "MatMul": { n in n.like(0, try product(n[0], n[1], n.type(0))) },
        "Gemm": gemm,
        "Einsum": { n in
            guard let equation = n.text("equation") else { throw n.error("an equation", "none") }
            return n.like(0, Tensor.einsum(equation.replacing(" ", with: ""), try n.tensors()))
        },
        "Det": { n in n.like(0, try n[0].det()) },
    ]

    /// The product; of integers exactly, as 53 bits hold it.
    static func product(_ x: Tensor, _ y: Tensor, _ type: ElementType) -> Tensor {
        guard x.dtype.isInteger else { return x.matmul(y) }
        return type.wrapped(x.to(.float64).matmul(y.to(.float64)).to(.int64)).to(x.dtype)
    }

    private static func gemm(_ n: NodeContext) throws -> [Value] {
        var (x, y) = (try n[0], try n[1])
        try n.check(x.rank == 2 && y.rank == 2, "two matrices", "\(x.shape) and \(y.shape)")
        let (alpha, beta) = (n.float("alpha", 1), n.float("beta", 1))
        let isLinear = n.bool("transB") && !n.bool("transA") && alpha == 1 && beta == 1
        if isLinear, let bias = try n.optional(2), bias.shape == [y.shape[0]], x.dtype.isFloatingPoint {
            return n.like(0, x.linear(y, bias: bias))
        }
        if n.bool("transA") { x = x.t() }
        if n.bool("transB") { y = y.t() }
        var z = product(x, y, n.type(0))
        if alpha != 1 { z = (z * alpha).to(x.dtype) }
        if let c = try n.optional(2) { z = z + (beta == 1 ? c : (c * beta).to(x.dtype)) }
        return n.like(0, z)
    }
}
