import HearthTensor

extension Pass {
    /// Makes one operation of those that it was taken apart into.
    static let joinPatterns = Pass(
        "join-patterns", "makes GELU, SiLU, layer and RMS normalisation one operation where a file has taken them apart"
    ) { graph in
        var changes: [String] = []
        var search = PatternSearch(graph)
        // From the last to the first, so that the whole of a pattern is found before its parts.
        for id in graph.nodes.map(\.id).reversed() {
            guard let found = search.activation(id) ?? search.normalisation(id),
                (try? graph.recompute(id, from: found.operands, found.body)) != nil
            else { continue }
            changes.append("\(graph.label(id)) is \(found.name)")
            graph = graph.withoutUnused()
            search = PatternSearch(graph)
        }
        return changes
    }
}

/// A pattern that was found: what its value is called, and how else it is computed.
struct FoundPattern {
    let name: String
    /// The nodes whose values it is computed of.
    let operands: [Int]
    let body: ([Tensor]) -> Tensor
}
