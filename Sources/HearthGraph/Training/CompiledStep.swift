import HearthNN
import HearthTensor

/// A step of training that was traced: forward, backward, clipping and update without the Swift code and the tape between.
///
///     let step = try compile(model, optimizer) { x, y in
///         optimizer.zeroGrad()
///         let loss = criterion(model(x), y)
///         loss.backward()
///         clipGradNorm(model.parameters, maxNorm: 1)
///         optimizer.step()
///         return loss
///     }
///     for (x, y) in loader { losses.append(try step(x, y)) }
///
/// The first two calls for inputs of certain types run the code as it is and are recorded; once two did the same, later
/// calls run what was recorded. Parameters, buffers, gradients, optimizers and the default generator are as they would be
/// without it, so schedules, saving and code that is not compiled go on as if nothing had happened: an optimizer's step and
/// clipping run as they are, with the learning rate of the moment.
///
/// What the code does besides computing with tensors (printing, counting) happens in the first two calls alone. The mode of
/// the model is the one that it has when the step is first called; `forget()` makes the step record anew.
public final class CompiledStep {
    private let places: StatePlaces
    private let paths: [ObjectIdentifier: String]
    private let body: ([Tensor]) throws -> Any
    private var programs: [[Spec]: Program] = [:]

    /// What is known of inputs of certain types.
    private enum Program {
        /// What the last call did, and how many calls before it did something else each.
        case recorded(StepRecording, attempts: Int)
        case compiled(StepProgram)
    }

    /// After so many calls that all differ there is an error.
    private static let attemptLimit = 3

    init(_ modules: [Module], _ optimizers: [any Optimizer], _ body: @escaping ([Tensor]) throws -> Any) {
        places = StatePlaces(modules, optimizers)
        let named = modules.flatMap(\.namedModules)
        paths = Dictionary(named.map { (ObjectIdentifier($0.module), $0.name) }) { first, _ in first }
        self.body = body
    }

    /// Runs the step and gives its one result, off the tape.
    ///
    /// - Throws: `GraphError` for a step that reads elements, has a `Tensor.cond` or `Tensor.loop`, or does something else
    ///   each time; what the code throws.
    @discardableResult
    public func callAsFunction(_ inputs: Tensor...) throws -> Tensor {
        let results = try run(inputs)
        guard let first = results.first else { throw GraphError("the step gives no tensor") }
        return first
    }

    /// Runs the step and gives the tensors in its result, in order, off the tape.
    public func run(_ inputs: [Tensor]) throws -> [Tensor] {
        let inputs = inputs.map { $0.detach() }
        let key = inputs.map(\.spec)
        switch programs[key] {
        case .compiled(let program): return try program.run(inputs, places)
        case .recorded(let last, let attempts):
            let (recording, results) = try record(inputs)
            do throws(GraphError) {
                programs[key] = .compiled(try StepProgram(last, recording))
            } catch {
                // The first calls may differ: gradients that are added to, averages that begin.
                guard attempts < Self.attemptLimit else { throw error }
                programs[key] = .recorded(recording, attempts: attempts + 1)
            }
            return results
        case nil:
            let (recording, results) = try record(inputs)
            programs[key] = .recorded(recording, attempts: 1)
            return results
        }
    }

    /// Forgets what was recorded: for a model whose mode, parts or frozen parameters have changed.
    public func forget() { programs = [:] }

    /// How many operations a call with inputs of these types runs; nil before it was recorded twice.
    public func operationCount(for inputs: [Spec]) -> Int? {
        if case .compiled(let program)? = programs[inputs] { program.operationCount } else { nil }
    }

    private func record(_ inputs: [Tensor]) throws -> (StepRecording, [Tensor]) {
        let trace = Trace(onMeta: false, paths: paths) { [places] in inputs + places.tensors }
        let results = try TracedResults(try trace.record { try body(inputs) })
        let tensors = results.entries.map { $0.tensor.detach() }
        return (try StepRecording(trace, inputCount: inputs.count, results: tensors), tensors)
    }
}

/// Compiles a step of training on two tensors. See `CompiledStep`.
/// - Parameters:
///   - model: The model whose parameters and buffers the step reads and changes.
///   - optimizer: The optimizer that it uses.
public func compile<Result>(
    _ model: Module, _ optimizer: any Optimizer, _ body: @escaping (Tensor, Tensor) throws -> Result
) throws -> CompiledStep {
    CompiledStep([model], [optimizer]) { inputs in
        guard inputs.count == 2 else { throw GraphError("the step takes 2 tensors, not \(inputs.count)") }
        return try body(inputs[0], inputs[1])
    }
}

/// Compiles a step of training on any number of tensors, with any number of models and optimizers. See `CompiledStep`.
public func compile<Result>(
    _ models: [Module], _ optimizers: [any Optimizer], _ body: @escaping ([Tensor]) throws -> Result
) throws -> CompiledStep { CompiledStep(models, optimizers) { try body($0) } }

/// Where the state of models is that a step reads and changes: parameters, their gradients, and buffers.
final class StatePlaces {
    private let parameters: [Parameter]
    private let buffers: [NamedBuffer]

    init(_ modules: [Module], _ optimizers: [any Optimizer]) {
        var seen: Set<ObjectIdentifier> = []
        let all = modules.flatMap(\.parameters) + optimizers.flatMap(\.parameters)
        // A parametrized parameter is computed; what it is computed from is a parameter of its own.
        parameters = all.filter { seen.insert(ObjectIdentifier($0)).inserted && !$0.isComputed }
        buffers = modules.flatMap(\.namedBuffers)
    }

    /// What is in the places now: parameters, then gradients, then buffers.
    var tensors: [Tensor?] {
        parameters.map { $0.tensor } + parameters.map(\.grad) + buffers.map(\.tensor)
    }

    /// What is in one place now.
    subscript(index: Int) -> Tensor? {
        get {
            switch index {
            case ..<parameters.count: parameters[index].tensor.detach()
            case ..<(2 * parameters.count): parameters[index - parameters.count].grad
            default: buffers[index - 2 * parameters.count].tensor
            }
        }
        set {
            switch index {
            case ..<parameters.count: if let newValue { parameters[index].tensor = newValue }
            case ..<(2 * parameters.count): parameters[index - parameters.count].grad = newValue
            default: buffers[index - 2 * parameters.count].tensor = newValue
            }
        }
    }

    var count: Int { 2 * parameters.count + buffers.count }
}
