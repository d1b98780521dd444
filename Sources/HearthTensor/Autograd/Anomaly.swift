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
    let result = try withWatch(\.anomaly_scope, scope, body)
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

    /// True when no operand of an operation holds a NaN yet.
    func isClean(_ x: Operands) -> Bool { found == nil && !isLooking && looking { !x.contains(where: hasNaN) } }

    /// Notes an operation that has made a NaN from operands without one.
    func look(at results: [Tensor], _ operation: String, _ x: Operands) {
        guard looking({ results.contains(where: hasNaN) }) else { return }
        found = AnomalyError(
            operation: backwardOf ?? operation, isBackward: backwardOf != nil, operands: x.map(\.spec))
    }

    /// Runs a search without watching the operations that it is made of.
    private func looking(_ search: () -> Bool) -> Bool {
        isLooking = true
        defer { isLooking = false }
        return search()
    }

    private func hasNaN(_ x: Tensor) -> Bool {
        x.dtype.isFloatingPoint && x.hasElements && noGrad { x.isNaN().any().item(as: Bool.self) }
    }
}
