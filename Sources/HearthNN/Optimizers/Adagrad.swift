import HearthTensor

/// Options of Adagrad.
public struct AdagradOptions: UpdateOptions {
    /// The learning rate.
    public var lr: Double
    /// How fast the learning rate falls.
    public var lrDecay: Double
    /// The factor of the L2 penalty.
    public var weightDecay: Double
    /// What the sums of squares start with.
    public var initialAccumulator: Double
    /// Added to the divisor.
    public var eps: Double
    /// True to climb instead of descending.
    public var maximize: Bool

    /// Options with PyTorch's defaults.
    public init(
        lr: Double = 1e-2, lrDecay: Double = 0, weightDecay: Double = 0, initialAccumulator: Double = 0,
        eps: Double = 1e-10, maximize: Bool = false
    ) {
        self.lr = lr
        self.lrDecay = lrDecay
        self.weightDecay = weightDecay
        self.initialAccumulator = initialAccumulator
        self.eps = eps
        self.maximize = maximize
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("lr_decay", \.lrDecay, .notNegative),
        .init("weight_decay", \.weightDecay, .notNegative),
        .init("initial_accumulator_value", \.initialAccumulator, .notNegative),
        .init("eps", \.eps, .notNegative),
        .init("maximize", \.maximize),
    ]

    /// PyTorch's names of what is kept.
    public var stateNames: [String] { ["sum"] }

    /// Sums that start with `initialAccumulator`.
    public func initialValue(_ name: String) -> Double { initialAccumulator }

    /// The rule of step number `step`.
    public func rule(step: Int, scalars: inout [Float]) -> UpdateRule {
        .adagrad(rate: lr / (1 + Double(step - 1) * lrDecay), epsilon: eps, weightDecay: weightDecay)
    }
}

/// Divides the gradient by the root of the sum of all its squares. PyTorch's `optim.Adagrad`.
///
/// Source: Duchi et al., "Adaptive Subgradient Methods", 2011.
public final class Adagrad: FusedOptimizer<AdagradOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 1e-2, lrDecay: Double = 0, weightDecay: Double = 0,
        initialAccumulator: Double = 0, eps: Double = 1e-10, maximize: Bool = false
    ) {
        let options = AdagradOptions(
            lr: lr, lrDecay: lrDecay, weightDecay: weightDecay, initialAccumulator: initialAccumulator, eps: eps,
            maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}
