import HearthTensor

extension Pass {
    /// Computes what is the same in every run once, now.
    static let foldConstants = Pass(
        "fold-constants", "computes what depends on constants alone, and keeps the result"
    ) { graph in
        let changing = Set(graph.updates.map(\.constant))
        var changes: [String] = []
        for position in graph.nodes.indices {
            let node = graph.nodes[position]
            guard let (operation, operands) = node.operation, let made = operation.made, !operation.isRandom,
                made.name != "empty"
            else { continue }
            let tensors = operands.compactMap { id in changing.contains(id) ? nil : graph.node(id)?.constant?.tensor }
            guard tensors.count == operands.count, Self.isWorthKeeping(node, tensors) else { continue }
            guard let folded = Self.computed(made, tensors) else { continue }
            graph.nodes[position].source = .constant(Graph.Constant(folded))
            graph.nodes[position].shape = folded.shape.map { .fixed($0) }
            changes.append("\(graph.label(node.id)) is a constant, \(operation.name) of constants")
        }
        return changes
    }

    /// Views are free anyway, and a result that is larger than what it comes from would make the file larger for little.
    private static func isWorthKeeping(_ node: Graph.Node, _ operands: [Tensor]) -> Bool {
        var count = 1
        for size in node.shape {
            guard let fixed = size.fixed, !count.multipliedReportingOverflow(by: fixed).overflow else { return false }
            count *= fixed
        }
        let given = operands.reduce(0) { $0 + $1.count }
        return count <= max(given, 1 << 16)
    }

    private static func computed(_ operation: any TensorOperation, _ operands: [Tensor]) -> Tensor? {
        // What is wrong with the operands' values is to be found when the program runs, not here.
        try? checkShapes {
            noGrad { operation.applied(to: operands.map { $0.detach() }, on: .cpu).contiguous() }
        }
    }
}
