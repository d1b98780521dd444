import HearthTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Options of ASGD.
public struct ASGDOptions: UpdateOptions {
    /// The learning rate.
    public var lr: Double
    /// How fast weights and learning rate fall.
    public var lambd: Double
    /// The power by which the learning rate falls.
    public var alpha: Double
    /// The step after which averaging starts.
    public var t0: Double
    /// The factor of the L2 penalty.
    public var weightDecay: Double
    /// True to climb instead of descending.
    public var maximize: Bool

    /// Options with PyTorch's defaults.
    public init(
        lr: Double = 1e-2, lambd: Double = 1e-4, alpha: Double = 0.75, t0: Double = 1e6, weightDecay: Double = 0,
        maximize: Bool = false
    ) {
        self.lr = lr
        self.lambd = lambd
        self.alpha = alpha
        self.t0 = t0
        self.weightDecay = weightDecay
        self.maximize = maximize
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("lambd", \.lambd),
        .init("alpha", \.alpha),
        .init("t0", \.t0),
        .init("weight_decay", \.weightDecay, .notNegative),
        .init("maximize", \.maximize),
    ]

    /// PyTorch's names of what is kept.
    public var stateNames: [String] { ["ax"] }

    /// The learning rate and the weight of the parameter in the average, both of the next step.
    public var scalarNames: [String] { ["eta", "mu"] }

    /// The learning rate at the start; an average of one value.
    public var initialScalars: [Float] { [Float(lr), 1] }

    /// The rule of step number `step`.
    public func rule(step: Int, scalars: inout [Float]) -> UpdateRule {
        let rule = UpdateRule.asgd(
            rate: Double(scalars[0]), shrink: 1 - lambd * Double(scalars[0]), weightDecay: weightDecay,
            weight: Double(scalars[1]))
        let time = Double(step)
        scalars = [Float(lr / pow(1 + lambd * lr * time, alpha)), Float(1 / max(1, time - t0))]
        return rule
    }
}

/// Stochastic gradient descent that averages its way, in `state` under `ax`. PyTorch's `optim.ASGD`.
///
/// Source: Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992.
public final class ASGD: FusedOptimizer<ASGDOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 1e-2, lambd: Double = 1e-4, alpha: Double = 0.75, t0: Double = 1e6,
        weightDecay: Double = 0, maximize: Bool = false
    ) {
        let options = ASGDOptions(
            lr: lr, lambd: lambd, alpha: alpha, t0: t0, weightDecay: weightDecay, maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}
