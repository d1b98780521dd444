import HearthTensor

extension Graph {
    /// Checks that the graph is a program: every value is used after it is given, numbers and names are unique, results and
    /// updates name nodes of their types, and every operation accepts its operands for some sizes.
    ///
    /// - Throws: `GraphError` that names the node and the rule.
    public func validate() throws(GraphError) {
        try checkNumbers()
        try checkNames()
        try checkEnds()
        try checkTypes()
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
                try check(try types(named), named)
                return
            } catch {
                failure = failure ?? error
            }
        }
        throw failure!
    }

    private func check(_ types: [Int: Spec], _ named: [String: Int]) throws(GraphError) {
        var table = SizeTable(named: named)
        for (id, spec) in types { table.shapes[id] = Array(spec.shape) }
        for node in nodes where node.operation != nil {
            let found = types[node.id]!
            let told = try node.shape.map { size throws(GraphError) in try table.value(of: size) }
            guard found.dtype == node.dtype, Array(found.shape) == told else {
                throw GraphError(
                    "node %\(node.id) is said to be \(node.type) and is \(found)",
                    operation: node.operation!.operation.description, path: node.path)
            }
        }
    }
}
