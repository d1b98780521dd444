import HearthTensor

/// Options of Muon.
public struct MuonOptions: GroupOptions {
    /// How the learning rate follows the shape of a matrix of A rows and B columns.
    public enum RateAdjustment: String, Sendable {
        /// Times `sqrt(max(1, A / B))`.
        case original
        /// Times `0.2 sqrt(max(A, B))`, so that changes are as large as AdamW's.
        case matchRMSAdamW = "match_rms_adamw"
        /// Times `sqrt(A / B)`.
        case spectralUnclamped = "spectral_unclamped"
    }

    /// The learning rate.
    public var lr: Double
    /// How fast the weights themselves decay.
    public var weightDecay: Double
    /// How much of the average of gradients stays at each step.
    public var momentum: Double
    /// Whether the newest gradient is looked at once more.
    public var nesterov: Bool
    /// The factors of the polynomial that brings singular values to 1: of x, x³ and x⁵.
    public var coefficients: (Double, Double, Double)
    /// The smallest norm that a change is divided by.
    public var eps: Double
    /// How often the polynomial is applied.
    public var iterations: Int
    /// How the learning rate follows the shape.
    public var adjustment: RateAdjustment
    /// True to climb instead of descending.
    public var maximize: Bool

    /// Options with PyTorch's defaults.
    public init(
        lr: Double = 1e-3, weightDecay: Double = 0.1, momentum: Double = 0.95, nesterov: Bool = true,
        coefficients: (Double, Double, Double) = (3.4445, -4.775, 2.0315), eps: Double = 1e-7, iterations: Int = 5,
        adjustment: RateAdjustment = .original, maximize: Bool = false
    ) {
        self.lr = lr
        self.weightDecay = weightDecay
        self.momentum = momentum
        self.nesterov = nesterov
        self.coefficients = coefficients
        self.eps = eps
        self.iterations = iterations
        self.adjustment = adjustment
        self.maximize = maximize
    }

    /// The options under PyTorch's names.
    public static let rows: [OptionRow<Self>] = [
        .init("lr", \.lr, .notNegative),
        .init("weight_decay", \.weightDecay, .notNegative),
        .init("momentum", \.momentum, .notNegative),
        .init("nesterov", \.nesterov),
        .init("eps", \.eps, .notNegative),
        .init("ns_steps", \.iterations),
        .init("ns_coefficients") {
            .numbers([$0.coefficients.0, $0.coefficients.1, $0.coefficients.2])
        } set: {
            if let saved = $1.numbers, saved.count == 3 { $0.coefficients = (saved[0], saved[1], saved[2]) }
        },
        .init("adjust_lr_fn", \.adjustment),
        .init("maximize", \.maximize),
    ]

    /// The average of the gradients.
    public func stateNames(for shape: Shape) -> [String] { ["momentum_buffer"] }

    func rate(for shape: Shape) -> Double {
        let (rows, columns) = (Double(shape[0]), Double(shape[1]))
        switch adjustment {
        case .original: return lr * max(1, rows / columns).squareRoot()
        case .matchRMSAdamW: return lr * 0.2 * max(rows, columns).squareRoot()
        case .spectralUnclamped: return lr * (rows / columns).squareRoot()
        }
    }
}

/// Momentum whose steps are made orthogonal, for the matrices inside a network; its biases, embeddings and last layer
/// belong to another optimizer. PyTorch's `optim.Muon`, which rounds the orthogonal steps to 16 bits on the way.
///
/// Source: Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024
/// (<https://kellerjordan.github.io/posts/muon/>).
public final class Muon: GroupOptimizer<MuonOptions> {
    /// An optimizer of all `parameters`, matrices, with one set of options.
    public convenience init(
        _ parameters: [Parameter], lr: Double = 1e-3, weightDecay: Double = 0.1, momentum: Double = 0.95,
        nesterov: Bool = true, coefficients: (Double, Double, Double) = (3.4445, -4.775, 2.0315), eps: Double = 1e-7,
        iterations: Int = 5, adjustment: MuonOptions.RateAdjustment = .original, maximize: Bool = false
    ) {
        let options = MuonOptions(
            lr: lr, weightDecay: weightDecay, momentum: momentum, nesterov: nesterov, coefficients: coefficients,
            eps: eps, iterations: iterations, adjustment: adjustment, maximize: maximize)
        self.init(groups: [ParameterGroup(parameters, options)])
    }

    /// One step by the formula that stands at the type.
    public override func update(
        _ parameters: [Parameter], _ gradients: [Tensor], state: inout [[Tensor]], _ progress: inout Progress,
        _ options: MuonOptions
    ) {
        noGrad {
            for index in parameters.indices {
                let (parameter, gradient) = (parameters[index].tensor.detach(), gradients[index])
                require(parameter.rank == 2, "Muon", "matrices are expected; a parameter has shape \(parameter.shape)")
                let average = state[index][0].lerp(gradient, weight: 1 - options.momentum)
                state[index][0] = average
                let step = options.nesterov ? gradient.lerp(average, weight: options.momentum) : average
                let change = Self.orthogonalised(step, options) * options.rate(for: parameter.shape)
                parameters[index].tensor = parameter * (1 - options.lr * options.weightDecay) - change
            }
        }
    }

    /// A matrix with nearly the same singular vectors, and singular values near 1, by Newton and Schulz's iteration.
    private static func orthogonalised(_ x: Tensor, _ options: MuonOptions) -> Tensor {
        let isTall = x.shape[0] > x.shape[1]
        var y = isTall ? x.t() : x
        y = y / y.norm().clamp(min: options.eps)
        let (a, b, c) = options.coefficients
        for _ in 0..<options.iterations {
            let squares = y.matmul(y.t())
            let factor = squares.addmm(squares, squares, beta: b, alpha: c)
            y = y.addmm(factor, y, beta: a)
        }
        return isTall ? y.t() : y
    }
}
