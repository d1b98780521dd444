import HearthTensor

/// An optimizer of groups of parameters, each with its options, which keeps tensors for each parameter between steps.
///
/// An optimizer of one's own declares its options, and overrides `update`; groups, saved states and schedules follow:
///
///     struct SignSGDOptions: GroupOptions {
///         var lr = 0.01
///         var maximize = false
///         static let rows: [OptionRow<Self>] = [.init("lr", \.lr, .notNegative), .init("maximize", \.maximize)]
///         func stateNames(for shape: Shape) -> [String] { [] }
///     }
///
///     final class SignSGD: GroupOptimizer<SignSGDOptions> {
///         override func update(
///             _ parameters: [Parameter], _ gradients: [Tensor], state: inout [[Tensor]], _ progress: inout Progress,
///             _ options: SignSGDOptions
///         ) {
///             for (parameter, gradient) in zip(parameters, gradients) {
///                 parameter.tensor = parameter.tensor.detach() - options.lr * gradient.sign()
///             }
///         }
///     }
///
///     let optimizer = SignSGD(groups: [ParameterGroup(model.parameters, SignSGDOptions())])
///
/// Parameters in 16 bits are changed in float32, in which their state is kept too, and then rounded.
open class GroupOptimizer<Options: GroupOptions>: Optimizer {
    /// The groups of parameters with their options.
    public var groups: [ParameterGroup<Options>] {
        didSet { adoptNewParameters() }
    }

    /// How far a parameter is, apart from its tensors. Parameters at the same place can be changed together.
    public struct Progress: Hashable, Sendable {
        /// The number of the step, from 1.
        public internal(set) var step = 0
        /// The single numbers that are kept for each parameter, `scalarNames`.
        public var scalars: [Float] = []
    }

    /// What is kept for one parameter.
    private struct Memory {
        var progress = Progress()
        var tensors: [Tensor] = []
    }

    private var memories: [ObjectIdentifier: Memory] = [:]

    /// An optimizer of these groups. Stops the program when a parameter is in two, or an option is out of its bounds.
    public init(groups: [ParameterGroup<Options>]) {
        self.groups = groups
        for group in groups { check(group.options) }
        adoptNewParameters()
    }

    /// Trains more parameters from now on, such as those of a layer that has been frozen so far. PyTorch's
    /// `add_param_group`.
    public func addParameterGroup(_ parameters: [Parameter], _ options: Options) {
        check(options)
        groups.append(ParameterGroup(parameters, options))
    }

    private func check(_ options: Options) {
        if let fault = options.fault { stop("\(Self.self)", fault) }
    }

    private func adoptNewParameters() {
        let identities = parameters.map { ObjectIdentifier($0) }
        require(
            Set(identities).count == identities.count, "\(Self.self)", "a parameter is in two groups, or twice in one")
        for identity in identities where memories[identity] == nil { memories[identity] = Memory() }
    }

    /// The parameters of all groups.
    public var parameters: [Parameter] { groups.flatMap(\.parameters) }

    /// The learning rate of each group.
    public var learningRates: [Double] {
        get { groups.map(\.options.lr) }
        set { for (position, rate) in newValue.enumerated() { groups[position].options.lr = rate } }
    }

    /// The learning rate that each group started with, nil where no schedule has noted it.
    public var initialLearningRates: [Double?] {
        get { groups.map(\.initialLR) }
        set { for (position, rate) in newValue.enumerated() { groups[position].initialLR = rate } }
    }

    /// The momentum of each group, or its first beta; empty where there is neither.
    public var momenta: [Double] {
        get { groups.compactMap(\.options.momentum) }
        set { for (position, value) in newValue.enumerated() { groups[position].options.momentum = value } }
    }

    /// Changes every parameter that has a gradient.
    public func step() { Trace.effect { [self] in changeParameters() } }

    private func changeParameters() {
        for group in groups {
            let active = group.parameters.filter { $0.grad != nil }
            let cohorts = active.map { parameter in
                Cohort(
                    progress: memories[ObjectIdentifier(parameter)]!.progress, dtype: parameter.dtype,
                    device: parameter.device)
            }
            for cohort in cohorts.uniqued() {
                change(zip(active, cohorts).filter { $1 == cohort }.map(\.0), cohort.progress, group.options)
            }
        }
    }

    /// What parameters have in common that one call of a kernel takes. Those that were left out of some steps are at
    /// other step numbers than the rest.
    private struct Cohort: Hashable {
        let progress: Progress
        let dtype: DType
        let device: Device
    }

