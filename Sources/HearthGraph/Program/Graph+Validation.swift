import HearthTensor

extension Graph {
    /// Checks that the graph is a program: every value is used after it is given, numbers and names are unique, results and
    /// updates name nodes of their types, and every operation accepts its operands for some sizes.
    ///
    /// - Throws: `GraphError` that names the node and the rule.
    public func validate() throws(GraphError) {
        try checkDepth()
        try checkStructure()
        try checkTypes()
    }

    private func checkDepth(_ depth: Int = 0) throws(GraphError) {
        guard depth <= ControlFlow.depthLimit else {
            throw GraphError("programs lie inside each other more than \(ControlFlow.depthLimit) deep")
        }
        for part in parts { try part.program.checkDepth(depth + 1) }
    }

    /// The parts of all choices and loops.
    private var parts: [GraphOperation.Part] { nodes.flatMap { $0.operation?.operation.parts ?? [] } }

    private func checkStructure() throws(GraphError) {
        try checkNumbers()
        try checkNames()
        try checkEnds()
        for part in parts { try part.program.checkPart() }
    }

    /// Checks what holds of a program that a choice or a loop runs.
    private func checkPart() throws(GraphError) {
        if let constant = nodes.first(where: { $0.constant != nil }) {
            throw GraphError("a part of a program is given its constants; node %\(constant.id) is one")
        }
        if let update = updates.first { throw GraphError("a part of a program changes no constants; found \(update)") }
        try checkNumbers()
        try checkEnds()
        for part in parts { try part.program.checkPart() }
    }

    private func checkNumbers() throws(GraphError) {
        var seen: Set<Int> = []
        for node in nodes {
            for operand in node.operands where !seen.contains(operand) {
                throw GraphError(
                    "node %\(node.id) uses the value %\(operand), which no earlier node gives",
                    operation: node.operation?.operation.name ?? "", path: node.path)
            }
            guard seen.insert(node.id).inserted else { throw GraphError("two nodes have the number %\(node.id)") }
        }
    }

    private func checkNames() throws(GraphError) {
        var seen: Set<String> = []
        for node in inputs {
            guard seen.insert(node.name).inserted else { throw GraphError("two inputs are called '\(node.name)'") }
            for size in node.shape {
                switch size {
                case .named: break
                case .fixed(let value) where value >= 0: break
                default:
                    throw GraphError("a size of input '\(node.name)' is \(size); a name or a number is expected")
                }
            }
        }
        var results: Set<String> = []
        for output in outputs where !results.insert(output.name).inserted {
            throw GraphError("two results are called '\(output.name)'")
        }
    }

    private func checkEnds() throws(GraphError) {
        for output in outputs where node(output.node) == nil {
            throw GraphError("the result '\(output.name)' is the value %\(output.node), which no node gives")
        }
        for update in updates {
            guard let constant = node(update.constant), constant.constant != nil, let value = node(update.node) else {
                throw GraphError("an update must put a node's value in the place of a constant; found \(update)")
            }
            guard constant.dtype == value.dtype, constant.shape == value.shape else {
                throw GraphError("\(constant.name) is \(constant.type) and cannot become \(value.type)")
            }
        }
        for node in nodes {
            guard let tensor = node.constant?.tensor else { continue }
            guard tensor.dtype == node.dtype, tensor.shape.map({ Size.fixed($0) }) == node.shape else {
                throw GraphError("the constant '\(node.name)' is \(tensor.spec), not \(node.type)")
            }
        }
    }

    private func checkTypes() throws(GraphError) {
        var failure: GraphError?
        for start in [34, 3, 230] {
            let sizes = SizeFitting.assignments(sizeNames, from: start)
            do throws(GraphError) {
                let named = Dictionary(uniqueKeysWithValues: sizes.map { ($0.name, $0.values[0]) })
                try check(try ProgramTypes(self, named))
                return
            } catch {
                failure = failure ?? error
            }
        }
        throw failure!
    }

    private func check(_ types: ProgramTypes) throws(GraphError) {
        let table = types.table
        for node in nodes where node.constant == nil {
            let found = types[node.id]!
            let told = try node.shape.map { size throws(GraphError) in try table.value(of: size) }
            guard found.dtype == node.dtype, Array(found.shape) == told else {
                throw GraphError(
                    "node %\(node.id) is said to be \(node.type) and is \(found)",
                    operation: node.operation?.operation.description ?? node.name, path: node.path)
            }
            for (part, types) in zip(node.operation?.operation.parts ?? [], types.parts[node.id] ?? []) {
                try part.program.check(types)
            }
        }
    }
}
