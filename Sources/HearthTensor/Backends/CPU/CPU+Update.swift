import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension CPU {
    func step(_ rule: UpdateRule, _ parameters: [Tensor], _ gradients: [Tensor], state: [[Tensor]]) {
        let starts = parameters.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        // All parameters are one range of elements, which threads share out evenly, whatever each tensor's size.
        Team.shared.parallel(starts[parameters.count], grain: Self.grain / 2) { range in
            var index = starts.firstIndex { $0 > range.lowerBound }.unsafelyUnwrapped - 1
            while index < parameters.count, starts[index] < range.upperBound {
                let first = max(range.lowerBound - starts[index], 0)
                let end = min(range.upperBound, starts[index + 1]) - starts[index]
                if first < end {
                    Self.update(rule, parameters[index], gradients[index], state[index], first..<end)
                }
                index += 1
            }
        }
    }

    private static func update(
        _ rule: UpdateRule, _ parameter: Tensor, _ gradient: Tensor, _ state: [Tensor], _ range: Range<Int>
    ) {
        switch parameter.dtype {
        case .float32: updateFloat(rule, parameter, gradient, state, range)
        case .float64: updateDouble(rule, parameter, gradient, state, range)
        default: fatalError("optimizer step: parameters are float32 or float64; got \(parameter.dtype)")
        }
    }

    private static func updateFloat(
        _ rule: UpdateRule, _ parameter: Tensor, _ gradient: Tensor, _ state: [Tensor], _ range: Range<Int>
    ) {
        let (n, p, g) = (Int64(range.count), parameter.floats + range.lowerBound, gradient.floats + range.lowerBound)
        func buffer(_ index: Int?) -> UnsafeMutablePointer<Float>? { index.map { state[$0].floats + range.lowerBound } }
        switch rule.kernel {
        case .sgd(let numbers, let momentum): hk_sgd_f32(n, numbers, p, g, buffer(momentum))
        case .adam(let numbers, let largest): hk_adam_f32(n, numbers, p, g, buffer(0), buffer(1), buffer(largest))
        case .rmsprop(let numbers, let momentum, let mean):
            hk_rmsprop_f32(n, numbers, p, g, buffer(0), buffer(momentum), buffer(mean))
        case .adagrad(let numbers): hk_adagrad_f32(n, numbers, p, g, buffer(0))
        }
    }

    private static func updateDouble(
        _ rule: UpdateRule, _ parameter: Tensor, _ gradient: Tensor, _ state: [Tensor], _ range: Range<Int>
    ) {
        let (n, p, g) = (Int64(range.count), parameter.doubles + range.lowerBound, gradient.doubles + range.lowerBound)
        func buffer(_ index: Int?) -> UnsafeMutablePointer<Double>? {
            index.map { state[$0].doubles + range.lowerBound }
        }
        switch rule.kernel {
        case .sgd(let numbers, let momentum): hk_sgd_f64(n, numbers, p, g, buffer(momentum))
        case .adam(let numbers, let largest): hk_adam_f64(n, numbers, p, g, buffer(0), buffer(1), buffer(largest))
        case .rmsprop(let numbers, let momentum, let mean):
            hk_rmsprop_f64(n, numbers, p, g, buffer(0), buffer(momentum), buffer(mean))
        case .adagrad(let numbers): hk_adagrad_f64(n, numbers, p, g, buffer(0))
        }
    }
}

extension UpdateRule {
    /// A rule as the kernels take it, with the place of each optional buffer in the state.
    fileprivate enum Kernel {
        case sgd(hk_sgd, momentum: Int?)
        case adam(hk_adam, largest: Int?)
        case rmsprop(hk_rmsprop, momentum: Int?, mean: Int?)
        case adagrad(hk_adagrad)
    }

    fileprivate var kernel: Kernel {
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
        }
    }
}
