import HearthTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Options of NAdam.
public struct NAdamOptions: UpdateOptions {
    /// The learning rate.
    public var lr: Double
    /// How slowly the averages of the gradient and of its square forget.
    public var betas: (Double, Double)
    /// Added to the divisor.
    public var eps: Double
    /// The factor of the L2 penalty, or of the decay of the weights themselves.
    public var weightDecay: Double
    /// How fast the first beta rises from its half to the whole.
    public var momentumDecay: Double
    /// Decays the weights themselves instead of adding a penalty to the gradient.
    public var decoupledWeightDecay: Bool
    /// True to climb instead of descending.
    public var maximize: Bool

    /// Options with PyTorch's defaults.
    public init(
        lr: Double = 2e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, weightDecay: Double = 0,
        momentumDecay: Double = 4e-3, decoupledWeightDecay: Bool = false, maximize: Bool = false
    ) {
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.weightDecay = weightDecay
        self.momentumDecay = momentumDecay
        self.decoupledWeightDecay = decoupledWeightDecay
        self.maximize = maximize
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("betas", \.betas, .fraction),
        .init("eps", \.eps, .notNegative),
        .init("weight_decay", \.weightDecay, .notNegative),
        .init("momentum_decay", \.momentumDecay, .notNegative),
        .init("decoupled_weight_decay", \.decoupledWeightDecay),
        .init("maximize", \.maximize),
    ]

    /// PyTorch's names of what is kept.
    public var stateNames: [String] { ["exp_avg", "exp_avg_sq"] }

    /// The product of all momenta.
    public var scalarNames: [String] { ["mu_product"] }

    /// 1.
    public var initialScalars: [Float] { [1] }

    /// The rule of step number `step`.
    public func rule(step: Int, scalars: inout [Float]) -> UpdateRule {
        // The number that is kept is the product of all momenta so far.
        let (now, next) = (momentum(at: step), momentum(at: step + 1))
        scalars[0] *= Float(now)
        let product = Double(scalars[0])
        return .nadam(
            gradientRate: lr * (1 - now) / (1 - product), averageRate: lr * next / (1 - product * next),
            beta1: betas.0, beta2: betas.1, epsilon: eps, weightDecay: decoupledWeightDecay ? 0 : weightDecay,
            shrink: decoupledWeightDecay ? 1 - lr * weightDecay : 1, step: step)
    }

    private func momentum(at step: Int) -> Double {
        betas.0 * (1 - 0.5 * pow(0.96, Double(step) * momentumDecay))
    }
}

/// Adam that looks ahead along its momentum. PyTorch's `optim.NAdam`.
///
/// Source: Dozat, "Incorporating Nesterov Momentum into Adam", 2016.
public final class NAdam: FusedOptimizer<NAdamOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 2e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8,
        weightDecay: Double = 0, momentumDecay: Double = 4e-3, decoupledWeightDecay: Bool = false,
        maximize: Bool = false
    ) {
        let options = NAdamOptions(
            lr: lr, betas: betas, eps: eps, weightDecay: weightDecay, momentumDecay: momentumDecay,
            decoupledWeightDecay: decoupledWeightDecay, maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}
