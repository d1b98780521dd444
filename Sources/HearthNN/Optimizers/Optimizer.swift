import HearthTensor

/// Changes parameters so that a loss falls, by the gradients that `backward` has collected.
///
///     let optimizer = Adam(model.parameters, lr: 0.001)
///     for (inputs, labels) in loader {
///         optimizer.zeroGrad()
///         let loss = criterion(model(inputs), labels)
///         loss.backward()
///         optimizer.step()
///     }
public protocol Optimizer: AnyObject {
    /// Changes every parameter that has a gradient.
    func step()

    /// All parameters, group by group.
    var parameters: [Parameter] { get }

    /// The learning rate of each group: what schedules change.
    var learningRates: [Double] { get set }

    /// Everything that the next steps depend on, besides the parameters. A value: later steps do not change it.
    var state: OptimizerState { get }

    /// Goes on from a saved state. Throws `OptimizerStateError` when it does not fit; then nothing was changed.
    func load(_ state: OptimizerState) throws(OptimizerStateError)
}

extension Optimizer {
    /// Forgets the gradients of all parameters.
    public func zeroGrad() { for parameter in parameters { parameter.grad = nil } }

    /// Runs `closure`, which computes the loss and its gradients, then changes the parameters. Gives the loss.
    @discardableResult
    public func step(closure: () -> Tensor) -> Tensor {
        let loss = enableGrad(closure)
        step()
        return loss
    }

    /// The learning rate of the first group; setting it sets that of all.
    public var lr: Double {
        get { learningRates.first ?? 0 }
        set { learningRates = learningRates.map { _ in newValue } }
    }
}

/// Parameters that are trained with the same options: the body of a network, or its head.
public struct ParameterGroup<Options: UpdateOptions> {
    /// The parameters, each in one group only.
    public var parameters: [Parameter]
    /// How they are changed.
    public var options: Options

    /// A group with options of its own.
    public init(_ parameters: [Parameter], _ options: Options) {
        self.parameters = parameters
        self.options = options
    }
}

/// The numbers that an optimizer works with, and the rule that they make.
public protocol UpdateOptions: Sendable {
    /// The learning rate.
    var lr: Double { get set }
    /// True to climb instead of descending.
    var maximize: Bool { get set }
    /// The options under PyTorch's names, as in its `param_groups`.
    var values: [String: OptionValue] { get set }
    /// PyTorch's names of what is kept for each parameter between steps.
    var stateNames: [String] { get }
    /// What the kept tensors start with.
    var initialState: Double { get }
    /// The rule of step number `step`, from 1.
    func rule(step: Int) -> UpdateRule
}

extension UpdateOptions {
    /// 0.
    public var initialState: Double { 0 }
}

/// An optimizer whose step is one pass over the elements of all parameters.
///
/// Gradient, state and parameter are read and written once, in one kernel, whatever the number of parameters.
public class FusedOptimizer<Options: UpdateOptions>: Optimizer {
    /// The groups of parameters with their options.
    public var groups: [ParameterGroup<Options>] {
        didSet { adoptNewParameters() }
    }

    /// What is kept for one parameter.
    private struct Memory {
        var step = 0
        var tensors: [Tensor] = []
    }

    private var memories: [ObjectIdentifier: Memory] = [:]

    /// An optimizer of these groups. Stops the program when a parameter is in two.
    public init(groups: [ParameterGroup<Options>]) {
        self.groups = groups
        adoptNewParameters()
    }

    private func adoptNewParameters() {
        let identities = parameters.map { ObjectIdentifier($0) }
        guard Set(identities).count == identities.count else {
            fatalError("\(Self.self): a parameter is in two groups, or twice in one")
        }
        for identity in identities where memories[identity] == nil { memories[identity] = Memory() }
    }

    /// The parameters of all groups.
    public var parameters: [Parameter] { groups.flatMap(\.parameters) }

    /// The learning rate of each group.
    public var learningRates: [Double] {
        get { groups.map(\.options.lr) }
        set { for (position, rate) in newValue.enumerated() { groups[position].options.lr = rate } }
    }

    /// Changes every parameter that has a gradient.
    public func step() {
        for group in groups {
            let active = group.parameters.filter { $0.grad != nil }
            // Parameters that were left out of some steps are at other step numbers than the rest.
            let counts = active.map { memories[ObjectIdentifier($0)]!.step }
            if Set(counts).count <= 1 {
                update(active, group.options)
            } else {
                for count in Set(counts).sorted() {
                    update(zip(active, counts).filter { $1 == count }.map(\.0), group.options)
                }
            }
        }
    }

    /// One step of parameters of one dtype each, all at the same step number.
    private func update(_ parameters: [Parameter], _ options: Options) {
        for (_, same) in Dictionary(grouping: parameters, by: \.dtype) {
            var gradients = same.map { $0.grad! }
            if options.maximize { gradients = noGrad { gradients.map { -$0 } } }
            var number = 1
            var kept: [[Tensor]] = []
            for parameter in same {
                let memory = remember(parameter, options)
                number = memory.step
                kept.append(memory.tensors)
                parameter.makeWritable()
            }
            updateInPlace(options.rule(step: number), same.map(\.tensor), gradients, state: kept)
        }
    }

    /// Counts a step of `parameter` and makes what is kept for it ready to be overwritten.
    private func remember(_ parameter: Parameter, _ options: Options) -> Memory {
        let identity = ObjectIdentifier(parameter)
        // Taken out, so that nobody else holds the tensors while they are asked whether they are alone.
        var memory = memories.removeValue(forKey: identity)!
        while memory.tensors.count < options.stateNames.count {
            memory.tensors.append(.full(parameter.shape, options.initialState, dtype: parameter.dtype))
        }
        memory.step += 1
        for position in memory.tensors.indices { memory.tensors[position].makeWritable() }
        memories[identity] = memory
        return memory
    }

    /// Everything that the next steps depend on.
    public var state: OptimizerState {
        var state = OptimizerState()
        var position = 0
        for group in groups {
            state.groups.append(
                .init(
                    options: group.options.values,
                    parameters: Array(position..<(position + group.parameters.count))))
            for parameter in group.parameters {
                let memory = memories[ObjectIdentifier(parameter)]!
                if memory.step > 0 {
                    state.parameters[position] = .init(
                        step: memory.step, tensors: Dictionary(zip(group.options.stateNames, memory.tensors)) { $1 })
                }
                position += 1
            }
        }
        return state
    }

    /// Goes on from a saved state, checked before anything is changed.
    public func load(_ state: OptimizerState) throws(OptimizerStateError) {
        try state.check(against: groups.map { group in group.parameters.map(\.shape) })
        var position = 0
        for index in groups.indices {
            groups[index].options.values = state.groups[index].options
            let names = groups[index].options.stateNames
            for parameter in groups[index].parameters {
                var memory = Memory()
                if let saved = state.parameters[position] {
                    memory.step = saved.step
                    memory.tensors = names.map { name in
                        saved.tensors[name]?.detach().to(parameter.dtype)
                            ?? .full(parameter.shape, groups[index].options.initialState, dtype: parameter.dtype)
                    }
                }
                memories[ObjectIdentifier(parameter)] = memory
                position += 1
            }
        }
    }
}
