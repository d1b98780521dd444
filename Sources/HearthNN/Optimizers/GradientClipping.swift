import HearthTensor

/// The `p`-norm of all elements of several tensors together. PyTorch's `get_total_norm`.
public func totalNorm(_ tensors: [Tensor], p: Double = 2) -> Double {
    noGrad {
        guard !tensors.isEmpty else { return 0 }
        return Tensor.stack(tensors.map { $0.detach().norm(p: p).to(.float64) }).norm(p: p).item()
    }
}

/// Scales all gradients down so that their common `p`-norm is at most `maxNorm`. PyTorch's `clip_grad_norm_`.
///
/// - Returns: The norm before.
@discardableResult
public func clipGradNorm(_ parameters: [Parameter], maxNorm: Double, p: Double = 2) -> Double {
    let total = Total()
    // The factor depends on values, so a compiled step runs this as it is.
    Trace.effect {
        total.norm = totalNorm(parameters.compactMap(\.grad), p: p)
        clipGradients(parameters, maxNorm: maxNorm, totalNorm: total.norm)
    }
    return total.norm
}

/// A norm that is known once it was computed.
private final class Total { var norm = 0.0 }

/// Scales all gradients down so that their common `p`-norm is at most `maxNorm`, and throws when that norm is infinite
/// or NaN and `errorIfNonfinite` asks for it; then nothing was changed.
///
/// - Returns: The norm before.
@discardableResult
public func clipGradNorm(
    _ parameters: [Parameter], maxNorm: Double, p: Double = 2, errorIfNonfinite: Bool
) throws(NonfiniteGradientError) -> Double {
    let total = totalNorm(parameters.compactMap(\.grad), p: p)
    if errorIfNonfinite, !total.isFinite { throw NonfiniteGradientError(norm: total) }
    clipGradients(parameters, maxNorm: maxNorm, totalNorm: total)
    return total
}

/// Scales all gradients by `maxNorm / totalNorm` where that is less than 1. PyTorch's `clip_grads_with_norm_`.
public func clipGradients(_ parameters: [Parameter], maxNorm: Double, totalNorm: Double) {
    let factor = maxNorm / (totalNorm + 1e-6)
    // A norm of NaN gives a factor of NaN and so gradients of NaN: the error stays visible instead of looking clipped.
    guard !(factor >= 1) else { return }
    noGrad { for parameter in parameters { parameter.grad = parameter.grad.map { $0 * factor } } }
}

/// Brings every element of all gradients into `-limit ... limit`. PyTorch's `clip_grad_value_`.
public func clipGradValue(_ parameters: [Parameter], limit: Double) {
    noGrad {
        for parameter in parameters {
            parameter.grad = parameter.grad.map { $0.clamp(min: -limit, max: limit) }
        }
    }
}

/// Gradients whose norm is no number to scale by.
public struct NonfiniteGradientError: Error, Hashable, CustomStringConvertible {
    /// Infinity or NaN.
    public let norm: Double

    /// The error in words.
    public var description: String { "the norm of the gradients is \(norm); a finite one is expected" }
}
