import HearthTensor

/// Options of stochastic gradient descent.
public struct SGDOptions: UpdateOptions {
    /// The learning rate.
    public var lr: Double
    /// How much of the last change is kept.
    public var momentum: Double
    /// How much less than the whole gradient goes into the momentum.
    public var dampening: Double
    /// The factor of the L2 penalty.
    public var weightDecay: Double
    /// Looks ahead along the momentum (Nesterov, 1983).
    public var nesterov: Bool
    /// True to climb instead of descending.
    public var maximize: Bool

    /// Options with PyTorch's defaults.
    public init(
        lr: Double = 1e-3, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0,
        nesterov: Bool = false, maximize: Bool = false
    ) {
        require(
            !nesterov || (momentum > 0 && dampening == 0), "SGD", "Nesterov's method needs a momentum and no dampening")
        self.lr = lr
        self.momentum = momentum
        self.dampening = dampening
        self.weightDecay = weightDecay
        self.nesterov = nesterov
        self.maximize = maximize
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("momentum", \.momentum, .notNegative),
        .init("dampening", \.dampening),
        .init("weight_decay", \.weightDecay, .notNegative),
        .init("nesterov", \.nesterov),
        .init("maximize", \.maximize),
    ]

    /// PyTorch's names of what is kept.
    public var stateNames: [String] { momentum == 0 ? [] : ["momentum_buffer"] }

    /// The rule of step number `step`.
    public func rule(step: Int, scalars: inout [Float]) -> UpdateRule {
        .sgd(
            rate: lr, momentum: momentum, dampening: dampening, weightDecay: weightDecay, nesterov: nesterov,
            isFirst: step == 1)
    }
}

/// Stochastic gradient descent, with momentum and Nesterov's acceleration where asked for. PyTorch's `optim.SGD`.
///
/// Source: Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013.
public final class SGD: FusedOptimizer<SGDOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 1e-3, momentum: Double = 0, dampening: Double = 0,
        weightDecay: Double = 0, nesterov: Bool = false, maximize: Bool = false
    ) {
        let options = SGDOptions(
            lr: lr, momentum: momentum, dampening: dampening, weightDecay: weightDecay, nesterov: nesterov,
            maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}
