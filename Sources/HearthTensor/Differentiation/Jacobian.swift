// Derivatives of functions of tensors as tensors: PyTorch's `torch.autograd.functional`.

/// The derivative of every element of `body(x)` by every element of `x`: the shape of the result, then that of `x`.
///
///     jacobian(at: x) { ($0 * $0).sum(dim: 1) }      // for x of [2, 3]: [2, 2, 3]
///
/// - Parameter createGraph: Records the computation, so that the derivative can be differentiated.
public func jacobian(at x: Tensor, createGraph: Bool = false, _ body: (Tensor) -> Tensor) -> Tensor {
    jacobian(at: [x], createGraph: createGraph) { body($0[0]) }[0]
}

/// The derivative of every element of `body(inputs)` by every element of each input.
public func jacobian(at inputs: [Tensor], createGraph: Bool = false, _ body: ([Tensor]) -> Tensor) -> [Tensor] {
    enableGrad {
        let leaves = inputs.map { $0.leaf(createGraph: createGraph) }
        let y = body(leaves)
        let elements = y.reshape([-1])
        let rows = (0..<y.count).map { element in
            y.requiresGrad
                ? grad(
                    of: [elements.select(0, element)], wrt: leaves, retainGraph: true, createGraph: createGraph)
                : leaves.map { Tensor.zeros(like: $0) }
        }
        return leaves.enumerated().map { position, leaf in
            let shape = Shape(Array(y.shape) + Array(leaf.shape))
            return rows.isEmpty
                ? Tensor.zeros(shape, dtype: leaf.dtype, device: leaf.device)
                : Tensor.stack(rows.map { $0[position] }).reshape(shape)
        }
    }
}

/// The second derivatives of the number `body(x)`: the shape of `x` twice.
public func hessian(at x: Tensor, createGraph: Bool = false, _ body: (Tensor) -> Tensor) -> Tensor {
    hessian(at: [x], createGraph: createGraph) { body($0[0]) }[0][0]
}

/// The second derivatives of the number `body(inputs)`, by each input and then by each.
public func hessian(
    at inputs: [Tensor], createGraph: Bool = false, _ body: ([Tensor]) -> Tensor
) -> [[Tensor]] {
    inputs.indices.map { position in
        jacobian(at: inputs, createGraph: createGraph) { leaves in
            gradientsOfNumber(of: body, at: leaves, createGraph: true)[position]
        }
    }
}

/// `body(x)`, and the gradient of `x` for the gradient `v` of the result: the product of `v` with the Jacobian.
public func vjp(at x: Tensor, _ v: Tensor? = nil, _ body: (Tensor) -> Tensor) -> (output: Tensor, gradient: Tensor) {
    enableGrad {
        let leaf = x.leaf(createGraph: false)
        let y = body(leaf)
        return (y.detach(), grad(of: y, wrt: leaf, gradient: v))
    }
}

/// `body(x)`, and how it moves when `x` moves in the direction `v`: the product of the Jacobian with `v`.
///
/// Computed as the derivative of the other product by its weights, so it takes two walks over the tape.
public func jvp(at x: Tensor, _ v: Tensor, _ body: (Tensor) -> Tensor) -> (output: Tensor, tangent: Tensor) {
    enableGrad {
        let leaf = x.leaf(createGraph: false)
        let y = body(leaf)
        let weights = Tensor.zeros(like: y).requiringGrad()
        let gradient = grad(of: y, wrt: leaf, gradient: weights, createGraph: true)
        return (y.detach(), grad(of: gradient, wrt: weights, gradient: v).detach())
    }
}

/// The number `body(x)`, and the product of its second derivatives with `v`, of the shape of `x`.
public func hvp(at x: Tensor, _ v: Tensor, _ body: (Tensor) -> Tensor) -> (output: Tensor, product: Tensor) {
    enableGrad {
        let leaf = x.leaf(createGraph: false)
        let y = body(leaf)
        let gradient = grad(of: y, wrt: leaf, createGraph: true)
        // A function that is linear has no second derivative, and its gradient no tape.
        guard gradient.requiresGrad else { return (y.detach(), Tensor.zeros(like: x)) }
        return (y.detach(), grad(of: gradient, wrt: leaf, gradient: v).detach())
    }
}

private func gradientsOfNumber(of body: ([Tensor]) -> Tensor, at leaves: [Tensor], createGraph: Bool) -> [Tensor] {
    let y = body(leaves)
    guard y.count == 1 else {
        stop("hessian", [y.spec], "a function to one number is expected; it gave \(y.shape)")
        return leaves.map { Tensor.zeros(like: $0) }
    }
    return grad(of: [y.reshape([])], wrt: leaves, createGraph: createGraph)
}

extension Tensor {
    /// What a derivative is taken by: this very tensor where the outcome is to be differentiated further.
    fileprivate func leaf(createGraph: Bool) -> Tensor {
        createGraph && requiresGrad ? self : detach().requiringGrad()
    }
}
