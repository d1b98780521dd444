import HearthTensor

extension Pass {
    /// Leaves out what leads to no result.
    static let dropUnused = Pass("drop-unused", "leaves out operations and constants that no result uses") { graph in
        let kept = Set(graph.withoutUnused().nodes.map(\.id))
        return graph.nodes.filter { !kept.contains($0.id) }.map { "\(graph.label($0.id)) is not used" }
    }

    /// Computes what is computed several times once: common subexpressions.
    static let mergeDuplicates = Pass(
        "merge-duplicates", "computes equal operations on equal operands once"
    ) { graph in
        struct Key: Hashable {
            let operation: GraphOperation
            let operands: [Int]
        }
        var first: [Key: Int] = [:]
        var changes: [String] = []
        for id in graph.nodes.map(\.id) {
            guard let (operation, operands) = graph.node(id)?.operation, !operation.isRandom else { continue }
            let key = Key(operation: operation, operands: operands)
            if let earlier = first[key] {
                graph.replaceUses(of: id, with: earlier)
                changes.append("\(graph.label(id)) is \(graph.label(earlier)), \(operation.name)")
            } else {
                first[key] = id
            }
        }
        return changes
    }

    /// Keeps equal constants once.
    static let mergeConstants = Pass("merge-constants", "keeps constants with equal elements once") { graph in
        let changing = Set(graph.updates.map(\.constant))
        var known: [Spec: [Int]] = [:]
        var changes: [String] = []
        for node in graph.nodes {
            // Large constants are seldom equal, and reading them all would cost more than it saves.
            guard let constant = node.constant, !changing.contains(node.id), constant.tensor.count <= 1 << 16 else {
                continue
            }
            let same = known[constant.tensor.spec]?.first {
                graph.node($0)!.constant!.tensor.hasSameBits(as: constant.tensor)
            }
            if let same {
                graph.replaceUses(of: node.id, with: same)
                changes.append("\(graph.label(node.id)) is \(graph.label(same))")
            } else {
                known[constant.tensor.spec, default: []].append(node.id)
            }
        }
        return changes
    }
}
