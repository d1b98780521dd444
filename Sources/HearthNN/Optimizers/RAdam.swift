import HearthTensor

/// Options of RAdam.
public struct RAdamOptions: UpdateOptions {
    /// The learning rate.
    public var lr: Double
    /// How slowly the averages of the gradient and of its square forget.
    public var betas: (Double, Double)
    /// Added to the divisor.
    public var eps: Double
    /// The factor of the L2 penalty, or of the decay of the weights themselves.
    public var weightDecay: Double
    /// Decays the weights themselves instead of adding a penalty to the gradient.
    public var decoupledWeightDecay: Bool
    /// True to climb instead of descending.
    public var maximize: Bool

    /// Options with PyTorch's defaults.
    public init(
        lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, weightDecay: Double = 0,
        decoupledWeightDecay: Bool = false, maximize: Bool = false
    ) {
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.weightDecay = weightDecay
        self.decoupledWeightDecay = decoupledWeightDecay
        self.maximize = maximize
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("betas", \.betas, .fraction),
        .init("eps", \.eps, .notNegative),
        .init("weight_decay", \.weightDecay, .notNegative),
        .init("decoupled_weight_decay", \.decoupledWeightDecay),
        .init("maximize", \.maximize),
    ]

    /// PyTorch's names of what is kept.
    public var stateNames: [String] { ["exp_avg", "exp_avg_sq"] }

    /// The rule of step number `step`.
    public func rule(step: Int, scalars: inout [Float]) -> UpdateRule {
        .radam(
            rate: lr, beta1: betas.0, beta2: betas.1, epsilon: eps, weightDecay: weightDecay,
            decoupled: decoupledWeightDecay, step: step)
    }
}

/// Adam that goes without the second moment until enough gradients have been seen to trust it. PyTorch's
/// `optim.RAdam`.
///
/// Source: Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond", 2019
/// (<https://arxiv.org/abs/1908.03265>).
public final class RAdam: FusedOptimizer<RAdamOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8,
        weightDecay: Double = 0, decoupledWeightDecay: Bool = false, maximize: Bool = false
    ) {
        let options = RAdamOptions(
            lr: lr, betas: betas, eps: eps, weightDecay: weightDecay, decoupledWeightDecay: decoupledWeightDecay,
            maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}
