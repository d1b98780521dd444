import CKernels

/// Runs an operation: the one door through which every computation passes.
///
/// Checks that the operands fit and are together, computes where they are (on `meta` there is nothing to compute), and
/// records the step on the tape when an operand wants a gradient and the thread is not inside `noGrad`. Stops the
/// program with the operation, the shapes and the rule when operands do not fit; inside `checkShapes` that is thrown
/// instead.
public func apply(_ operation: some TensorOperation, to x: Tensor) -> Tensor { run(operation, Operands(x)) }

/// Runs an operation on two tensors. See `apply(_:to:)`.
public func apply(_ operation: some TensorOperation, to x: Tensor, _ y: Tensor) -> Tensor {
    run(operation, Operands(x, y))
}

/// Runs an operation on three tensors. See `apply(_:to:)`.
public func apply(_ operation: some TensorOperation, to x: Tensor, _ y: Tensor, _ z: Tensor) -> Tensor {
    run(operation, Operands(x, y, z))
}

/// Runs an operation on any number of tensors, at least one. See `apply(_:to:)`.
public func apply(_ operation: some TensorOperation, to x: [Tensor]) -> Tensor { run(operation, Operands(x)) }

/// Runs a source: an operation without operands, whose tensor is made on a device.
public func apply(_ source: some TensorOperation, on device: Device) -> Tensor { run(source, Operands(on: device)) }

@inline(__always)
private func run<O: TensorOperation>(_ operation: O, _ x: Operands) -> Tensor {
    let thread = hk_thread()!
    if thread.pointee.watched || x.device == .several { return runWatched(operation, x) }
    let result: Spec
    do { result = try operation.result(of: x) } catch { misfit(error, operation, x) }
    return compute(operation, x, result, thread)
}

@inline(__always)
private func compute<O: TensorOperation>(
    _ operation: O, _ x: Operands, _ result: Spec, _ thread: UnsafeMutablePointer<hk_thread_state>
) -> Tensor {
    if x.device == .meta { return operation.resultOnMeta(x, result) }
    guard !thread.pointee.gradient_off, x.needsGradient, result.dtype.isFloatingPoint else {
        // Operations made of operations must not record when the caller does not.
        var nothing = Kept(isWanted: false)
        return operation.run(x, result, keeping: &nothing)
    }
    var kept = Kept()
    thread.pointee.gradient_off = true
    var y = operation.run(x, result, keeping: &kept)
    thread.pointee.gradient_off = false
    if y.body.node != nil || x.holds(y) { y = y.view(y.layout) }
    y.body.record(OperationNode(operation, x, kept, y))
    return y
}

/// Writes the result of an operation over operands that the caller alone can see: what `x += y`, `x[0] = y` and an
/// optimizer's step do. Nothing is recorded; on `meta` there is nothing to write.
func applyInPlace(_ operation: some InPlaceOperation, _ x: Operands) {
    if hk_thread().pointee.watched || x.device == .several { return overwriteWatched(operation, x) }
    do { _ = try operation.result(of: x) } catch { misfit(error, operation, x) }
    if x.device != .meta { operation.overwrite(x) }
}

@inline(never)
private func misfit(_ error: ShapeError, _ operation: any TensorOperation, _ x: Operands) -> Never {
    endProgram(error.named(operation.label, on: x.map(\.spec)))
}

// MARK: Under watch

// Slow, and seldom run: of any operation, so that it is compiled once and not for each.
@inline(never)
private func runWatched(_ operation: any TensorOperation, _ x: Operands) -> Tensor {
    guard let result = checked(operation, x) else {
        // The shape that it would have where it has one: a function that adds a dimension and calls itself would never
        // come to an end with the old shape.
        return Tensor.meta((try? operation.result(of: x)) ?? x.first?.spec ?? Spec([], .float32))
    }
    var y: Tensor?
    observed(operation, x) {
        y = computed(operation, x, result)
        return [y!]
    }
    if hk_thread().pointee.depth == 0, let trace = Trace.current { return trace.note(operation, x, y!) }
    return y!
}

