extension Graph: CustomStringConvertible {
    /// One line a node: its number, type, operation and operands, and the module that it was traced in.
    ///
    ///     graph(input: float32[batch, 784]) -> (output: float32[batch, 10])
    ///       %1 = linear(%0, fc1.weight, fc1.bias)  float32[batch, 128]  # fc1
    ///       %2 = relu(%1)                          float32[batch, 128]
    public var description: String { listing() }

    /// The listing in lines of at most `columns` characters; what is longer is cut.
    public func listing(columns: Int = .max) -> String {
        let rows = nodes.compactMap { node -> (text: String, type: String, path: String)? in
            guard let (operation, operands) = node.operation else { return nil }
            let parts =
                operands.map(label)
                + operation.attributes.filter { $0.name != "source" }.map { "\($0.name): \($0.value)" }
            let name = node.name.isEmpty ? "%\(node.id)" : node.name
            return ("  \(name) = \(operation.name)(\(parts.joined(separator: ", ")))", node.type, node.path)
        }
        let width = min(rows.map(\.text.count).max() ?? 0, 60)
        let lines = rows.map { text, type, path in
            let padded = text.count < width ? text + String(repeating: " ", count: width - text.count) : text
            return padded + "  " + type + (path.isEmpty ? "" : "  # \(path)")
        }
        let changes = updates.map { "  \(label($0.constant)) <- \(label($0.node))" }
        return ([header] + lines + changes).map { Self.cut($0, columns) }.joined(separator: "\n")
    }

    private var header: String {
        let given = inputs.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
        let results = outputs.map { "\($0.name): \(label($0.node)) \(node($0.node)?.type ?? "")" }
        return "graph(\(given)) -> (\(results.joined(separator: ", ")))"
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
