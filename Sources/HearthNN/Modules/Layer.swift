import HearthTensor

/// A module that maps one tensor to one: what `Sequential` is made of and `Trainer` trains.
///
/// It implements `forward` and is called like a function, `layer(x)`, which also runs the forward hooks.
public protocol Layer: Module {
    /// Computes the result for `x`.
    func forward(_ x: Tensor) -> Tensor
}

extension Layer {
    /// Computes the result for `x` and lets the forward hooks see it.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let y = forward(x)
        if !forwardHooks.isEmpty { for hook in forwardHooks { hook.body(self, x, y) } }
        return y
    }
}

extension Module {
    /// Calls `body` with the layer, its input and its result after each time that this layer is called. The number
    /// that is returned removes it again. PyTorch's `register_forward_hook`.
    @discardableResult
    public func registerForwardHook(_ body: @escaping (Module, Tensor, Tensor) -> Void) -> Int {
        let id = (forwardHooks.last?.id ?? 0) + 1
        forwardHooks.append(ForwardHook(id: id, body: body))
        return id
    }

    /// Takes a forward hook out.
    public func removeForwardHook(_ id: Int) { forwardHooks.removeAll { $0.id == id } }
}
