import HearthTensor

extension Pass {
    /// Makes tensors that have one value everywhere numbers.
    static let useNumbers = Pass(
        "use-numbers", "computes with a number where a tensor has one value everywhere, and clamps where that is meant"
    ) { graph in
        var changes: [String] = []
        for id in graph.nodes.map(\.id) {
            // What has become a function of a number may then be half of a clamp.
            if let (operation, operand) = graph.withNumber(id) { graph.use(operation, operand, at: id, &changes) }
            if let (operation, operand) = graph.clamped(id) { graph.use(operation, operand, at: id, &changes) }
        }
        return changes
    }
}

extension Graph {
    private static let functions: Set<String> = ["add", "sub", "mul", "div", "maximum", "minimum", "pow"]

    fileprivate mutating func use(_ operation: GraphOperation, _ operand: Int, at id: Int, _ changes: inout [String]) {
        change(id) { $0.source = .operation(operation, operands: [operand]) }
        changes.append("\(label(id)) is \(operation) of \(label(operand))")
    }

    /// A function of two tensors one of which is a number: the function of the other, and that.
    fileprivate func withNumber(_ id: Int) -> (GraphOperation, Int)? {
        guard let node = node(id), let (operation, operands) = node.operation, operands.count == 2,
            Self.functions.contains(operation.name), operation.attributes.isEmpty, node.dtype.isFloatingPoint
        else { return nil }
        for (position, operand) in operands.enumerated() {
            let other = operands[1 - position]
            guard let number = number(of: operand), self.node(other)?.shape == node.shape else { continue }
            let fields = [
                GraphAttribute.Field("scalar", .number(number)), .init("scalarFirst", .bool(position == 0)),
            ]
            return (try? GraphOperation(operation.name + ".scalar", fields)).map { ($0, other) }
        }
        return nil
    }

    /// The one value that a constant, or a constant that is shown many times, has everywhere.
    func number(of id: Int) -> Double? {
        if let tensor = fixedTensor(id) { return tensor.count == 1 && tensor.hasElements ? tensor.item() : nil }
        guard let (operation, operands) = node(id)?.operation, operation.name == "expand" || operation.name == "reshape"
        else { return nil }
        return number(of: operands[0])
    }

    /// The smaller of one number and the larger of another and a value: the value between both.
    fileprivate func clamped(_ id: Int) -> (GraphOperation, Int)? {
        guard let (operation, operands) = node(id)?.operation, operation.name == "minimum.scalar",
            let (inner, sources) = node(operands[0])?.operation, inner.name == "maximum.scalar",
            case .number(let high)? = operation["scalar"], case .number(let low)? = inner["scalar"], low <= high
        else { return nil }
        let fields = [GraphAttribute.Field("a", .number(low)), .init("b", .number(high))]
        return (try? GraphOperation("clamp", fields)).map { ($0, sources[0]) }
    }
}
