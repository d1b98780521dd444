import CKernels

/// Runs an operation: the one door through which every computation passes.
///
/// Checks that the operands fit, computes on their device (on `meta` there is nothing to compute), and records the
/// step on the tape when an operand wants a gradient and the thread is not inside `noGrad`. Stops the program with
/// the operation, the shapes and the rule when operands do not fit; inside `checkShapes` that is thrown instead.
public func apply(_ operation: some Operation, to x: Tensor) -> Tensor { run(operation, Operands(x)) }

/// Runs an operation on two tensors. See `apply(_:to:)`.
public func apply(_ operation: some Operation, to x: Tensor, _ y: Tensor) -> Tensor { run(operation, Operands(x, y)) }

/// Runs an operation on three tensors. See `apply(_:to:)`.
public func apply(_ operation: some Operation, to x: Tensor, _ y: Tensor, _ z: Tensor) -> Tensor {
    run(operation, Operands(x, y, z))
}

/// Runs an operation on any number of tensors, at least one. See `apply(_:to:)`.
public func apply(_ operation: some Operation, to x: [Tensor]) -> Tensor { run(operation, Operands(x)) }

@inline(__always)
private func run<O: Operation>(_ operation: O, _ x: Operands) -> Tensor {
    let thread = hk_thread()!
    if thread.pointee.watched { return runWatched(operation, x, thread) }
    let result: Spec
    do { result = try operation.result(of: x) } catch { fatalError(error.message(for: operation, on: x)) }
    return compute(operation, x, result, thread)
}

@inline(__always)
private func compute<O: Operation>(
    _ operation: O, _ x: Operands, _ result: Spec, _ thread: UnsafeMutablePointer<hk_thread_state>
) -> Tensor {
    if x.device == .meta { return Tensor.meta(result) }
    var kept = Kept()
    guard !thread.pointee.gradient_off, x.needsGradient, result.dtype.isFloatingPoint else {
        // Operations made of operations must not record when the caller does not.
        return operation.run(x, result, keeping: &kept)
    }
    thread.pointee.gradient_off = true
    var y = operation.run(x, result, keeping: &kept)
    thread.pointee.gradient_off = false
    if y.body.node != nil || x.holds(y) { y = y.view(y.layout) }
    y.body.record(OperationNode(operation, x, kept, y))
    return y
}

/// The same inside `checkShapes`, where a mistake is noted instead of stopping the program, `detectAnomaly` or `profile`.
private func runWatched<O: Operation>(
    _ operation: O, _ x: Operands, _ thread: UnsafeMutablePointer<hk_thread_state>
) -> Tensor {
    let shapes = ShapeScope.current
    if let shapes, shapes.hasFailed { return Tensor.meta(x[0].spec) }
    let result: Spec
    do {
        result = try operation.result(of: x)
    } catch {
        guard let shapes else { fatalError(error.message(for: operation, on: x)) }
        shapes.note(error.named(operation, on: x))
        return Tensor.meta(x[0].spec)
    }
    let watch = ProfileScope.current
    watch?.begin()
    let y = compute(operation, x, result, thread)
    watch?.end(operation.label)
    AnomalyScope.current?.look(at: y, operation.label, x)
    return y
}
