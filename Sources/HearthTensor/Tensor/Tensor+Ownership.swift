// What parameters and optimizers need: elements that are changed in place while the value keeps its identity.
extension Tensor {
    /// Gives this value elements of its own, one after another, so that they may be written in place. Its place on the
    /// tape stays, and with it the gradient that has been collected. A copy is made only when another tensor shares the
    /// elements.
    package mutating func makeWritable() {
        guard !(isContiguous && ownsElements()) else { return }
        let node = body.node
        self = noGrad { detach().clone() }.attached(to: node)
    }

    /// True when this value's memory can take a result of a type: nobody else sees it, and its elements are packed.
    package mutating func canHold(_ result: Spec) -> Bool { spec == result && isContiguous && ownsElements() }

    /// These elements at the place on the tape that `other` has: a parameter keeps its gradient when its value changes.
    package func replacing(_ other: Tensor) -> Tensor { attached(to: other.body.node) }

    /// True when both are one value: the same elements, read the same way.
    package func isIdentical(to other: Tensor) -> Bool { body === other.body }
}
