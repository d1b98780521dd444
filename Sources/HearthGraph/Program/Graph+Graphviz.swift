extension Graph {
    /// The graph in the language of Graphviz: `dot -Tpdf model.dot > model.pdf`. Branches and loops stand in boxes, and what
    /// they are given leads into them.
    public var graphviz: String {
        let head = ["digraph program {", "  node [shape=box, fontname=\"Helvetica\", fontsize=10];"]
        return (head + graphvizLines("n") + ["}"]).joined(separator: "\n") + "\n"
    }

    /// - Parameter prefix: What the names of nodes begin with.
    private func graphvizLines(_ prefix: String) -> [String] {
        var lines: [String] = []
        for node in inputs {
            let label = Self.quoted("\(label(node.id))\\n\(node.type)")
            lines.append("  \(prefix)\(node.id) [label=\(label), shape=oval];")
        }
        for node in nodes {
            guard let (operation, operands) = node.operation else { continue }
            let parts = [operation.name, node.path, node.type].filter { !$0.isEmpty }
            lines.append("  \(prefix)\(node.id) [label=\(Self.quoted(parts.joined(separator: "\\n")))];")
            for (k, part) in operation.parts.enumerated() {
                let inner = "\(prefix)\(node.id)_\(k)_"
                lines.append("  subgraph cluster_\(inner) {")
                lines.append("  label=\(Self.quoted(part.name));")
                lines += part.program.graphvizLines(inner).map { "  " + $0 }
                lines.append("  }")
                let given = zip(part.program.inputs, operands.dropFirst(operation.leadingOperands))
                for (input, operand) in given where self.node(operand)?.constant == nil {
                    lines.append("  \(prefix)\(operand) -> \(inner)\(input.id) [style=dashed];")
                }
            }
        }
        let drawn = Set(nodes.filter { $0.constant == nil }.map(\.id))
        for node in nodes {
            for operand in node.operands where drawn.contains(operand) {
                lines.append("  \(prefix)\(operand) -> \(prefix)\(node.id);")
            }
        }
        for (i, output) in outputs.enumerated() {
            let end = prefix == "n" ? "o\(i)" : "\(prefix)o\(i)"
            lines.append("  \(end) [label=\(Self.quoted(output.name)), shape=oval];")
            lines.append("  \(prefix)\(output.node) -> \(end);")
        }
        return lines
    }

    /// The text between quotes; `\n` in it stays a new line of the label.
    private static func quoted(_ text: String) -> String {
        "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
    }
}
