import HearthTensor

/// Options of Rprop.
public struct RpropOptions: UpdateOptions {
    /// The length of the first step.
    public var lr: Double
    /// What a step is multiplied by after a change of sign, and after none.
    public var etas: (Double, Double)
    /// The shortest and the longest step.
    public var stepSizes: (Double, Double)
    /// True to climb instead of descending.
    public var maximize: Bool

    /// Options with PyTorch's defaults.
    public init(
        lr: Double = 1e-2, etas: (Double, Double) = (0.5, 1.2), stepSizes: (Double, Double) = (1e-6, 50),
        maximize: Bool = false
    ) {
        require(0 < etas.0 && etas.0 < 1 && etas.1 > 1, "Rprop", "etas \(etas) must be below and above 1")
        self.lr = lr
        self.etas = etas
        self.stepSizes = stepSizes
        self.maximize = maximize
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("etas", \.etas),
        .init("step_sizes", \.stepSizes),
        .init("maximize", \.maximize),
    ]

    /// PyTorch's names of what is kept.
    public var stateNames: [String] { ["prev", "step_size"] }

    /// Steps start with the learning rate.
    public func initialValue(_ name: String) -> Double { name == "step_size" ? lr : 0 }

    /// The rule of step number `step`.
    public func rule(step: Int, scalars: inout [Float]) -> UpdateRule {
        .rprop(shrink: etas.0, grow: etas.1, smallest: stepSizes.0, largest: stepSizes.1)
    }
}

/// Steps by the sign of the gradient alone, each element with a step of its own: for training on all data at once.
/// PyTorch's `optim.Rprop`.
///
/// Source: Riedmiller and Braun, "A Direct Adaptive Method for Faster Backpropagation Learning", 1993.
public final class Rprop: FusedOptimizer<RpropOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 1e-2, etas: (Double, Double) = (0.5, 1.2),
        stepSizes: (Double, Double) = (1e-6, 50), maximize: Bool = false
    ) {
        let options = RpropOptions(lr: lr, etas: etas, stepSizes: stepSizes, maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }
}
