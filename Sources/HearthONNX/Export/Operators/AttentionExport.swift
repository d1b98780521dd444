import HearthGraph
import HearthTensor

extension ExportTable {
    static let attention: [String: ExportRule] = ["scaled_dot_product_attention": attended]

    /// `softmax(q kᵀ scale + mask) v`, with weights of 0 for a query whose keys are all masked.
    private static func attended(_ n: ExportNode) throws -> ExportValue {
        let rule = try n.arguments.record("rule")
        let rank = n.shape(0).count
        let scale = try n.number(rule.argument("scale"), n[0].dtype)
        let order = Array(0..<(rank - 2)) + [rank - 1, rank - 2]
        var scores = (n[0] * scale).with("MatMul", n[1].transposed(order))
        let hasMask = try n.arguments.bool("hasMask")
        if hasMask { scores = scores + mask(n, scores) }
        if try rule.bool("isCausal") {
            let isPast = try past(n)
            scores = scores.where(isPast, else: -Double.infinity)
        }
        var weights = n.draft.add("Softmax", [scores], ["axis": .int(rank - 1)])
        if hasMask {
            let largest = scores.reduced("ReduceMax", [rank - 1])
            let isMasked = largest.compared("Equal", -Double.infinity)
            weights = n.draft.number(0, weights.dtype).where(isMasked, else: weights)
        }
        let dropout = try rule.number("dropout")
        if dropout > 0 { weights = weights.dropped(dropout) }
        return weights.with("MatMul", n[2])
    }

    /// The mask, before it was repeated where adding repeats it.
    private static func mask(_ n: ExportNode, _ scores: ExportValue) -> ExportValue {
        n.exporter.expansions[n.operands[3].id]?.value ?? n[3]
    }

    /// Where keys are not behind their query: `[queries, keys]`.
    private static func past(_ n: ExportNode) throws -> ExportValue {
        let (queries, keys) = (n.shape(0)[n.shape(0).count - 2], n.shape(1)[n.shape(1).count - 2])
        let (rows, columns) = (try n.sizes.range(queries), try n.sizes.range(keys))
        return columns.unsqueezed([0]).compared("LessOrEqual", rows.unsqueezed([1]))
    }
}
