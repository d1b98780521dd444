import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension UpdateRule {
    /// A rule as the kernels take it, with the place of each optional buffer in the state.
    enum Kernel {
        case sgd(hk_sgd, momentum: Int?)
        case adam(hk_adam, largest: Int?)
        case rmsprop(hk_rmsprop, momentum: Int?, mean: Int?)
        case adagrad(hk_adagrad)
        case adadelta(hk_adadelta)
        case adamax(hk_adamax)
        case nadam(hk_nadam)
        case radam(hk_radam)
        case rprop(hk_rprop)
        case asgd(hk_asgd)
        case lion(hk_lion)
    }

    var kernel: Kernel {
        switch self {
        case .sgd(let rate, let momentum, let dampening, let weightDecay, let nesterov, let isFirst):
            .sgd(
                hk_sgd(
                    rate: rate, momentum: momentum, dampening: dampening, weight_decay: weightDecay,
                    nesterov: nesterov ? 1 : 0, is_first: isFirst ? 1 : 0), momentum: momentum == 0 ? nil : 0)
        case .adam(
            let rate, let beta1, let beta2, let epsilon, let weightDecay, let decoupled, let amsgrad, let step):
            .adam(
                hk_adam(
                    rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weight_decay: weightDecay,
                    correction1: 1 - pow(beta1, Double(step)),
                    correction2_root: (1 - pow(beta2, Double(step))).squareRoot(), decoupled: decoupled ? 1 : 0),
                largest: amsgrad ? 2 : nil)
        case .rmsprop(let rate, let alpha, let epsilon, let weightDecay, let momentum, let centered):
            .rmsprop(
                hk_rmsprop(rate: rate, alpha: alpha, epsilon: epsilon, weight_decay: weightDecay, momentum: momentum),
                momentum: momentum == 0 ? nil : 1, mean: centered ? (momentum == 0 ? 1 : 2) : nil)
        case .adagrad(let rate, let epsilon, let weightDecay):
            .adagrad(hk_adagrad(rate: rate, epsilon: epsilon, weight_decay: weightDecay))
        case .adadelta(let rate, let rho, let epsilon, let weightDecay):
            .adadelta(hk_adadelta(rate: rate, rho: rho, epsilon: epsilon, weight_decay: weightDecay))
        case .adamax(let rate, let beta1, let beta2, let epsilon, let weightDecay, let step):
            .adamax(
                hk_adamax(
                    rate: rate / (1 - pow(beta1, Double(step))), beta1: beta1, beta2: beta2, epsilon: epsilon,
                    weight_decay: weightDecay))
        case .nadam(
            let gradientRate, let averageRate, let beta1, let beta2, let epsilon, let weightDecay, let shrink,
            let step):
            .nadam(
                hk_nadam(
                    gradient_rate: gradientRate, average_rate: averageRate, beta1: beta1, beta2: beta2,
                    correction2: 1 - pow(beta2, Double(step)), epsilon: epsilon, weight_decay: weightDecay,
                    shrink: shrink))
        case .radam(let rate, let beta1, let beta2, let epsilon, let weightDecay, let decoupled, let step):
            .radam(
                hk_radam(
                    rate: rate / (1 - pow(beta1, Double(step))) * (Self.rectification(beta2, step) ?? 1),
                    beta1: beta1, beta2: beta2, epsilon: epsilon, weight_decay: decoupled ? 0 : weightDecay,
                    shrink: decoupled ? 1 - rate * weightDecay : 1,
                    adaptive: Self.rectification(beta2, step) == nil ? 0 : 1))
        case .rprop(let shrink, let grow, let smallest, let largest):
            .rprop(hk_rprop(shrink: shrink, grow: grow, smallest: smallest, largest: largest))
        case .asgd(let rate, let shrink, let weightDecay, let weight):
            .asgd(hk_asgd(rate: rate, shrink: shrink, weight_decay: weightDecay, weight: weight))
        case .lion(let rate, let beta1, let beta2, let weightDecay):
            .lion(hk_lion(rate: rate, beta1: beta1, beta2: beta2, shrink: 1 - rate * weightDecay))
        }
    }

    /// By how much RAdam trusts the second moment after `step` steps, times the correction of its bias; nil while it
    /// does not at all.
    private static func rectification(_ beta2: Double, _ step: Int) -> Double? {
        let correction = 1 - pow(beta2, Double(step))
        let limit = 2 / (1 - beta2) - 1
        let length = limit - 2 * Double(step) * (1 - correction) / correction
        guard length > 5 else { return nil }
        let variance = (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)
        return variance.squareRoot() * correction.squareRoot()
    }
}
