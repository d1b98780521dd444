extension Tensor {
    /// True when operations on this tensor are recorded: it is a leaf that asks for a gradient, or came from one.
    ///
    /// Setting it makes this value a leaf of its own, or takes it off the tape. PyTorch's `requires_grad`.
    public var requiresGrad: Bool {
        get { body.node != nil }
        set {
            guard newValue != requiresGrad else { return }
            self = newValue ? requiringGrad() : detach()
        }
    }

    /// A leaf of the same elements, whose `grad` collects gradients. PyTorch's `requires_grad_()`.
    public func requiringGrad() -> Tensor {
        guard dtype.isFloatingPoint else {
            stop("requiringGrad", [spec], "only floating-point tensors have gradients; this one is \(dtype)")
            return self
        }
        return attached(to: Node(leaf: spec))
    }

    /// True when this tensor was not computed by a recorded operation.
    public var isLeaf: Bool { body.node?.isLeaf ?? true }

    /// The gradient that `backward` has collected for this leaf, or for a result after `retainGrad()`; nil before.
    ///
    /// Setting it to nil forgets it. All copies of one leaf share it.
    public var grad: Tensor? {
        get { body.node?.gradient }
        nonmutating set {
            guard let node = body.node else {
                return stop("grad", [spec], "a tensor that does not require a gradient cannot be given one")
            }
            node.gradient = newValue
        }
    }

    /// Makes `backward` collect the gradient of this result too, in `grad`.
    public func retainGrad() {
        guard let node = body.node else {
            return stop("retainGrad", [spec], "this tensor does not require a gradient")
        }
        node.collect()
    }

    /// The same elements, off the tape: nothing is differentiated through it.
    public func detach() -> Tensor { body.node == nil ? self : attached(to: nil) }

    /// Calls `hook` with the complete gradient of this tensor in every backward walk. What the hook returns replaces
    /// the gradient; nil leaves it as it is. PyTorch's `register_hook`.
    @discardableResult
    public func registerHook(_ hook: @escaping @Sendable (Tensor) -> Tensor?) -> GradientHook {
        guard let node = body.node else {
            stop("registerHook", [spec], "this tensor does not require a gradient")
            return GradientHook(node: Node(leaf: spec), id: 0)
        }
        return GradientHook(node: node, id: node.addHook(hook))
    }
}

/// A hook on a tensor's gradient, to be removed when it is not wanted any more.
public struct GradientHook: Sendable {
    let node: Node
    let id: Int

    /// Stops calling the hook.
    public func remove() { node.removeHook(id) }
}
