/// A derivative that differs from what small steps show.
public struct GradientCheckError: Error, CustomStringConvertible {
    /// Which input, from 0.
    public let input: Int
    /// Which of its elements, row-major.
    public let element: Int
    /// The derivative that the operations gave.
    public let analytic: Double
    /// The derivative that the differences gave.
    public let numeric: Double
    /// 1 for the gradient, 2 for the gradient of the gradient.
    public let order: Int

    /// The error in words.
    public var description: String {
        "derivative of order \(order) by element \(element) of input \(input): "
            + "\(analytic) from the operations, \(numeric) from finite differences"
    }
}

/// Compares the derivatives of `body` at `inputs` with central differences, and those of its gradient when `order` is
/// 2. Throws a `GradientCheckError` at the first that differs.
///
/// Inputs should be `float64`; `body` must be smooth around them. PyTorch's `torch.autograd.gradcheck` and
/// `gradgradcheck`.
public func gradientCheck(
    _ inputs: [Tensor], order: Int = 1, step: Double = 1e-6, absolute: Double = 1e-5, relative: Double = 1e-3,
    _ body: ([Tensor]) -> Tensor
) throws {
    try compareGradients(inputs, step, absolute, relative, order: 1, body)
    guard order > 1 else { return }
    // The gradient of a weighted sum of outputs is itself a function to differentiate, by inputs and by weights.
    let output = noGrad { body(inputs.map { $0.detach() }) }
    let weights = Tensor.normal(
        output.shape, mean: 0, std: 1, dtype: output.dtype, generator: Generator(seed: 1))
    try compareGradients(inputs + [weights], step, absolute, relative, order: 2) { all in
        let leaves = all.dropLast().map { $0.requiresGrad ? $0 : $0.requiringGrad() }
        return enableGrad {
            let y = body(leaves)
            let gradients = grad(of: [y], wrt: leaves, gradients: [all[all.count - 1]], createGraph: true)
            return Tensor.cat(gradients.map { $0.reshape([-1]) })
        }
    }
}

private func compareGradients(
    _ inputs: [Tensor], _ step: Double, _ absolute: Double, _ relative: Double, order: Int,
    _ body: ([Tensor]) -> Tensor
) throws {
    let leaves = inputs.map { $0.detach().requiringGrad() }
    let output = enableGrad { body(leaves) }
    // One random direction of outputs tests them all at once.
    let direction = Tensor.normal(
        output.shape, mean: 0, std: 1, dtype: output.dtype, generator: Generator(seed: 2))
    let gradients =
        output.requiresGrad
        ? grad(of: [output], wrt: leaves, gradients: [direction])
        : leaves.map { Tensor.zeros(like: $0) }
    func value(_ position: Int, _ element: Int, _ change: Double) -> Double {
        var moved = inputs.map { $0.detach() }
        let bump = Tensor.zeros([moved[position].count], dtype: moved[position].dtype, device: inputs[0].device)
            .indexFill(0, Tensor([element], device: inputs[0].device), change)
        moved[position] = moved[position] + bump.reshape(moved[position].shape)
        return (body(moved).detach() * direction).sum().item()
    }
    for (position, gradient) in gradients.enumerated() {
        let analytic = gradient.detach().to(.float64).array(of: Double.self)
        for element in 0..<gradient.count {
            let numeric = (value(position, element, step) - value(position, element, -step)) / (2 * step)
            let allowed = absolute + relative * max(abs(numeric), abs(analytic[element]))
            guard abs(numeric - analytic[element]) <= allowed else {
                throw GradientCheckError(
                    input: position, element: element, analytic: analytic[element], numeric: numeric, order: order)
            }
        }
    }
}
