import CKernels

/// Runs `body` without recording: nothing computed in it can be differentiated, and nothing is kept for that.
///
/// Holds for this thread and until `body` returns. PyTorch's `torch.no_grad()`.
public func noGrad<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    try withGradient(enabled: false, body)
}

/// Runs `body` with recording, also inside `noGrad`. PyTorch's `torch.enable_grad()`.
public func enableGrad<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    try withGradient(enabled: true, body)
}

/// Runs `body` with recording switched on or off. PyTorch's `torch.set_grad_enabled(mode)`.
public func withGradient<Result, Failure: Error>(
    enabled: Bool, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    let outer = hk_thread().pointee.gradient_off
    hk_thread().pointee.gradient_off = !enabled
    defer { hk_thread().pointee.gradient_off = outer }
    return try body()
}

/// True when operations on this thread are recorded. PyTorch's `torch.is_grad_enabled()`.
public var isGradEnabled: Bool { !hk_thread().pointee.gradient_off }
