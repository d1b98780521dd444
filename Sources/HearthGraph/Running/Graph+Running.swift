import HearthTensor

extension Graph {
    /// Runs the program node by node, as the code that it was traced from would: what is computed is recorded for
    /// gradients, on whatever device the tensors are. To run a program often, compile it.
    ///
    /// - Returns: The one result. Throws for a program with several, whose results `run(_:)` gives.
    /// - Throws: `GraphError` when the tensors do not fit the inputs.
    public func callAsFunction(_ inputs: Tensor...) throws -> Tensor {
        let results = try run(inputs)
        guard results.count == 1 else {
            throw GraphError("the program has \(results.count) results (\(outputNames)); run(_:) gives them all")
        }
        return results[0]
    }

    /// Runs the program node by node on named inputs, and gives its results by name. See `callAsFunction(_:)`.
    public func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
        named(try run(try ordered(inputs)))
    }

    /// Runs the program node by node and gives its results in order. See `callAsFunction(_:)`.
    public func run(_ inputs: [Tensor]) throws -> [Tensor] { try evaluate(inputs) { _ in nil }.results }

    var outputNames: String { outputs.map { "'\($0.name)'" }.joined(separator: ", ") }

    func named(_ results: [Tensor]) -> [String: Tensor] {
        Dictionary(zip(outputs.map(\.name), results)) { first, _ in first }
    }

    /// Runs the program through the door.
    /// - Parameter constant: What to use in the place of a constant's own tensor.
    /// - Returns: The results, and the new values of the constants that the run changes.
    func evaluate(
        _ inputs: [Tensor], constant: (Node) -> Tensor?
    ) throws -> (results: [Tensor], updates: [Tensor]) {
        let values = try values(inputs, try bind(inputs), on: inputs.first?.device ?? .default, constant: constant)
        return (outputs.compactMap { values[$0.node] }, updates.compactMap { values[$0.node] })
    }

    /// Runs a program that a choice or a loop holds.
    private func evaluatePart(_ inputs: [Tensor], _ named: [String: Int], on device: Device) throws -> [Tensor] {
        let values = try values(inputs, named, on: device) { _ in nil }
        return outputs.compactMap { values[$0.node] }
    }

    /// The values that are wanted at the end.
    private func values(
        _ inputs: [Tensor], _ named: [String: Int], on device: Device, constant: (Node) -> Tensor?
    ) throws -> [Int: Tensor] {
        var table = SizeTable(named: named)
        if drawnBlocks != 0 { table.random = .drawn(try table.value(of: drawnBlocks)) }
        var values: [Int: Tensor] = [:]
        var results: [Int: [Tensor]] = [:]
        var waiting = inputs[...]
        let lastUse = lastUses
        for (position, node) in nodes.enumerated() {
            switch node.source {
            case .input: values[node.id] = waiting.removeFirst()
            case .constant(let own): values[node.id] = constant(node) ?? own.tensor
            case .operation(let operation, let operands):
                let x = try node.operands(in: values)
                if case .result(let index)? = ControlFlow(operation) {
                    values[node.id] = results[operands[0]]?[index]
                } else {
                    let found = try Self.results(of: node, operation, x, table, on: x.first?.device ?? device)
                    values[node.id] = found[0]
                    if found.count > 1 { results[node.id] = found }
                }
                table.shapes[node.id] = values[node.id].map { Array($0.shape) }
                for operand in operands where lastUse[operand] == position {
                    values[operand] = nil
                    results[operand] = nil
                }
            }
        }
        return values
    }

    private static func results(
        of node: Node, _ operation: GraphOperation, _ x: [Tensor], _ table: SizeTable, on device: Device
    ) throws -> [Tensor] {
        let named = table.named
        switch ControlFlow(operation) {
        case .cond(let first, let second):
            guard let predicate = x.first else { throw GraphError("a choice without a predicate") }
            return try checked(node) {
                try Tensor.cond(predicate, Array(x.dropFirst())) {
                    try first.evaluatePart($0, named, on: device)
                } else: {
                    try second.evaluatePart($0, named, on: device)
                }
            }
        case .loop(let condition, let body, let limit):
            let (state, others) = (Array(x.prefix(body.outputs.count)), x.dropFirst(body.outputs.count))
            return try checked(node) {
                try Tensor.loop(state, limit: try limit.map { try table.value(of: $0) }) {
                    try condition.evaluatePart($0 + others, named, on: device)[0]
                } do: {
                    try body.evaluatePart($0 + others, named, on: device)
                }
            }
        case .result, nil:
            let made = try operation.operation(in: table)
            return [try checked(node) { made.applied(to: x, on: device) }]
        }
    }

    /// The position of the node that uses each value last; values that are wanted at the end have none.
    var lastUses: [Int: Int] {
        var uses: [Int: Int] = [:]
        for (position, node) in nodes.enumerated() { for operand in node.operands { uses[operand] = position } }
        for output in outputs { uses[output.node] = nil }
        for update in updates { uses[update.node] = nil }
        return uses
    }
}
