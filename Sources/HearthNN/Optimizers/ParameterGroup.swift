import HearthTensor

/// Parameters that are trained with the same options: the body of a network, or its head.
public struct ParameterGroup<Options: GroupOptions> {
    /// The parameters, each in one group only.
    public var parameters: [Parameter]
    /// How they are changed.
    public var options: Options
    /// The learning rate before any schedule changed it, which the first schedule notes.
    var initialLR: Double?

    /// A group with options of its own.
    public init(_ parameters: [Parameter], _ options: Options) {
        self.parameters = parameters
        self.options = options
    }
}

extension ParameterGroup {
    /// Two groups with the same options, of which only that of the weights decays: parameters of one dimension or none
    /// are biases and the factors of normalisations, which a pull to 0 does no good.
    ///
    ///     let options = AdamOptions(lr: 1e-3, weightDecay: 0.01, decoupledWeightDecay: true)
    ///     let optimizer = AdamW(groups: ParameterGroup.decayingWeightsOnly(model.parameters, options))
    public static func decayingWeightsOnly(_ parameters: [Parameter], _ options: Options) -> [ParameterGroup] {
        var still = options
        still.values["weight_decay"] = .number(0)
        let weights = parameters.filter { $0.shape.count > 1 }
        let others = parameters.filter { $0.shape.count < 2 }
        return [ParameterGroup(weights, options), ParameterGroup(others, still)].filter { !$0.parameters.isEmpty }
    }
}

/// The numbers that an optimizer works with, and what it keeps for each parameter between steps.
public protocol GroupOptions: Sendable {
    /// The learning rate.
    var lr: Double { get set }
    /// True to climb instead of descending.
    var maximize: Bool { get set }
    /// Every option, declared once.
    static var rows: [OptionRow<Self>] { get }
    /// PyTorch's names of the tensors that are kept for a parameter of this shape.
    func stateNames(for shape: Shape) -> [String]
    /// The shape of the kept tensor `name` of a parameter.
    func stateShape(_ name: String, for shape: Shape) -> Shape
    /// What the elements of the kept tensor `name` start with.
    func initialValue(_ name: String) -> Double
    /// PyTorch's names of the single numbers that are kept for each parameter, which are `float32` there.
    var scalarNames: [String] { get }
    /// What these numbers start with.
    var initialScalars: [Float] { get }
}

extension GroupOptions {
    /// The parameter's.
    public func stateShape(_ name: String, for shape: Shape) -> Shape { shape }
    /// 0.
    public func initialValue(_ name: String) -> Double { 0 }
    /// None.
    public var scalarNames: [String] { [] }
    /// None.
    public var initialScalars: [Float] { [] }

    /// The options under PyTorch's names, as in its `param_groups`. Setting one of another kind changes nothing.
    public var values: [String: OptionValue] {
        get { Dictionary(uniqueKeysWithValues: Self.rows.map { ($0.name, $0.value(in: self)) }) }
        set { for row in Self.rows { if let value = newValue[row.name] { row.take(value, into: &self) } } }
    }

    /// What is wrong with the first option that is not as it should be; nil when all are.
    var fault: String? { Self.rows.lazy.compactMap { $0.fault(in: self) }.first }

    func initialState(_ name: String, of parameter: Parameter) -> Tensor {
        .full(stateShape(name, for: parameter.shape), initialValue(name), dtype: parameter.dtype.stateDType)
    }

    /// The momentum, or the first beta; nil without either.
    var momentum: Double? {
        get { values["momentum"]?.number ?? values["betas"]?.numbers?.first }
        set {
            guard let newValue else { return }
            if let betas = values["betas"]?.numbers {
                values["betas"] = .numbers([newValue] + betas.dropFirst())
            } else {
                values["momentum"] = .number(newValue)
            }
        }
    }
}

/// Options that make a rule which changes every element by itself.
public protocol UpdateOptions: GroupOptions {
    /// PyTorch's names of the tensors that are kept for each parameter, all of its shape.
    var stateNames: [String] { get }
    /// The rule of step number `step`, from 1, which may change the numbers kept for the parameter.
    func rule(step: Int, scalars: inout [Float]) -> UpdateRule
}

extension UpdateOptions {
    /// The same for every shape.
    public func stateNames(for shape: Shape) -> [String] { stateNames }
}