@inline(never)
private func overwriteWatched(_ operation: any InPlaceOperation, _ x: Operands) {
    guard checked(operation, x) != nil else { return }
    if x.device != .meta {
        observed(operation, x) {
            operation.overwrite(x)
            return Array(x.prefix(operation.overwrittenCount))
        }
    }
    if hk_thread().pointee.depth == 0 { Trace.current?.noteOverwriting(operation, x) }
}

@inline(never)
private func computed<O: TensorOperation>(_ operation: O, _ x: Operands, _ result: Spec) -> Tensor {
    compute(operation, x, result, hk_thread())
}

/// The spec of the result; nil when operands do not fit, or something before did not.
private func checked(_ operation: any TensorOperation, _ x: Operands) -> Spec? {
    hk_thread().pointee.readEnvironment()
    // What an operation does inside itself goes on with real tensors, which its kernels may read.
    if hk_thread().pointee.depth == 0, ShapeScope.current?.hasFailed ?? false { return nil }
    if x.device == .several {
        let devices = x.map(\.device)
        let other = devices.first { $0 != devices[0] } ?? devices[0]
        stop(
            operation.label, x.map(\.spec),
            "operands must be on one device; they are on '\(devices[0])' and '\(other)'. Use to(_:) to bring them together"
        )
        return nil
    }
    do {
        return try operation.result(of: x)
    } catch {
        stop(operation.label, x.map(\.spec), error.rule)
        return nil
    }
}

/// Computes with everything looking on that this thread has asked for.
private func observed(_ operation: any TensorOperation, _ x: Operands, _ compute: () -> [Tensor]) {
    guard hk_thread().pointee.watched else {
        _ = compute()
        return
    }
    let (profile, anomalies) = (ProfileScope.current, AnomalyScope.current)
    // Shapes alone are looked at, or a program is traced: neither asks for the time.
    guard profile != nil || anomalies != nil || hk_thread().pointee.logs else {
        hk_thread().pointee.depth += 1
        _ = compute()
        hk_thread().pointee.depth -= 1
        return
    }
    let isClean = anomalies?.isClean(x) ?? true
    profile?.begin()
    let start = ContinuousClock.now
    hk_thread().pointee.depth += 1
    let results = compute()
    hk_thread().pointee.depth -= 1
    if hk_thread().pointee.logs, let y = results.first {
        OperationLog.add(operation.label, x, y, ContinuousClock.now - start)
    }
    profile?.end(operation)
    if isClean { anomalies?.look(at: results, operation.label, x) }
}

extension TensorOperation {
    /// Runs this operation through the door on any number of tensors; a source on `device`.
    package func applied(to x: [Tensor], on device: Device) -> Tensor {
        x.isEmpty ? apply(self, on: device) : apply(self, to: x)
    }
}

extension TensorOperation {
    /// Computes the result of an operation whose operands are known to fit, without the door: what a program does whose
    /// shapes were checked when it was planned. Nothing is recorded and nobody looks on.
    package func computed(_ x: [Tensor], _ result: Spec, on device: Device) -> Tensor {
        computed(x.isEmpty ? Operands(on: device) : Operands(x), result)
    }

    /// The same for operands that are together.
    package func computed(_ x: Operands, _ result: Spec) -> Tensor {
        var nothing = Kept(isWanted: false)
        return run(x, result, keeping: &nothing)
    }

    /// The same, with what the derivative will need.
    package func computedKeeping(_ x: [Tensor], _ result: Spec, on device: Device) -> (Tensor, kept: [Tensor]) {
        var kept = Kept()
        let y = run(x.isEmpty ? Operands(on: device) : Operands(x), result, keeping: &kept)
        return (y, (0..<kept.count).map { kept[$0] })
    }
}
