import HearthTensor

/// Options of Lion.
public struct LionOptions: UpdateOptions {
    /// The learning rate.
    public var lr: Double
    /// How much of the average goes into the step, and how slowly the average forgets.
    public var betas: (Double, Double)
    /// How fast the weights themselves decay.
    public var weightDecay: Double
    /// True to climb instead of descending.
    public var maximize: Bool

    /// Options with the paper's defaults.
    public init(
        lr: Double = 1e-4, betas: (Double, Double) = (0.9, 0.99), weightDecay: Double = 0, maximize: Bool = false
    ) {
        self.lr = lr
        self.betas = betas
        self.weightDecay = weightDecay
        self.maximize = maximize
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("betas", \.betas, .fraction),
        .init("weight_decay", \.weightDecay, .notNegative),
        .init("maximize", \.maximize),
    ]

    /// PyTorch's names of what is kept.
    public var stateNames: [String] { ["exp_avg"] }

    /// The rule of step number `step`.
    public func rule(step: Int, scalars: inout [Float]) -> UpdateRule {
        .lion(rate: lr, beta1: betas.0, beta2: betas.1, weightDecay: weightDecay)
    }
}

/// Steps by the sign of the gradient's average: half the memory of Adam. It needs a learning rate 3 to 10 times
/// smaller and a weight decay as much larger. PyTorch has none; the names of its state follow Adam's.
///
/// Source: Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023 (<https://arxiv.org/abs/2302.06675>).
public final class Lion: FusedOptimizer<LionOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 1e-4, betas: (Double, Double) = (0.9, 0.99), weightDecay: Double = 0,
        maximize: Bool = false
    ) {
        let options = LionOptions(lr: lr, betas: betas, weightDecay: weightDecay, maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}
