import HearthTensor

extension Graph {
    /// The types of all values for these numbers of the named sizes, by the rules of the operations. Throws `GraphError`
    /// that names the node.
    func types(_ sizes: [String: Int]) throws(GraphError) -> [Int: Spec] {
        var table = SizeTable(named: sizes)
        var specs: [Int: Spec] = [:]
        var values: [Int: Tensor] = [:]
        for node in nodes {
            let value: Tensor
            switch node.source {
            case .input:
                value = .placeholder(
                    Spec(Shape(try node.shape.map { size throws(GraphError) in try table.value(of: size) }), node.dtype)
                )
            case .constant(let constant): value = .placeholder(constant.tensor.spec)
            case .operation(let operation, _):
                let made = try operation.operation(in: table)
                let operands = try node.operands(in: values)
                value = try checked(node) { made.applied(to: operands, on: .meta) }
            }
            values[node.id] = value
            specs[node.id] = value.spec
            table.shapes[node.id] = Array(value.shape)
        }
        return specs
    }

    /// Works the types of all operations out again, after the graph was changed.
    mutating func inferTypes() throws(GraphError) {
        let sizes = SizeFitting.assignments(sizeNames, from: 34)
        var fitting = SizeFitting(sizes)
        var all: [[Int: Spec]] = []
        for i in 0..<(sizes.isEmpty ? 1 : SizeFitting.traces) {
            all.append(try types(Dictionary(uniqueKeysWithValues: sizes.map { ($0.name, $0.values[i]) })))
        }
        for i in nodes.indices {
            guard case .operation(let operation, let operands) = nodes[i].source else { continue }
            let (id, found) = (nodes[i].id, all.map { $0[nodes[i].id]! })
            let windows = SlidingSizes(operation, operands.compactMap { node($0) })
            nodes[i].dtype = found[0].dtype
            nodes[i].shape = found[0].shape.indices.map { axis in
                let values = found.map { $0.shape[axis] }
                if values.allSatisfy({ $0 == values[0] }) { return .fixed(values[0]) }
                let size =
                    windows?.size(axis - found[0].shape.count) ?? fitting.fit(values)
                    ?? .dimension(node: id, axis: axis)
                fitting.learn(size, values)
                return size
            }
        }
    }
}
