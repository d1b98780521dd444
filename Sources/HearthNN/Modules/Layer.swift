import HearthTensor

/// A module that maps one tensor to one: what `Sequential` is made of and `Trainer` trains.
///
///     final class Classifier: Module, Layer {
///         let hidden = Linear(784, 128), output = Linear(128, 10)
///         func forward(_ x: Tensor) -> Tensor { output(hidden(x).relu()) }
///     }
///
/// It has `forward`, as in PyTorch, and is called like a function, `layer(x)`, which also runs the forward hooks. A
/// layer may have a `callAsFunction(_ x: Tensor) -> Tensor` of its own instead. That is enough for `Sequential`,
/// `Trainer` and `summary`, whose calls its hooks see; they do not see the calls that its owner writes as `layer(x)`.
public protocol Layer: Module {
    /// Computes the result for `x` and lets the forward hooks see it.
    func callAsFunction(_ x: Tensor) -> Tensor

    /// Computes the result for `x`.
    func forward(_ x: Tensor) -> Tensor
}

extension Layer {
    /// Computes the result for `x` and lets the forward hooks see it.
    public func callAsFunction(_ x: Tensor) -> Tensor { hooked(x) }

    /// Stops the program: a layer has this function or a `callAsFunction` of its own.
    public func forward(_ x: Tensor) -> Tensor {
        stop(
            "\(type(of: self))", "a layer needs forward(_ x: Tensor), or callAsFunction(_ x: Tensor) and calls of that")
        return x
    }

    /// `forward`, and then the hooks.
    func hooked(_ x: Tensor) -> Tensor {
        let y = Trace.isOn ? Trace.inside(self) { forward(x) } : forward(x)
        if !forwardHooks.isEmpty { runForwardHooks(x, y) }
        return y
    }

    /// Calls the layer so that its hooks see it, whoever wrote its `callAsFunction`.
    package func observed(_ x: Tensor) -> Tensor {
        guard !forwardHooks.isEmpty else { return self(x) }
        let before = hookedCalls
        let y = self(x)
        if hookedCalls == before { runForwardHooks(x, y) }
        return y
    }
}

/// A function that is called with a layer, its input and its result.
package struct ForwardHook {
    let id: Int
    let body: (Module, Tensor, Tensor) -> Void
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

    fileprivate func runForwardHooks(_ x: Tensor, _ y: Tensor) {
        hookedCalls += 1
        for hook in forwardHooks { hook.body(self, x, y) }
    }
}
