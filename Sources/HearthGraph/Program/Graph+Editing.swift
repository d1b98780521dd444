import HearthTensor

extension Graph {
    /// Adds a node at the end and gives its number. The caller says its type.
    @discardableResult
    mutating func append(
        _ source: Source, name: String = "", dtype: DType, shape: [Size], path: String = ""
    ) -> Int {
        let id = nextID
        nodes.append(Node(id: id, name: name, source: source, dtype: dtype, shape: shape, path: path))
        return id
    }

    /// A number that no node has.
    var nextID: Int { (nodes.map(\.id).max() ?? -1) + 1 }

    /// The node replaced by what `body` makes of it.
    mutating func change(_ id: Int, _ body: (inout Node) -> Void) {
        if let position = position(of: id) { body(&nodes[position]) }
    }

    /// Makes everything that uses the value of one node use that of another.
    ///
    /// The other must stand before all of these uses; `validate()` tells when it does not. The further results of a choice or
    /// a loop stay its own, unless the other is a choice or a loop too.
    public mutating func replaceUses(of old: Int, with new: Int) {
        let hasResults = node(new)?.operation?.operation.parts.isEmpty == false
        for i in nodes.indices {
            if case .operation(let operation, let operands) = nodes[i].source, operands.contains(old),
                nodes[i].id != new, hasResults || operation.name != "result"
            {
                nodes[i].source = .operation(operation, operands: operands.map { $0 == old ? new : $0 })
            }
        }
        for i in outputs.indices where outputs[i].node == old { outputs[i].node = new }
        for i in updates.indices where updates[i].node == old { updates[i].node = new }
    }

    /// Puts an operation behind a node and makes everything that used the node use it: one more step on the way. Gives the
    /// number of the new node.
    /// - Throws: `GraphError` when the operation does not accept the value.
    @discardableResult
    public mutating func insert(_ operation: GraphOperation, after id: Int, name: String = "") throws(GraphError) -> Int
    {
        guard let position = position(of: id) else { throw GraphError("there is no node %\(id)") }
        let new = nextID
        replaceUses(of: id, with: new)
        let node = Node(
            id: new, name: name, source: .operation(operation, operands: [id]), dtype: nodes[position].dtype,
            shape: nodes[position].shape, path: nodes[position].path)
        nodes.insert(node, at: position + 1)
        try inferTypes()
        return new
    }

    /// Replaces the operation of a node; its operands and its users stay.
    /// - Throws: `GraphError` when the operation does not accept the operands, or gives what a user does not accept.
    public mutating func replace(_ id: Int, with operation: GraphOperation) throws(GraphError) {
        guard let operands = node(id)?.operation?.operands else { throw GraphError("node %\(id) is no operation") }
        change(id) { $0.source = .operation(operation, operands: operands) }
        try inferTypes()
    }

    /// The part of the program that leads to named values: the features of an inner layer.
    ///
    ///     let features = try graph.cut(at: "layer4")     // the last value that module computes
    ///
    /// - Parameter names: Names of nodes or of outputs, paths of modules (their last value), or numbers as `%12`.
    /// - Throws: `GraphError` for a name that the graph has not.
    public func cut(at names: String...) throws(GraphError) -> Graph {
        var graph = self
        graph.updates = []
        graph.outputs = try names.map { name throws(GraphError) in
            let id = outputs.first { $0.name == name }?.node ?? node(named: name)?.id ?? number(name)
            guard let id, node(id) != nil else {
                throw GraphError("the graph has no value '\(name)'; names are those of outputs, nodes and modules")
            }
            return Output(name, node: id)
        }
        return graph.withoutUnused()
    }

    private func number(_ text: String) -> Int? { text.hasPrefix("%") ? Int(text.dropFirst()) : nil }

    /// The graph without nodes that nothing uses. Inputs stay.
    func withoutUnused() -> Graph {
        var used = Set(outputs.map(\.node) + updates.flatMap { [$0.node, $0.constant] })
        for node in nodes.reversed() where used.contains(node.id) { used.formUnion(node.operands) }
        var graph = self
        graph.nodes.removeAll { !used.contains($0.id) && !$0.isInput }
        return graph
    }
}
