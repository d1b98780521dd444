import CKernels

/// A result with a NaN, or with an infinite value where none was before.
public struct AnomalyError: Error, Hashable, CustomStringConvertible {
    /// The operation that made it, `log`; with `isBackward`, the operation whose derivative did.
    public let operation: String
    /// True when it was made while gradients were computed.
    public let isBackward: Bool
    /// The operands' shapes and dtypes.
    public let operands: [Spec]

    /// The error in words.
    public var description: String {
        let place = isBackward ? "the derivative of '\(operation)'" : "'\(operation)'"
        return "\(place) made the first NaN, on operands \(operands.map(\.description).joined(separator: ", "))"
    }
}

/// Runs `body` and throws an `AnomalyError` that names the operation which first made a NaN out of operands without
/// one, forward or backward. Slow: looks at every result. PyTorch's `torch.autograd.detect_anomaly()`.
@discardableResult
public func detectAnomaly<Result>(_ body: () throws -> Result) throws -> Result {
    let scope = AnomalyScope()
    let outer = hk_thread().pointee
    hk_thread().pointee.anomaly_scope = Unmanaged.passUnretained(scope).toOpaque()
    hk_thread().pointee.watched = true
    defer {
        hk_thread().pointee.anomaly_scope = outer.anomaly_scope
        hk_thread().pointee.watched = outer.watched
    }
    let result = try withExtendedLifetime(scope, body)
    if let found = scope.found { throw found }
    return result
}

/// What `detectAnomaly` has seen on this thread.
final class AnomalyScope {
    private(set) var found: AnomalyError?
    /// The operation whose derivative is being computed.
    var backwardOf: String?
    private var isLooking = false

    static var current: AnomalyScope? {
        guard hk_thread().pointee.watched else { return nil }
        return hk_thread().pointee.anomaly_scope.map {
            Unmanaged<AnomalyScope>.fromOpaque($0).takeUnretainedValue()
        }
    }

    func look(at y: Tensor, _ operation: String, _ x: Operands) {
        guard found == nil, !isLooking, y.dtype.isFloatingPoint, y.device != .meta else { return }
        isLooking = true
        defer { isLooking = false }
        guard hasNaN(y), !x.contains(where: hasNaN) else { return }
        found = AnomalyError(
            operation: backwardOf ?? operation, isBackward: backwardOf != nil, operands: x.map(\.spec))
    }

    private func hasNaN(_ x: Tensor) -> Bool {
        x.dtype.isFloatingPoint && noGrad { x.isNaN().any().item(as: Bool.self) }
    }
}
