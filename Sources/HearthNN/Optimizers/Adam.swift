import HearthTensor

/// Options of Adam and AdamW.
public struct AdamOptions: UpdateOptions {
    /// The learning rate.
    public var lr: Double
    /// How slowly the averages of the gradient and of its square forget.
    public var betas: (Double, Double)
    /// Added to the divisor.
    public var eps: Double
    /// The factor of the L2 penalty, or of the decay of the weights themselves.
    public var weightDecay: Double
    /// Divides by the largest average so far (<https://arxiv.org/abs/1904.09237>).
    public var amsgrad: Bool
    /// True to climb instead of descending.
    public var maximize: Bool
    /// Decays the weights themselves instead of adding a penalty to the gradient: AdamW.
    public var decoupledWeightDecay: Bool

    /// Options with PyTorch's defaults for Adam.
    public init(
        lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, weightDecay: Double = 0,
        amsgrad: Bool = false, maximize: Bool = false, decoupledWeightDecay: Bool = false
    ) {
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.weightDecay = weightDecay
        self.amsgrad = amsgrad
        self.maximize = maximize
        self.decoupledWeightDecay = decoupledWeightDecay
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("betas", \.betas, .fraction),
        .init("eps", \.eps, .notNegative),
        .init("weight_decay", \.weightDecay, .notNegative),
        .init("amsgrad", \.amsgrad),
        .init("maximize", \.maximize),
        .init("decoupled_weight_decay", \.decoupledWeightDecay),
    ]

    /// PyTorch's names of what is kept.
    public var stateNames: [String] { ["exp_avg", "exp_avg_sq"] + (amsgrad ? ["max_exp_avg_sq"] : []) }

    /// The rule of step number `step`.
    public func rule(step: Int, scalars: inout [Float]) -> UpdateRule {
        .adam(
            rate: lr, beta1: betas.0, beta2: betas.1, epsilon: eps, weightDecay: weightDecay,
            decoupled: decoupledWeightDecay, amsgrad: amsgrad, step: step)
    }
}

/// Adaptive moment estimation. PyTorch's `optim.Adam`.
///
/// Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2014 (<https://arxiv.org/abs/1412.6980>).
public final class Adam: FusedOptimizer<AdamOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8,
        weightDecay: Double = 0, amsgrad: Bool = false, maximize: Bool = false, decoupledWeightDecay: Bool = false
    ) {
        let options = AdamOptions(
            lr: lr, betas: betas, eps: eps, weightDecay: weightDecay, amsgrad: amsgrad, maximize: maximize,
            decoupledWeightDecay: decoupledWeightDecay)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}

/// Adam with weight decay apart from the gradient. PyTorch's `optim.AdamW`.
///
/// Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2017
/// (<https://arxiv.org/abs/1711.05101>).
public final class AdamW: FusedOptimizer<AdamOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8,
        weightDecay: Double = 1e-2, amsgrad: Bool = false, maximize: Bool = false
    ) {
        let options = AdamOptions(
            lr: lr, betas: betas, eps: eps, weightDecay: weightDecay, amsgrad: amsgrad, maximize: maximize,
            decoupledWeightDecay: true)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}
