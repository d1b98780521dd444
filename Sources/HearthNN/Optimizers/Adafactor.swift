import HearthTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Options of Adafactor.
public struct AdafactorOptions: GroupOptions {
    /// The largest relative learning rate.
    public var lr: Double
    /// The power by which the average of squares forgets more slowly with every step.
    public var beta2Decay: Double
    /// The smallest root of a mean square, by default the dtype's machine epsilon, and the smallest size that a
    /// parameter is taken to have.
    public var eps: (Double?, Double)
    /// The largest root of the mean square of a change, before the learning rate.
    public var d: Double
    /// How fast the weights themselves decay.
    public var weightDecay: Double
    /// True to climb instead of descending.
    public var maximize: Bool

    /// Options with PyTorch's defaults.
    public init(
        lr: Double = 1e-2, beta2Decay: Double = -0.8, eps: (Double?, Double) = (nil, 1e-3), d: Double = 1,
        weightDecay: Double = 0, maximize: Bool = false
    ) {
        self.lr = lr
        self.beta2Decay = beta2Decay
        self.eps = eps
        self.d = d
        self.weightDecay = weightDecay
        self.maximize = maximize
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("beta2_decay", \.beta2Decay, .notPositive),
        .init("eps", .notNegative) {
            .list([$0.eps.0.map { .number($0) } ?? .absent, .number($0.eps.1)])
        } set: {
            if let saved = $1.list, saved.count == 2 { $0.eps = (saved[0].number, saved[1].number ?? $0.eps.1) }
        },
        .init("d", \.d, .atLeastOne),
        .init("weight_decay", \.weightDecay, .notNegative),
        .init("maximize", \.maximize),
    ]

    /// The mean squares of rows and of columns; of a vector that of each element.
    public func stateNames(for shape: Shape) -> [String] { shape.count > 1 ? ["row_var", "col_var"] : ["variance"] }

    /// The parameter's, with 1 where squares are averaged.
    public func stateShape(_ name: String, for shape: Shape) -> Shape {
        var sizes = Array(shape)
        if name == "row_var", sizes.count > 1 { sizes[sizes.count - 1] = 1 }
        if name == "col_var", sizes.count > 1 { sizes[sizes.count - 2] = 1 }
        return Shape(sizes)
    }
}

/// Adam without a first moment, whose second moment is kept as one number for each row and each column. PyTorch's
/// `optim.Adafactor`.
///
/// Source: Shazeer and Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", 2018
/// (<https://arxiv.org/abs/1804.04235>).
public final class Adafactor: GroupOptimizer<AdafactorOptions> {
    /// An optimizer of all `parameters` with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 1e-2, beta2Decay: Double = -0.8,
        eps: (Double?, Double) = (nil, 1e-3), d: Double = 1, weightDecay: Double = 0, maximize: Bool = false
    ) {
        let options = AdafactorOptions(
            lr: lr, beta2Decay: beta2Decay, eps: eps, d: d, weightDecay: weightDecay, maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }

    /// One step by the formula that stands at the type.
    public override func update(
        _ parameters: [Parameter], _ gradients: [Tensor], state: inout [[Tensor]], _ progress: inout Progress,
        _ options: AdafactorOptions
    ) {
        let step = Double(progress.step)
        noGrad {
            for index in parameters.indices where parameters[index].count > 0 {
                let (parameter, gradient) = (parameters[index].tensor.detach(), gradients[index])
                let floor = options.eps.0 ?? (parameter.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne))
                let variance = Self.variance(
                    gradient, &state[index], weight: pow(step, options.beta2Decay), floor: floor)
                let change = variance.clamp(min: floor * floor).rsqrt() * gradient
                let size = max(options.eps.1, Self.rootMeanSquare(parameter))
                let rate = size * min(options.lr, 1 / step.squareRoot())
                let factor = rate / max(1, Self.rootMeanSquare(change) / options.d)
                parameters[index].tensor = parameter * (1 - options.lr * options.weightDecay) - change * factor
            }
        }
    }

    /// The mean square of each element: the product of those of its row and of its column, over their mean.
    private static func variance(_ g: Tensor, _ state: inout [Tensor], weight: Double, floor: Double) -> Tensor {
        let squares = g.square()
        guard g.rank > 1 else {
            state[0] = state[0].lerp(squares, weight: weight)
            return state[0]
        }
        state[0] = state[0].lerp(squares.mean(dim: -1, keepDim: true), weight: weight)
        state[1] = state[1].lerp(squares.mean(dim: -2, keepDim: true), weight: weight)
        return state[0].matmul(state[1]) / state[0].mean(dim: -2, keepDim: true).clamp(min: floor)
    }

    private static func rootMeanSquare(_ x: Tensor) -> Double { x.norm().item() / Double(x.count).squareRoot() }
}
