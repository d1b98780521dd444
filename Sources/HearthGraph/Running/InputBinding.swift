import HearthTensor

extension Graph {
    /// The tensors of a run checked against the inputs, and the numbers that the named sizes get by them.
    ///
    /// - Throws: `GraphError` that names the input, what was expected and what was found.
    func bind(_ tensors: [Tensor]) throws(GraphError) -> [String: Int] {
        let inputs = inputs
        guard tensors.count == inputs.count else {
            let names = inputs.map { "'\($0.name)'" }.joined(separator: ", ")
            throw GraphError("\(inputs.count) inputs are expected (\(names)), not \(tensors.count)")
        }
        var sizes: [String: Int] = [:]
        for (node, tensor) in zip(inputs, tensors) {
            guard tensor.dtype == node.dtype, tensor.rank == node.shape.count else {
                throw Self.misfit(node, tensor)
            }
            for (size, found) in zip(node.shape, tensor.shape) {
                switch size {
                case .fixed(let expected) where expected != found: throw Self.misfit(node, tensor)
                case .named(let name):
                    if let earlier = sizes[name], earlier != found {
                        throw GraphError("'\(name)' is \(earlier) in an earlier input and \(found) in '\(node.name)'")
                    }
                    sizes[name] = found
                default: break
                }
            }
        }
        return sizes
    }

    /// The tensors of inputs by their names, in order.
    func ordered(_ tensors: [String: Tensor]) throws(GraphError) -> [Tensor] {
        let inputs = inputs
        if let unknown = tensors.keys.sorted().first(where: { name in !inputs.contains { $0.name == name } }) {
            let names = inputs.map { "'\($0.name)'" }.joined(separator: ", ")
            throw GraphError("there is no input '\(unknown)'; the inputs are \(names)")
        }
        return try inputs.map { node throws(GraphError) in
            guard let tensor = tensors[node.name] else {
                throw GraphError("the input '\(node.name)' is missing: \(node.type)")
            }
            return tensor
        }
    }

    private static func misfit(_ node: Node, _ tensor: Tensor) -> GraphError {
        GraphError("input '\(node.name)' must be \(node.type); found \(tensor.spec)")
    }
}
