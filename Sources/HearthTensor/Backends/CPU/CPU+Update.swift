import CKernels

extension CPU {
    package func step(_ rule: UpdateRule, _ parameters: [Tensor], _ gradients: [Tensor], state: [[Tensor]]) {
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
        default: preconditionFailure("the rule of the step lets float32 and float64 pass alone")
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
        case .adadelta(let numbers): hk_adadelta_f32(n, numbers, p, g, buffer(0), buffer(1))
        case .adamax(let numbers): hk_adamax_f32(n, numbers, p, g, buffer(0), buffer(1))
        case .nadam(let numbers): hk_nadam_f32(n, numbers, p, g, buffer(0), buffer(1))
        case .radam(let numbers): hk_radam_f32(n, numbers, p, g, buffer(0), buffer(1))
        case .rprop(let numbers): hk_rprop_f32(n, numbers, p, g, buffer(0), buffer(1))
        case .asgd(let numbers): hk_asgd_f32(n, numbers, p, g, buffer(0))
        case .lion(let numbers): hk_lion_f32(n, numbers, p, g, buffer(0))
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
        case .adadelta(let numbers): hk_adadelta_f64(n, numbers, p, g, buffer(0), buffer(1))
        case .adamax(let numbers): hk_adamax_f64(n, numbers, p, g, buffer(0), buffer(1))
        case .nadam(let numbers): hk_nadam_f64(n, numbers, p, g, buffer(0), buffer(1))
        case .radam(let numbers): hk_radam_f64(n, numbers, p, g, buffer(0), buffer(1))
        case .rprop(let numbers): hk_rprop_f64(n, numbers, p, g, buffer(0), buffer(1))
        case .asgd(let numbers): hk_asgd_f64(n, numbers, p, g, buffer(0))
        case .lion(let numbers): hk_lion_f64(n, numbers, p, g, buffer(0))
        }
    }
}
