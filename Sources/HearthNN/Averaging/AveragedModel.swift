import HearthTensor

/// Averages of a model's weights over training, which often do better than the last weights. PyTorch's
/// `swa_utils.AveragedModel`.
///
///     let averages = AveragedModel(model, .ema(decay: 0.999))
///     …
///     optimizer.step()
///     averages.update()
///     …
///     averages.withAverages { evaluate(model) }
///
/// There is no second model: the averages stand beside the one that is trained, and take its place for a while or for
/// good.
///
/// Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", 2018
/// (<https://arxiv.org/abs/1803.05407>).
public final class AveragedModel<Model: Module> {
    /// How a new value goes into the average.
    public enum Strategy {
        /// The plain mean of all values.
        case swa
        /// `decay` times the average, and the rest of the new value.
        case ema(decay: Double)
        /// A function of the average, the new value and how many values are in the average.
        case custom((_ average: Tensor, _ current: Tensor, _ count: Int) -> Tensor)
    }

    /// The model that is trained.
    public let model: Model
    /// How a new value goes into the average.
    public let strategy: Strategy
    /// Whether buffers are averaged too; otherwise they are those of the last update.
    public let useBuffers: Bool
    /// How many values are in the averages.
    public private(set) var count = 0
    private var parameters: [String: Tensor] = [:]
    private var buffers: [String: Tensor] = [:]

    /// Averages that start with the first update; until then they are the weights as they are now.
    public init(_ model: Model, _ strategy: Strategy = .swa, useBuffers: Bool = false) {
        if case .ema(let decay) = strategy {
            require((0...1).contains(decay), "AveragedModel", "decay must be in 0...1; it is \(decay)")
        }
        self.model = model
        self.strategy = strategy
        self.useBuffers = useBuffers
        (parameters, buffers) = (currentParameters, currentBuffers)
    }

    private var currentParameters: [String: Tensor] {
        Dictionary(uniqueKeysWithValues: model.allParameters.map { ($0.name, $0.parameter.tensor.detach()) })
    }

    private var currentBuffers: [String: Tensor] {
        Dictionary(uniqueKeysWithValues: model.namedBuffers.compactMap { slot in slot.tensor.map { (slot.name, $0) } })
    }

    /// Takes the model's weights into the averages. PyTorch's `update_parameters`.
    public func update() {
        noGrad {
            parameters = averaged(parameters, currentParameters)
            buffers = useBuffers ? averaged(buffers, currentBuffers) : currentBuffers
        }
        count += 1
    }

    private func averaged(_ averages: [String: Tensor], _ current: [String: Tensor]) -> [String: Tensor] {
        guard count > 0 else { return current }
        return averages.merging(current) { average, value in
            switch strategy {
            case .swa: (average + (value - average) / Double(count + 1)).to(average.dtype)
            case .ema(let decay): (average * decay + value * (1 - decay)).to(average.dtype)
            case .custom(let function): function(average, value, count).detach().to(average.dtype)
            }
        }
    }

    /// Gives the model the averages for good.
    public func copyToModel() {
        for (name, parameter) in model.namedParameters { if let value = parameters[name] { parameter.tensor = value } }
        for slot in model.namedBuffers { if let value = buffers[slot.name] { slot.tensor = value } }
    }

    /// Runs `body` while the model has the averages, and gives it its own weights back.
    public func withAverages<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let own = (parameters: currentParameters, buffers: currentBuffers)
        copyToModel()
        defer {
            for (name, parameter) in model.namedParameters {
                if let value = own.parameters[name] { parameter.tensor = value }
            }
            for slot in model.namedBuffers { if let value = own.buffers[slot.name] { slot.tensor = value } }
        }
        return try body()
    }

    /// The averages under the names of PyTorch's `AveragedModel`: `module.fc1.weight`, and `n_averaged`.
    public var stateDict: StateDict {
        var state = StateDict()
        state["n_averaged"] = Tensor(count)
        for name in model.stateDict.keys { state["module." + name] = parameters[name] ?? buffers[name] }
        return state
    }

    /// Goes on from saved averages. Throws `StateDictError` when they are of another model; then nothing was changed.
    public func loadStateDict(_ state: StateDict) throws(StateDictError) {
        let known = stateDict
        let misfitting = known.compactMap { name, tensor -> (name: String, expected: Shape, found: Shape)? in
            guard let found = state[name]?.shape, found != tensor.shape else { return nil }
            return (name: name, expected: tensor.shape, found: found)
        }
        let missing = known.keys.filter { state[$0] == nil }
        let unexpected = state.keys.filter { known[$0] == nil }
        guard misfitting.isEmpty, missing.isEmpty, unexpected.isEmpty else {
            throw StateDictError(
                module: "AveragedModel", missing: missing, unexpected: unexpected, misfitting: misfitting)
        }
        count = state["n_averaged"]?.item(as: Int.self) ?? 0
        func loaded(_ tensors: [String: Tensor]) -> [String: Tensor] {
            Dictionary(
                uniqueKeysWithValues: tensors.map { name, tensor in
                    (name, state["module." + name].map { $0.detach().to(tensor.dtype) } ?? tensor)
                })
        }
        (parameters, buffers) = (loaded(parameters), loaded(buffers))
    }
}
