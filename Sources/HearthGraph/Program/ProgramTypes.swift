import HearthTensor

/// The types of a program's values for some numbers of its named sizes, by the rules of the operations.
struct ProgramTypes {
    /// The types in the parts of choices and loops.
    private(set) var parts: [Int: [ProgramTypes]] = [:]
    /// What the named sizes stand for, and the shapes of all values.
    private(set) var table: SizeTable
    private var specs: [Int: Spec] = [:]
    /// The types of all results of choices and loops.
    private var results: [Int: [Spec]] = [:]
    /// How many programs it lies in.
    private let depth: Int

    /// The type of a node's value.
    subscript(id: Int) -> Spec? { specs[id] }

    /// The types in a whole program. Throws `GraphError` that names the node.
    init(_ graph: Graph, _ named: [String: Int]) throws(GraphError) {
        table = SizeTable(named: named)
        depth = 0
        let table = table
        let inputs = try graph.inputs.map { node throws(GraphError) in
            Spec(Shape(try node.shape.map { size throws(GraphError) in try table.value(of: size) }), node.dtype)
        }
        try follow(graph, inputs)
    }

    private init(part: Graph, _ inputs: [Spec], in outer: ProgramTypes) throws(GraphError) {
        table = SizeTable(named: outer.table.named)
        depth = outer.depth + 1
        guard depth <= ControlFlow.depthLimit else {
            throw GraphError("programs lie inside each other more than \(ControlFlow.depthLimit) deep")
        }
        let wanted = part.inputs
        guard wanted.map(\.dtype) == inputs.map(\.dtype), wanted.map(\.shape.count) == inputs.map(\.shape.count) else {
            throw GraphError(
                "a part takes [\(wanted.map(\.type).joined(separator: ", "))] and is given "
                    + "[\(inputs.map(\.description).joined(separator: ", "))]")
        }
        try follow(part, inputs)
    }

    private mutating func follow(_ graph: Graph, _ inputs: [Spec]) throws(GraphError) {
        var waiting = inputs[...]
        for node in graph.nodes {
            switch node.source {
            case .input: add([waiting.removeFirst()], node)
            case .constant(let constant): add([constant.tensor.spec], node)
            case .operation(let operation, let operands):
                let found = operands.compactMap { specs[$0] }
                guard found.count == operands.count else {
                    throw GraphError("node %\(node.id) uses the value of a node that does not stand before it")
                }
                do throws(GraphError) {
                    add(try types(node, operation, operands, found), node)
                } catch {
                    throw error.at(operation: "node %\(node.id), \(operation.name)", path: node.path)
                }
            }
        }
    }

    private mutating func add(_ types: [Spec], _ node: Graph.Node) {
        specs[node.id] = types[0]
        table.shapes[node.id] = Array(types[0].shape)
        if types.count > 1 { results[node.id] = types }
    }

    private mutating func types(
        _ node: Graph.Node, _ operation: GraphOperation, _ operands: [Int], _ given: [Spec]
    ) throws(GraphError) -> [Spec] {
        switch ControlFlow(operation) {
        case .cond(let first, let second): return try choice(node, first, second, given)
        case .loop(let condition, let body, let limit):
            if let limit, try table.value(of: limit) < 0 { throw GraphError("the limit \(limit) is below 0") }
            return try loop(node, condition, body, given)
        case .result(let index):
            guard operands.count == 1, let all = results[operands[0]], all.indices.contains(index) else {
                throw GraphError("its operand has no result \(index)")
            }
            return [all[index]]
        case nil:
            let made = try operation.operation(in: table)
            return [try checked(node) { made.applied(to: given.map { .placeholder($0) }, on: .meta) }.spec]
        }
    }

    // MARK: Parts

    private mutating func choice(
        _ node: Graph.Node, _ first: Graph, _ second: Graph, _ given: [Spec]
    ) throws(GraphError) -> [Spec] {
        try Self.checkPredicate(given.first)
        let (a, b) = (try part(first, given.dropFirst()), try part(second, given.dropFirst()))
        guard a.results == b.results, !a.results.isEmpty else {
            throw GraphError(
                "branches must give the same types, at least one; they give \(Self.text(a.results)) and "
                    + Self.text(b.results))
        }
        parts[node.id] = [a.types, b.types]
        return a.results
    }

    private mutating func loop(
        _ node: Graph.Node, _ condition: Graph, _ body: Graph, _ given: [Spec]
    ) throws(GraphError) -> [Spec] {
        let (a, b) = (try part(condition, given[...]), try part(body, given[...]))
        guard a.results.count == 1 else { throw GraphError("a condition gives one result, not \(a.results.count)") }
        try Self.checkPredicate(a.results[0])
        guard !b.results.isEmpty, b.results == Array(given.prefix(b.results.count)) else {
            throw GraphError(
                "the body must give the types of the state; it gives \(Self.text(b.results)) for \(Self.text(given))")
        }
        parts[node.id] = [a.types, b.types]
        return b.results
    }

    private func part(
        _ program: Graph, _ given: ArraySlice<Spec>
    ) throws(GraphError) -> (types: ProgramTypes, results: [Spec]) {
        let types = try ProgramTypes(part: program, Array(given), in: self)
        let results = program.outputs.compactMap { types[$0.node] }
        guard results.count == program.outputs.count else {
            throw GraphError("a part gives the value of a node that it has not")
        }
        return (types, results)
    }

    private static func checkPredicate(_ spec: Spec?) throws(GraphError) {
        guard let spec, spec.dtype == .bool, spec.shape.elementCount == 1 else {
            throw GraphError("a predicate is one element of bool, not \(spec.map(\.description) ?? "nothing")")
        }
    }

    private static func text(_ specs: [Spec]) -> String { "[\(specs.map(\.description).joined(separator: ", "))]" }
}
