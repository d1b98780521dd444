/// An operation that was run, with what it kept.
final class OperationNode<O: TensorOperation>: Node, @unchecked Sendable {
    private let operation: O

    @inline(__always)
    init(_ operation: O, _ x: Operands, _ kept: consuming Kept, _ result: Tensor) {
        self.operation = operation
        let (inputs, needed) = x.origins()
        kept.seal(result: result, needed: needed)
        super.init(result.spec, isLeaf: false, Record(inputs: inputs, kept: kept))
    }

    override var name: String { operation.name }
    override var label: String { operation.label }

    override func derivative(_ gradient: Tensor, _ kept: Kept) -> Gradients { operation.gradient(gradient, kept) }
}
