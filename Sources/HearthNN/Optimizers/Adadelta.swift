import HearthTensor

/// Options of Adadelta.
public struct AdadeltaOptions: UpdateOptions {
    /// The learning rate.
    public var lr: Double
    /// How slowly the averages of squares forget.
    public var rho: Double
    /// Added under both roots.
    public var eps: Double
    /// The factor of the L2 penalty.
    public var weightDecay: Double
    /// True to climb instead of descending.
    public var maximize: Bool

    /// Options with PyTorch's defaults.
    public init(lr: Double = 1, rho: Double = 0.9, eps: Double = 1e-6, weightDecay: Double = 0, maximize: Bool = false)
    {
        self.lr = lr
        self.rho = rho
        self.eps = eps
        self.weightDecay = weightDecay
        self.maximize = maximize
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("rho", \.rho, .share),
        .init("eps", \.eps, .notNegative),
        .init("weight_decay", \.weightDecay, .notNegative),
        .init("maximize", \.maximize),
    ]

    /// PyTorch's names of what is kept.
    public var stateNames: [String] { ["square_avg", "acc_delta"] }

    /// The rule of step number `step`.
    public func rule(step: Int, scalars: inout [Float]) -> UpdateRule {
        .adadelta(rate: lr, rho: rho, epsilon: eps, weightDecay: weightDecay)
    }
}

/// Steps as long as the root of the mean square of the last steps, relative to that of the gradients. PyTorch's
/// `optim.Adadelta`.
///
/// Source: Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012 (<https://arxiv.org/abs/1212.5701>).
public final class Adadelta: FusedOptimizer<AdadeltaOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 1, rho: Double = 0.9, eps: Double = 1e-6, weightDecay: Double = 0,
        maximize: Bool = false
    ) {
        let options = AdadeltaOptions(lr: lr, rho: rho, eps: eps, weightDecay: weightDecay, maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}
