import HearthTensor

extension Pass {
    /// Leaves out steps that change nothing, and makes two steps one where they are one.
    static let simplify = Pass(
        "simplify",
        "leaves out what changes nothing: x * 1, x + 0, a transposition of a transposition, a second reshape"
    ) { graph in
        var changes: [String] = []
        for id in graph.nodes.map(\.id) {
            guard let node = graph.node(id), let (operation, operands) = node.operation, let first = operands.first,
                let operand = graph.node(first)
            else { continue }
            if operation.changesNothing(operand, node) {
                graph.replaceUses(of: id, with: first)
                changes.append("\(graph.label(id)) is \(graph.label(first)), \(operation) changes nothing")
            } else if let (joined, source) = graph.joined(operation, with: operand) {
                graph.change(id) { $0.source = .operation(joined, operands: [source]) }
                changes.append("\(graph.label(id)) is \(joined) of \(graph.label(source))")
            }
        }
        return changes
    }
}

extension GraphOperation {
    /// True when the result is the operand.
    fileprivate func changesNothing(_ operand: Graph.Node, _ node: Graph.Node) -> Bool {
        guard operand.dtype == node.dtype, operand.shape == node.shape else { return false }
        switch name {
        case "reshape", "expand", "to", "contiguous": return true
        case "permute": return self["order"]?.integers == Array(node.shape.indices)
        case "mul.scalar", "pow.scalar": return self.is("scalar", 1) && !isScalarFirst
        case "div.scalar": return self.is("scalar", 1) && !isScalarFirst && node.dtype.isFloatingPoint
        // -0 + 0 is 0, which no program is built on.
        case "add.scalar", "sub.scalar": return self.is("scalar", 0) && !isScalarFirst
        default: return false
        }
    }

    private func `is`(_ name: String, _ value: Double) -> Bool {
        switch self[name] {
        case .size(.fixed(let number)): Double(number) == value
        case .number(let number): number == value
        default: false
        }
    }

    private var isScalarFirst: Bool { self["scalarFirst"] == .bool(true) }
}

extension Graph {
    /// Two steps that are one: the operation, and the value that it is applied to.
    fileprivate func joined(_ operation: GraphOperation, with operand: Node) -> (GraphOperation, Int)? {
        guard let (earlier, sources) = operand.operation, earlier.name == operation.name, sources.count == 1,
            let source = node(sources[0])
        else { return nil }
        switch operation.name {
        case "permute":
            guard let first = earlier["order"]?.integers, let second = operation["order"]?.integers else { return nil }
            let order = second.map { first[$0] }
            return Self.made(
                "permute", ["source": source.shapeArgument, "order": .list(order.map { .size(.fixed($0)) })]
            )
            .map { ($0, source.id) }
        case "reshape", "expand":
            guard let shape = operation["shape"] else { return nil }
            return Self.made(operation.name, ["source": source.shapeArgument, "shape": shape]).map { ($0, source.id) }
        default: return nil
        }
    }

    private static func made(_ name: String, _ fields: KeyValuePairs<String, GraphAttribute>) -> GraphOperation? {
        try? GraphOperation(name, fields.map { GraphAttribute.Field($0.key, $0.value) })
    }
}

extension Graph.Node {
    /// The shape as an attribute.
    var shapeArgument: GraphAttribute { .list(shape.map { .size($0) }) }
}
