/// An operation or a leaf on the tape, as code outside of the tape sees it.
package struct RecordedOperation: Sendable {
    /// Later ones have larger numbers.
    package let number: UInt64
    /// The operation's name; `leaf` for a tensor that was not computed.
    package let label: String
    /// The shape of the result.
    package let shape: Shape
    /// The numbers of the operations and leaves that gave the operands; those without gradient are left out.
    package let inputs: [UInt64]
}

extension Tensor {
    /// The number of the operation or leaf that this tensor comes from; nil when nothing was recorded.
    package var recordedNumber: UInt64? { body.node?.sequence }

    /// Everything on the tape that this tensor was computed from, earliest first.
    package var recordedGraph: [RecordedOperation] {
        var found: [UInt64: RecordedOperation] = [:]
        var pending = body.node.map { [$0] } ?? []
        while let node = pending.popLast() {
            guard found[node.sequence] == nil else { continue }
            let inputs = node.inputNodes
            found[node.sequence] = RecordedOperation(
                number: node.sequence, label: node.name, shape: node.spec.shape, inputs: inputs.map(\.sequence))
            pending += inputs
        }
        return found.values.sorted { $0.number < $1.number }
    }
}
