extension Graph: CustomStringConvertible {
    /// One line a node: its number, type, operation and operands, and the module that it was traced in.
    ///
    ///     graph(input: float32[batch, 784]) -> (output: float32[batch, 10])
    ///       %1 = linear(%0, fc1.weight, fc1.bias)  float32[batch, 128]  # fc1
    ///       %2 = relu(%1)                          float32[batch, 128]
    public var description: String { listing() }

    /// The listing in lines of at most `columns` characters; what is longer is cut.
    public func listing(columns: Int = .max) -> String {
        ([header] + body).map { Self.cut($0, columns) }.joined(separator: "\n")
    }

    /// The lines of the operations, with the parts of a choice or a loop below it.
    private var body: [String] {
        let rows = nodes.compactMap { node -> (text: String, node: Node)? in
            guard let (operation, operands) = node.operation else { return nil }
            let parts =
                operands.map(label)
                + operation.attributes.filter { $0.name != "source" }.map { "\($0.name): \($0.value)" }
            let name = node.name.isEmpty ? "%\(node.id)" : node.name
            return ("  \(name) = \(operation.name)(\(parts.joined(separator: ", ")))", node)
        }
        let width = min(rows.map(\.text.count).max() ?? 0, 60)
        let lines = rows.flatMap { text, node in
            let padded = text.count < width ? text + String(repeating: " ", count: width - text.count) : text
            let line = padded + "  " + node.type + (node.path.isEmpty ? "" : "  # \(node.path)")
            let parts = (node.operation?.operation.parts ?? []).flatMap { part in
                ["\(part.name)\(part.program.signature)"] + part.program.body
            }
            return [line] + parts.map { "    " + $0 }
        }
        return lines + updates.map { "  \(label($0.constant)) <- \(label($0.node))" }
    }

    private var header: String { "graph" + signature }

    /// What it is given, and its results.
    private var signature: String {
        let given = inputs.map { "\(label($0.id)): \($0.type)" }.joined(separator: ", ")
        let results = outputs.map { "\($0.name): \(label($0.node)) \(node($0.node)?.type ?? "")" }
        return "(\(given)) -> (\(results.joined(separator: ", ")))"
    }

    /// What a value is called in listings: its name, or its number.
    func label(_ id: Int) -> String {
        guard let node = node(id) else { return "%\(id)?" }
        if !node.name.isEmpty { return node.name }
        guard let tensor = node.constant?.tensor, tensor.count == 1 else { return "%\(id)" }
        return tensor.hasElements ? "\(tensor.item())" : "%\(id)"
    }

    private static func cut(_ line: String, _ columns: Int) -> String {
        line.count <= columns ? line : String(line.prefix(max(columns - 1, 1))) + "…"
    }
}
