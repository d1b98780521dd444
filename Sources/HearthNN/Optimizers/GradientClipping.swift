import HearthTensor

/// Scales all gradients down so that their common `p`-norm is at most `maxNorm`. PyTorch's `clip_grad_norm_`.
///
/// - Returns: The norm before.
@discardableResult
public func clipGradNorm(_ parameters: [Parameter], maxNorm: Double, p: Double = 2) -> Double {
    noGrad {
        let gradients = parameters.compactMap(\.grad)
        guard !gradients.isEmpty else { return 0 }
        let norms = Tensor.stack(gradients.map { $0.norm(p: p).to(.float32) })
        let total = norms.norm(p: p).item()
        let factor = maxNorm / (total + 1e-6)
        if factor < 1 { for parameter in parameters { parameter.grad = parameter.grad.map { $0 * factor } } }
        return total
    }
}

/// Brings every element of all gradients into `-limit ... limit`. PyTorch's `clip_grad_value_`.
public func clipGradValue(_ parameters: [Parameter], limit: Double) {
    noGrad {
        for parameter in parameters {
            parameter.grad = parameter.grad.map { $0.clamp(min: -limit, max: limit) }
        }
    }
}
