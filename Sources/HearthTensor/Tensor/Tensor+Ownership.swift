// What parameters and optimizers need: elements that are changed in place while the value keeps its identity.
extension Tensor {
    /// Gives this value elements of its own, one after another, so that they may be written in place. Its place on the
    /// tape stays, and with it the gradient that has been collected. A copy is made only when somebody else can see the
    /// elements.
    package mutating func makeWritable() {
        guard !(isContiguous && ownsElements()) else { return }
        let node = body.node
        self = noGrad { detach().clone() }.attached(to: node)
    }

    /// These elements at the place on the tape that `other` has: a parameter keeps its gradient when its value changes.
    package func replacing(_ other: Tensor) -> Tensor { attached(to: other.body.node) }

    /// True when both are one value: the same elements seen the same way.
    package func isIdentical(to other: Tensor) -> Bool { body === other.body }
}

/// One step of an optimizer over all parameters, in place and in one pass over memory.
///
/// - Parameters:
///   - parameters: Their elements are overwritten; `makeWritable` was called on each.
///   - gradients: One for each parameter, of its shape.
///   - state: What the rule keeps between steps, one list for each parameter, also overwritten.
package func updateInPlace(_ rule: UpdateRule, _ parameters: [Tensor], _ gradients: [Tensor], state: [[Tensor]]) {
    guard let first = parameters.first else { return }
    let gradients = zip(gradients, parameters).map { gradient, parameter in
        noGrad { gradient.detach().to(parameter.dtype).contiguous() }
    }
    first.device.backend.step(rule, parameters, gradients, state: state)
}
