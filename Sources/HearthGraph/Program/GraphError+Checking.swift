import HearthTensor

/// Runs `body` so that mistakes of shapes and values are thrown as errors of a graph.
/// - Parameter node: The node that is computed, where there is one.
func checked<Result>(_ node: Graph.Node? = nil, _ body: () throws -> Result) throws(GraphError) -> Result {
    do {
        return try checkShapes(body)
    } catch let error as GraphError {
        throw error
    } catch let error as ShapeError {
        guard let node else { throw GraphError(error.rule, operation: error.operation) }
        let operands = error.operands.map(\.description).joined(separator: ", ")
        throw GraphError(
            error.rule + (operands.isEmpty ? "" : "; its operands are \(operands)"),
            operation: "node %\(node.id), \(error.operation)", path: node.path)
    } catch {
        throw GraphError("\(error)")
    }
}

extension Graph.Node {
    /// The values of the operands. Throws when one is used before it is there.
    func operands(in values: [Int: Tensor]) throws(GraphError) -> [Tensor] {
        let tensors = operands.compactMap { values[$0] }
        guard tensors.count == operands.count else {
            throw GraphError("node %\(id) uses the value of a node that does not stand before it")
        }
        return tensors
    }
}
