import HearthGraph
import HearthTensor

extension ExportTable {
    static let products: [String: ExportRule] = [
        "matmul": { n in
            let x = n.unexpanded(trailing: 2)
            return x[0].with("MatMul", x[1])
        },
        "linear": linear,
        "det": { n in n[0].then("Det") },
    ]

    /// `x Wᵀ + b`: one operator for a matrix, two for more dimensions.
    private static func linear(_ n: ExportNode) throws -> ExportValue {
        let bias = n.values.count > 2 ? n[2] : nil
        if n.shape(0).count == 2 { return n.draft.add("Gemm", [n[0], n[1], bias], ["transB": 1]) }
        let product = n[0].with("MatMul", n[1].transposed([1, 0]))
        return bias.map { product + $0 } ?? product
    }
}
