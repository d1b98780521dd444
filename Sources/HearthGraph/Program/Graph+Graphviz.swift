extension Graph {
    /// The graph in the language of Graphviz: `dot -Tpdf model.dot > model.pdf`. Operations of a module stand in a box of
    /// its own.
    public var graphviz: String {
        var lines = ["digraph program {", "  node [shape=box, fontname=\"Helvetica\", fontsize=10];"]
        for node in inputs {
            lines.append("  n\(node.id) [label=\(Self.quoted("\(node.name)\\n\(node.type)")), shape=oval];")
        }
        for node in nodes {
            guard let (operation, _) = node.operation else { continue }
            let parts = [operation.name, node.path, node.type].filter { !$0.isEmpty }
            lines.append("  n\(node.id) [label=\(Self.quoted(parts.joined(separator: "\\n")))];")
        }
        let drawn = Set(nodes.filter { $0.constant == nil }.map(\.id))
        for node in nodes {
            for operand in node.operands where drawn.contains(operand) { lines.append("  n\(operand) -> n\(node.id);") }
        }
        for (i, output) in outputs.enumerated() {
            lines.append("  o\(i) [label=\(Self.quoted(output.name)), shape=oval];")
            lines.append("  n\(output.node) -> o\(i);")
        }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    /// The text between quotes; `\n` in it stays a new line of the label.
    private static func quoted(_ text: String) -> String {
        "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
    }
}
