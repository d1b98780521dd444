import HearthTensor

extension Graph {
    /// Makes a node the value of what `body` computes of other values, which stand before it. The node keeps its number, name
    /// and users.
    ///
    /// `body` is traced for the types of the operands and its nodes are put in; sizes that are no numbers have names while it
    /// is. Throws what tracing throws, and `GraphError` when the result has another type than the node; then nothing is
    /// changed.
    mutating func recompute(_ id: Int, from operands: [Int], _ body: ([Tensor]) throws -> Tensor) throws {
        guard let position = position(of: id) else { throw GraphError("there is no node %\(id)") }
        var names: [Size: String] = [:]
        let inputs = try operands.enumerated().map { index, operand in
            guard let node = node(operand) else { throw GraphError("there is no node %\(operand)") }
            let shape = node.shape.map { size in
                size.fixed == nil ? Size.named(Self.name(of: size, in: &names)) : size
            }
            return (name: "\(index)", spec: InputSpec(shape, node.dtype))
        }
        let part = try Tracer(nil, inputs).graph { try body($0) }
        let sizes = Dictionary(uniqueKeysWithValues: names.map { ($1, $0) })
        guard let result = part.outputs.first.flatMap({ part.node($0.node) }), result.operation != nil,
            result.dtype == nodes[position].dtype,
            result.shape.map({ $0.replacing(sizes, [:]) }) == nodes[position].shape
        else { throw GraphError("the result is not \(nodes[position].type)") }
        splice(part, operands, sizes, result.id, at: position)
    }

    private static func name(of size: Size, in names: inout [Size: String]) -> String {
        if let known = names[size] { return known }
        names[size] = "size\(names.count)"
        return names[size]!
    }

    /// Puts the nodes of a program before the node at a position, which becomes its result.
    private mutating func splice(
        _ part: Graph, _ operands: [Int], _ sizes: [String: Size], _ result: Int, at position: Int
    ) {
        var ids = Dictionary(uniqueKeysWithValues: zip(part.inputs.map(\.id), operands))
        var next = nextID
        var added: [Node] = []
        for node in part.nodes where !node.isInput {
            var node = node
            node.shape = node.shape.map { $0.replacing(sizes, ids) }
            if case .operation(let operation, let operands) = node.source {
                node.source = .operation(operation.replacing(sizes, ids), operands: operands.map { ids[$0]! })
            }
            if node.id == result {
                nodes[position].source = node.source
            } else {
                ids[node.id] = next
                added.append(
                    Node(
                        id: next, name: "", source: node.source, dtype: node.dtype, shape: node.shape,
                        path: nodes[position].path))
                next += 1
            }
        }
        nodes.insert(contentsOf: added, at: position)
    }
}

// Other sizes in the place of names, and other numbers for nodes.

extension GraphOperation {
    fileprivate func replacing(_ names: [String: Size], _ nodes: [Int: Int]) -> GraphOperation {
        if made != nil { return self }
        let fields = attributes.map { GraphAttribute.Field($0.name, $0.value.replacing(names, nodes)) }
        return (try? GraphOperation(name, fields)) ?? self
    }
}

extension GraphAttribute {
    fileprivate func replacing(_ names: [String: Size], _ nodes: [Int: Int]) -> GraphAttribute {
        switch self {
        case .bool, .number, .string: self
        case .size(let size): .size(size.replacing(names, nodes))
        case .ratio(let ratio):
            .ratio(
                SizeRatio(
                    ratio.numerator.replacing(names, nodes), ratio.denominator.replacing(names, nodes),
                    isRoot: ratio.isRoot))
        case .list(let values): .list(values.map { $0.replacing(names, nodes) })
        case .repeated(let value, let count):
            .repeated(value.replacing(names, nodes), count: count.replacing(names, nodes))
        case .record(let fields): .record(fields.map { Field($0.name, $0.value.replacing(names, nodes)) })
        }
    }
}

extension Size {
    fileprivate func replacing(_ names: [String: Size], _ nodes: [Int: Int]) -> Size {
        switch self {
        case .fixed: self
        case .named(let name): names[name] ?? self
        case .sum(let a, let b): a.replacing(names, nodes) + b.replacing(names, nodes)
        case .product(let a, let b): a.replacing(names, nodes) * b.replacing(names, nodes)
        case .quotient(let a, .fixed(let b)): a.replacing(names, nodes) / b
        case .quotient(let a, let b): .quotient(a.replacing(names, nodes), b.replacing(names, nodes))
        case .dimension(let node, let axis): .dimension(node: nodes[node] ?? node, axis: axis)
        }
    }
}
