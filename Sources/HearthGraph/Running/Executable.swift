import HearthTensor
import Synchronization

/// A graph that is ready to run often: checked once, planned once for each set of sizes.
///
///     let classify = try Graph(of: model, inputs: .float32("batch", 3, 224, 224)).optimized().compiled()
///     let logits = try classify(images)
///
/// Runs record nothing for gradients. Several threads may run one executable at the same time; they share its weights. A
/// graph that changes constants (running averages in training) changes them here, in `state`, and not in the model that
/// it was traced from; of two such runs at the same time the one that ends last leaves its values.
public final class Executable: Sendable {
    /// The program.
    public let graph: Graph
    /// The positions of constants that runs change.
    private let updated: [Int]
    private let plans = Mutex(Plans())
    private let weights = PreparedWeights()
    private let memories = RunMemories()
    private let keepsNaN: Bool
    /// Where the constants are; nil when there are none.
    private let home: Device?
    private let changed = Mutex([Int: Tensor]())

    /// Plans are kept for this many sets of sizes.
    private static let planLimit = 64

    /// - Throws: `GraphError` when the graph is not valid.
    init(_ graph: Graph, keepsNaN: Bool) throws(GraphError) {
        try graph.validate()
        self.graph = graph
        self.keepsNaN = keepsNaN
        home = graph.nodes.lazy.compactMap { $0.constant?.tensor.device }.first
        let places = Dictionary(uniqueKeysWithValues: graph.nodes.enumerated().map { ($1.id, $0) })
        updated = graph.updates.map { places[$0.constant]! }
    }

    /// Runs the program. Throws for a program with several results, which `run(_:)` gives, and `GraphError` when the tensors
    /// do not fit the inputs.
    public func callAsFunction(_ inputs: Tensor...) throws(GraphError) -> Tensor {
        let results = try run(inputs)
        guard results.count == 1 else {
            throw GraphError(
                "the program has \(results.count) results (\(graph.outputNames)); run(_:) gives them all")
        }
        return results[0]
    }

    /// Runs the program on named inputs, and gives its results by name.
    public func run(_ inputs: [String: Tensor]) throws(GraphError) -> [String: Tensor] {
        graph.named(try run(try graph.ordered(inputs)))
    }

    /// Runs the program and gives its results, in order.
    /// - Throws: `GraphError` when the tensors do not fit the inputs.
    public func run(_ inputs: [Tensor]) throws(GraphError) -> [Tensor] {
        try run(inputs) { _, step throws(GraphError) in try step() }
    }

    /// Runs the program and writes its results over tensors that the caller owns, which must have their types: on the processor
    /// they are computed there, and nothing is allocated.
    /// - Throws: `GraphError` when the tensors do not fit the inputs or the results.
    public func run(_ inputs: [Tensor], into results: inout [Tensor]) throws(GraphError) {
        let device = try device(of: inputs)
        let plan = try plan(inputs, device)
        guard plan.results == results.map(\.spec) else {
            let (expected, given) = (plan.results.map(\.description), results.map(\.spec.description))
            throw GraphError(
                "results are \(expected.joined(separator: ", ")); they cannot be written into \(given.joined(separator: ", "))"
            )
        }
        for i in results.indices { results[i].makeWritable() }
        let found = try run(plan, inputs, on: device, into: results) { _, step throws(GraphError) in try step() }
        for i in found.indices where !found[i].liesWhere(results[i]) {
            results[i].device.backend.copy(found[i], into: results[i])
        }
    }

    /// The tensors that runs change, by the names of the constants: running averages. What is set here is used from the next
    /// run on.
    public var state: [String: Tensor] {
        get {
            changed.withLock { changed in
                Dictionary(
                    updated.map { position in
                        let node = graph.nodes[position]
                        return (node.name, changed[position] ?? node.constant!.tensor)
                    }
                ) { first, _ in first }
            }
        }
        set {
            changed.withLock { changed in
                for position in updated {
                    if let tensor = newValue[graph.nodes[position].name] { changed[position] = tensor }
                }
            }
        }
    }

    /// Runs the program, `around` each step.
    func run(
        _ given: [Tensor], around: (Plan.Step, () throws(GraphError) -> Void) throws(GraphError) -> Void
    ) throws(GraphError) -> [Tensor] {
        let device = try device(of: given)
        return try run(try plan(given, device), given, on: device, around: around)
    }

