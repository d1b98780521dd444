import HearthTensor

/// Options of RMSprop.
public struct RMSpropOptions: UpdateOptions {
    /// The learning rate.
    public var lr: Double
    /// How slowly the average of squares forgets.
    public var alpha: Double
    /// Added to the divisor.
    public var eps: Double
    /// The factor of the L2 penalty.
    public var weightDecay: Double
    /// How much of the last change is kept.
    public var momentum: Double
    /// Divides by the variance instead of the mean square.
    public var centered: Bool
    /// True to climb instead of descending.
    public var maximize: Bool

    /// Options with PyTorch's defaults.
    public init(
        lr: Double = 1e-2, alpha: Double = 0.99, eps: Double = 1e-8, weightDecay: Double = 0, momentum: Double = 0,
        centered: Bool = false, maximize: Bool = false
    ) {
        self.lr = lr
        self.alpha = alpha
        self.eps = eps
        self.weightDecay = weightDecay
        self.momentum = momentum
        self.centered = centered
        self.maximize = maximize
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("alpha", \.alpha, .notNegative),
        .init("eps", \.eps, .notNegative),
        .init("weight_decay", \.weightDecay, .notNegative),
        .init("momentum", \.momentum, .notNegative),
        .init("centered", \.centered),
        .init("maximize", \.maximize),
    ]

    /// PyTorch's names of what is kept.
    public var stateNames: [String] {
        ["square_avg"] + (momentum > 0 ? ["momentum_buffer"] : []) + (centered ? ["grad_avg"] : [])
    }

    /// The rule of step number `step`.
    public func rule(step: Int, scalars: inout [Float]) -> UpdateRule {
        .rmsprop(
            rate: lr, alpha: alpha, epsilon: eps, weightDecay: weightDecay, momentum: momentum, centered: centered)
    }
}

/// Divides the gradient by a running average of its magnitude. PyTorch's `optim.RMSprop`.
///
/// Source: Hinton's lecture 6e, 2012; centred by Graves (<https://arxiv.org/abs/1308.0850>).
public final class RMSprop: FusedOptimizer<RMSpropOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 1e-2, alpha: Double = 0.99, eps: Double = 1e-8,
        weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false, maximize: Bool = false
    ) {
        let options = RMSpropOptions(
            lr: lr, alpha: alpha, eps: eps, weightDecay: weightDecay, momentum: momentum, centered: centered,
            maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}
