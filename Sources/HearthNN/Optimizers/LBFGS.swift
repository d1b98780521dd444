import HearthTensor

/// A quasi-Newton method: it bends the gradient by what the last steps have shown of the curvature. PyTorch's
/// `optim.LBFGS`.
///
/// It evaluates the loss several times in a step, so that it needs a closure:
///
///     let optimizer = LBFGS(model.parameters, lineSearch: .strongWolfe)
///     optimizer.step {
///         optimizer.zeroGrad()
///         let loss = criterion(model(inputs), targets)
///         loss.backward()
///         return loss
///     }
///
/// Meant for losses over all data; it keeps `2 * historySize` copies of all parameters, which are of one dtype.
///
/// Source: Liu and Nocedal, "On the Limited Memory BFGS Method for Large Scale Optimization", 1989.
public final class LBFGS: Optimizer {
    /// How the length of a step is found.
    public enum LineSearch: String, Sendable {
        /// By a search for a length that meets the strong Wolfe conditions (Nocedal and Wright, section 3.5).
        case strongWolfe = "strong_wolfe"
    }

    /// What is trained.
    public let parameters: [Parameter]
    /// The length of a step, or where the search for it starts.
    public var lr: Double
    /// How many directions a step tries at most.
    public private(set) var maxIterations: Int
    /// How often a step evaluates the loss at most.
    public private(set) var maxEvaluations: Int
    /// A step ends when no element of the gradient is larger.
    public private(set) var gradientTolerance: Double
    /// A step ends when neither parameters nor loss change by more.
    public private(set) var changeTolerance: Double
    /// How many steps the curvature is known from.
    public private(set) var historySize: Int
    /// How the length of a step is found; nil takes `lr`.
    public private(set) var lineSearch: LineSearch?
    /// True to climb instead of descending.
    public private(set) var maximize: Bool

    private var memory = CurvatureMemory()
    private var initialLR: Double?

    /// An optimizer with PyTorch's defaults: `maxEvaluations` is 5/4 of `maxIterations`.
    public init(
        _ parameters: [Parameter], lr: Double = 1, maxIterations: Int = 20, maxEvaluations: Int? = nil,
        gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9, historySize: Int = 100,
        lineSearch: LineSearch? = nil, maximize: Bool = false
    ) {
        require(Set(parameters.map(\.dtype)).count < 2, "LBFGS", "parameters need one dtype")
        self.parameters = parameters
        self.lr = lr
        self.maxIterations = maxIterations
        self.maxEvaluations = maxEvaluations ?? maxIterations * 5 / 4
        self.gradientTolerance = gradientTolerance
        self.changeTolerance = changeTolerance
        self.historySize = historySize
        self.lineSearch = lineSearch
        self.maximize = maximize
    }

    /// Stops the program: without a closure there is no way to evaluate the loss.
    public func step() { fatalError("LBFGS: a step needs a closure that computes the loss and its gradients") }

    /// Runs `closure` as often as the step needs. Gives the loss of the first run.
    @discardableResult
    public func step(closure: () -> Tensor) -> Tensor {
        let first = enableGrad(closure)
        guard !parameters.isEmpty else { return first }
        noGrad { descend(from: LossPoint(loss: sign * first.item(), gradient: flatGradient()), closure) }
        return first
    }

    private var sign: Double { maximize ? -1 : 1 }