    /// One step of the parameters of a cohort.
    private func change(_ parameters: [Parameter], _ place: Progress, _ options: Options) {
        // Sixteen bits are too few for running averages of squares.
        let wide =
            parameters[0].dtype.byteCount == 2
            ? parameters.map { Parameter($0.tensor.detach().to($0.dtype.stateDType)) } : nil
        var gradients = noGrad { parameters.map { $0.grad!.to($0.dtype.stateDType) } }
        if options.maximize { gradients = noGrad { gradients.map { -$0 } } }
        var progress = place
        if place.step == 0 { progress.scalars = options.initialScalars }
        progress.step += 1
        // The tensors are moved out of the dictionary, so that each is referenced once: a kernel writes in place only
        // where a tensor's memory is uniquely referenced, and would copy it otherwise.
        var kept = parameters.map { parameter in
            var tensors = memories.updateValue(Memory(), forKey: ObjectIdentifier(parameter))!.tensors
            // A model that was moved takes what its optimizer keeps with it.
            if let first = tensors.first, first.device != parameter.device {
                tensors = tensors.map { $0.to(parameter.device) }
            }
            let names = options.stateNames(for: parameter.shape)
            for name in names.dropFirst(tensors.count) {
                tensors.append(options.initialState(name, of: parameter))
            }
            return tensors
        }
        update(wide ?? parameters, gradients, state: &kept, &progress, options)
        for (wide, parameter) in zip(wide ?? [], parameters) {
            parameter.tensor = wide.tensor.detach().to(parameter.dtype)
        }
        for (parameter, tensors) in zip(parameters, kept) {
            memories[ObjectIdentifier(parameter)] = Memory(progress: progress, tensors: tensors)
        }
    }

    /// One step of a minimisation, whose number is already counted in `progress`: parameters move against `gradients`,
    /// which are negated already where the options say to maximise. `state` holds the tensors of `stateNames` for each
    /// parameter. Parameters are float32 or float64, and of one dtype.
    open func update(
        _ parameters: [Parameter], _ gradients: [Tensor], state: inout [[Tensor]], _ progress: inout Progress,
        _ options: Options
    ) {
        stop("\(Self.self)", "an optimizer overrides update")
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
                if memory.progress.step > 0 {
                    let names = group.options.stateNames(for: parameter.shape) + group.options.scalarNames
                    let values = memory.tensors + memory.progress.scalars.map { Tensor($0) }
                    state.parameters[position] = .init(
                        step: memory.progress.step, tensors: Dictionary(zip(names, values)) { $1 })
                }
                position += 1
            }
        }
        return state
    }

    /// Goes on from a saved state, checked before anything is changed.
    public func load(_ state: OptimizerState) throws(OptimizerStateError) {
        try check(state)
        var position = 0
        for index in groups.indices {
            groups[index].options.values = state.groups[index].options
            for parameter in groups[index].parameters {
                memories[ObjectIdentifier(parameter)] =
                    state.parameters[position].map { memory($0, of: parameter, groups[index].options) } ?? Memory()
                position += 1
            }
        }
    }

    private func memory(_ saved: OptimizerState.Entry, of parameter: Parameter, _ options: Options) -> Memory {
        var memory = Memory(progress: Progress(step: saved.step))
        memory.tensors = options.stateNames(for: parameter.shape).map { name in
            saved.tensors[name]?.detach().to(parameter.dtype.stateDType).to(parameter.device)
                ?? options.initialState(name, of: parameter)
        }
        memory.progress.scalars = zip(options.scalarNames, options.initialScalars).map { name, initial in
            saved.tensors[name].map { Float($0.item()) } ?? initial
        }
        return memory
    }

    /// Throws when groups, parameters or shapes are not those of this optimizer.
    private func check(_ state: OptimizerState) throws(OptimizerStateError) {
        try state.checkCounts(groups.map(\.parameters.count))
        for (group, saved) in zip(groups, state.groups) {
            var options = group.options
            options.values = saved.options
            if let fault = options.fault { throw OptimizerStateError(fault) }
        }
        var position = 0
        for group in groups {
            let scalars = Set(group.options.scalarNames)
            for parameter in group.parameters {
                for (name, tensor) in state.parameters[position]?.tensors ?? [:] {
                    let expected =
                        scalars.contains(name) ? [] : group.options.stateShape(name, for: parameter.shape)
                    guard tensor.shape == expected else {
                        throw OptimizerStateError(
                            "\(name) of parameter \(position) has shape \(tensor.shape); expected \(expected)")
                    }
                }
                position += 1
            }
        }
    }
}

extension GroupOptimizer: CustomStringConvertible {
    /// The groups with their options, as PyTorch prints them.
    public var description: String {
        let groups = groups.enumerated().map { number, group in
            "Parameter Group \(number)\n"
                + group.options.values.sorted { $0.key < $1.key }.map { "    \($0.key): \($0.value)\n" }.joined()
        }
        return "\(Self.self) (\n" + groups.joined(separator: "\n") + ")"
    }
}

extension DType {
    /// What an optimizer computes and remembers in: float32 for 16 bits.
    var stateDType: DType { byteCount == 2 ? .float32 : self }
}

extension Sequence where Element: Hashable {
    /// Each element once, where it is first met.
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

/// An optimizer whose step is one pass over the elements of all parameters.
///
/// Gradient, state and parameter are read and written once, in one kernel, whatever the number of parameters.
open class FusedOptimizer<Options: UpdateOptions>: GroupOptimizer<Options> {
    /// One step, in one kernel.
    public override func update(
        _ parameters: [Parameter], _ gradients: [Tensor], state: inout [[Tensor]], _ progress: inout Progress,
        _ options: Options
    ) {
        for index in parameters.indices {
            parameters[index].makeWritable()
            for position in state[index].indices { state[index][position].makeWritable() }
        }
        let rule = options.rule(step: progress.step, scalars: &progress.scalars)
        updateInPlace(rule, parameters.map(\.tensor), gradients, state: state)
    }
}
