import HearthTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Options of `SparseAdam`.
public struct SparseAdamOptions: GroupOptions {
    /// The learning rate.
    public var lr: Double
    /// How much of the averages of the gradient and of its square stays at each step.
    public var betas: (Double, Double)
    /// Added to the root of the second moment.
    public var eps: Double
    /// True to climb instead of descending.
    public var maximize: Bool

    /// Options with PyTorch's defaults.
    public init(
        lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8, maximize: Bool = false
    ) {
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.maximize = maximize
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("betas", \.betas, .fraction),
        .init("eps", \.eps, .notNegative),
        .init("maximize", \.maximize),
    ]

    /// The first and the second moment.
    public func stateNames(for shape: Shape) -> [String] { ["exp_avg", "exp_avg_sq"] }
}

/// Adam for embeddings: a row of a table, and its moments, change only in steps in which the row's gradient is not 0.
/// PyTorch's `optim.SparseAdam`, which goes by the rows that a sparse gradient names; gradients are dense here, so a
/// row that was looked up and whose gradient is exactly 0 counts as one that was not.
public final class SparseAdam: GroupOptimizer<SparseAdamOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8,
        maximize: Bool = false
    ) {
        let options = SparseAdamOptions(lr: lr, betas: betas, eps: eps, maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }

    /// One step by the formula that stands at the type.
    public override func update(
        _ parameters: [Parameter], _ gradients: [Tensor], state: inout [[Tensor]], _ progress: inout Progress,
        _ options: SparseAdamOptions
    ) {
        let (beta1, beta2) = options.betas
        let step = Double(progress.step)
        let rate = options.lr * (1 - pow(beta2, step)).squareRoot() / (1 - pow(beta1, step))
        noGrad {
            for index in parameters.indices where parameters[index].count > 0 {
                let table = parameters[index].tensor.detach()
                let gradient = gradients[index]
                let isTouched = (gradient.reshape([gradient.atLeast1d().shape[0], -1]) != 0).any(dim: 1)
                let rows = isTouched.nonzero().reshape([-1])
                if rows.count == 0 { continue }
                let g = gradient.indexSelect(0, rows)
                let first = state[index][0].indexSelect(0, rows).lerp(g, weight: 1 - beta1)
                let second = state[index][1].indexSelect(0, rows).lerp(g.square(), weight: 1 - beta2)
                state[index][0] = state[index][0].indexCopy(0, rows, first)
                state[index][1] = state[index][1].indexCopy(0, rows, second)
                parameters[index].tensor = table.indexAdd(0, rows, first / (second.sqrt() + options.eps), alpha: -rate)
            }
        }
    }
}