    private func descend(from start: LossPoint, _ closure: () -> Tensor) {
        var (point, evaluations) = (start, 1)
        memory.evaluations += 1
        guard !point.isFlat(gradientTolerance) else { return }
        for iteration in 1..<(maxIterations + 1) {
            let isFirst = memory.iterations == 0
            memory.turn(to: point, limit: historySize)
            let direction = memory.direction!
            memory.length = isFirst ? min(1, 1 / point.gradient.abs().sum().item()) * lr : lr
            let slope = point.gradient.dot(direction).item()
            if slope > -changeTolerance { break }
            if lineSearch != nil {
                let start = parameters.map { $0.tensor.detach() }
                var search = StrongWolfe(
                    start: point, slope: slope, direction: direction, tolerance: changeTolerance,
                    limit: maxEvaluations - evaluations)
                let found = search.run(from: memory.length) { length in
                    move(direction, length)
                    let point = evaluate(closure)
                    for (parameter, value) in zip(parameters, start) { parameter.tensor = value }
                    return point
                }
                (point, memory.length) = (found.point, found.length)
                evaluations += search.evaluations
                memory.evaluations += search.evaluations
                move(direction, memory.length)
            } else {
                move(direction, memory.length)
                // The loss after the last iteration is not used, so it is not computed.
                if iteration < maxIterations {
                    point = evaluate(closure)
                    evaluations += 1
                    memory.evaluations += 1
                }
            }
            if iteration == maxIterations || evaluations >= maxEvaluations { break }
            if point.isFlat(gradientTolerance) { break }
            if (direction * memory.length).abs().max().item() <= changeTolerance { break }
            if (point.loss - memory.previous!.loss).magnitude < changeTolerance { break }
        }
    }

    private func evaluate(_ closure: () -> Tensor) -> LossPoint {
        LossPoint(loss: sign * enableGrad(closure).item(), gradient: flatGradient())
    }

    /// The gradients of all parameters in one vector; 0 where there is none.
    private func flatGradient() -> Tensor {
        let parts = parameters.map { $0.grad?.reshape([-1]) ?? .zeros([$0.count], dtype: $0.dtype) }
        let flat = Tensor.cat(parts)
        return maximize ? -flat : flat
    }

    /// Moves the parameters along `direction`.
    private func move(_ direction: Tensor, _ length: Double) {
        var position = 0
        for parameter in parameters {
            let part = direction.narrow(0, start: position, length: parameter.count).reshape(parameter.shape)
            parameter.tensor = parameter.tensor.detach().add(part, alpha: length)
            position += parameter.count
        }
    }

    /// The one learning rate.
    public var learningRates: [Double] {
        get { [lr] }
        set { lr = newValue.first ?? lr }
    }

    /// The learning rate at the start, nil where no schedule has noted it.
    public var initialLearningRates: [Double?] {
        get { [initialLR] }
        set { initialLR = newValue.first ?? nil }
    }

    /// Everything that the next steps depend on.
    public var state: OptimizerState {
        var state = OptimizerState()
        state.groups = [.init(options: options, parameters: Array(parameters.indices))]
        if memory.evaluations > 0, !parameters.isEmpty { state.parameters[0] = memory.entry }
        return state
    }

    private var options: [String: OptionValue] {
        [
            "lr": .number(lr), "max_iter": .integer(maxIterations), "max_eval": .integer(maxEvaluations),
            "tolerance_grad": .number(gradientTolerance), "tolerance_change": .number(changeTolerance),
            "history_size": .integer(historySize),
            "line_search_fn": lineSearch.map { .text($0.rawValue) } ?? .absent, "maximize": .bool(maximize),
        ]
    }

    /// Goes on from a saved state, checked before anything is changed.
    public func load(_ state: OptimizerState) throws(OptimizerStateError) {
        try state.checkCounts([parameters.count])
        let count = parameters.reduce(0) { $0 + $1.count }
        let memory = try CurvatureMemory(state.parameters[0], count: count, like: parameters.first)
        let options = state.groups[0].options
        lr = options["lr"]?.number ?? lr
        maxIterations = options["max_iter"]?.integer ?? maxIterations
        maxEvaluations = options["max_eval"]?.integer ?? maxEvaluations
        gradientTolerance = options["tolerance_grad"]?.number ?? gradientTolerance
        changeTolerance = options["tolerance_change"]?.number ?? changeTolerance
        historySize = options["history_size"]?.integer ?? historySize
        if let saved = options["line_search_fn"] { lineSearch = saved.text.flatMap(LineSearch.init) }
        maximize = options["maximize"]?.bool ?? maximize
        self.memory = memory
    }
}