    private func run(
        _ plan: Plan, _ given: [Tensor], on device: Device, into results: [Tensor] = [],
        around: (Plan.Step, () throws(GraphError) -> Void) throws(GraphError) -> Void
    ) throws(GraphError) -> [Tensor] {
        guard device == .cpu else { return try compute(plan, given, device, around) }
        return try memories.run(plan.memory, into: results) { () throws(GraphError) in
            try compute(plan, given, device, around)
        }
    }

    private func compute(
        _ plan: Plan, _ given: [Tensor], _ device: Device,
        _ around: (Plan.Step, () throws(GraphError) -> Void) throws(GraphError) -> Void
    ) throws(GraphError) -> [Tensor] {
        var values = [Tensor?](repeating: nil, count: plan.placeCount)
        for (place, tensor) in plan.constants { values[place] = tensor }
        if !updated.isEmpty { changed.withLock { for (position, tensor) in $0 { values[position] = tensor } } }
        for (place, tensor) in zip(plan.inputs, given) { values[place] = tensor.detach().contiguous() }
        // What a kernel finds wrong with values, an index out of range, is thrown.
        try checked { try noGrad { try plan.compute(&values, on: device, around: around) } }
        if !updated.isEmpty {
            changed.withLock { for (position, place) in zip(updated, plan.updates) { $0[position] = values[place]! } }
        }
        return plan.outputs.map { values[$0]! }
    }

    /// Where a run computes: where its inputs are, all of them, and the constants.
    private func device(of given: [Tensor]) throws(GraphError) -> Device {
        let device = given.first?.device ?? home ?? .default
        guard device != .meta, home == nil || device == home, given.allSatisfy({ $0.device == device }) else {
            let found = Set(given.map { "'\($0.device)'" }).sorted().joined(separator: ", ")
            throw GraphError("inputs must be on '\(home ?? device)', where the program runs; they are on \(found)")
        }
        return device
    }

    /// The plans so far, and the one that was used last.
    private struct Plans {
        var all: [PlanKey: Plan] = [:]
        var last: (key: PlanKey, plan: Plan)?
    }

    /// What a plan is made for. Inputs that a plan was made for fit the graph.
    private struct PlanKey: Hashable {
        let inputs: [Spec]
        let isOnProcessor: Bool
    }

    private func plan(_ given: [Tensor], _ device: Device) throws(GraphError) -> Plan {
        let isOnProcessor = device == .cpu
        // Most runs have the sizes of the run before.
        if let last = plans.withLock({ $0.last }), last.key.isOnProcessor == isOnProcessor,
            last.key.inputs.count == given.count, zip(last.key.inputs, given).allSatisfy({ $0 == $1.spec })
        {
            return last.plan
        }
        let key = PlanKey(inputs: given.map(\.spec), isOnProcessor: isOnProcessor)
        let found = plans.withLock { $0.all[key] }
        let plan: Plan
        if let found {
            plan = found
        } else {
            let types = try ProgramTypes(graph, try graph.bind(given))
            plan = try Plan(graph, types, isOnProcessor ? weights : nil, keepsNaN: keepsNaN)
        }
        plans.withLock { plans in
            if found == nil, plans.all.count >= Self.planLimit { plans.all.removeAll() }
            plans.all[key] = plan
            plans.last = (key, plan)
        }
        return plan
    }
}

extension Graph {
    /// The program ready to run often.
    /// - Parameter keepsNaN: Whether a `relu` or clamp behind a convolution keeps NaN. By default it is computed in the pass of
    ///   the convolution, by oneDNN, which takes NaN for the lower bound there; numbers and infinities are the same.
    /// - Throws: `GraphError` when the graph is not valid.
    public func compiled(keepsNaN: Bool = false) throws(GraphError) -> Executable {
        try Executable(self, keepsNaN: keepsNaN)
    }
}

extension Tensor {
    /// True when both are the same elements in the same memory of the processor.
    fileprivate func liesWhere(_ other: Tensor) -> Bool {
        device == .cpu && pointer == other.pointer && layout.strides == other.layout.strides
    }
}
