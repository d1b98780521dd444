import HearthTensor

/// Options of Adamax.
public struct AdamaxOptions: UpdateOptions {
    /// The learning rate.
    public var lr: Double
    /// How slowly the average of the gradient and its largest magnitude forget.
    public var betas: (Double, Double)
    /// Added to the magnitude of the gradient.
    public var eps: Double
    /// The factor of the L2 penalty.
    public var weightDecay: Double
    /// True to climb instead of descending.
    public var maximize: Bool

    /// Options with PyTorch's defaults.
    public init(
        lr: Double = 2e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, weightDecay: Double = 0,
        maximize: Bool = false
    ) {
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.weightDecay = weightDecay
        self.maximize = maximize
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("betas", \.betas, .fraction),
        .init("eps", \.eps, .notNegative),
        .init("weight_decay", \.weightDecay, .notNegative),
        .init("maximize", \.maximize),
    ]

    /// PyTorch's names of what is kept.
    public var stateNames: [String] { ["exp_avg", "exp_inf"] }

    /// The rule of step number `step`.
    public func rule(step: Int, scalars: inout [Float]) -> UpdateRule {
        .adamax(
            rate: lr, beta1: betas.0, beta2: betas.1, epsilon: eps, weightDecay: weightDecay, step: step)
    }
}

/// Adam with the largest gradient, as it fades, in place of the root of the mean square. PyTorch's `optim.Adamax`.
///
/// Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2014 (<https://arxiv.org/abs/1412.6980>).
public final class Adamax: FusedOptimizer<AdamaxOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 2e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8,
        weightDecay: Double = 0, maximize: Bool = false
    ) {
        let options = AdamaxOptions(lr: lr, betas: betas, eps: eps, weightDecay: weightDecay, maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}
