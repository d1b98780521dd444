import Synchronization

/// A place on the tape where a gradient arrives: an operation that was run, or a leaf that collects.
///
/// Not generic but for the operation itself, which a subclass adds, so that making and freeing one needs no type to be
/// looked up at run time. Unchecked because `state` guards what changes.
class Node: @unchecked Sendable {
    /// Later operations have larger numbers, so walking from the largest down meets every user of a result before
    /// its maker.
    final let sequence: UInt64
    /// The shape and dtype of the tensor that was made here, and so of its gradient.
    final let spec: Spec
    /// True for a tensor that was not computed.
    final let isLeaf: Bool
    private final let state: Mutex<State>

    private static let counter = Atomic<UInt64>(1)

    private struct State {
        /// What the derivative needs; nil in leaves, and after a walk has freed it.
        var record: Record?
        var hooks: [(id: Int, hook: @Sendable (Tensor) -> Tensor?)]? = nil
        var collects: Bool
        var gradient: Tensor? = nil
    }

    /// What an operation leaves on the tape.
    struct Record {
        /// Where the operands came from; nil for those without gradient.
        var inputs: Slots<Node>
        var kept: Kept

        /// True when an operand was itself computed.
        var hasComputedInput: Bool {
            for i in 0..<inputs.count { if let node = inputs[i], !node.isLeaf { return true } }
            return false
        }
    }

    init(_ spec: Spec, isLeaf: Bool, _ record: consuming Record?) {
        self.spec = spec
        self.isLeaf = isLeaf
        sequence = Self.counter.wrappingAdd(1, ordering: .relaxed).oldValue
        state = Mutex(State(record: record, collects: isLeaf))
    }

    /// A leaf, whose gradient is collected for the user.
    convenience init(leaf spec: Spec) { self.init(spec, isLeaf: true, nil) }

    /// The operation's name.
    var name: String { "leaf" }
    /// The name with the attributes, for messages.
    var label: String { name }

    /// The gradient of each input for the gradient of this place. Leaves have no inputs.
    func derivative(_ gradient: Tensor, _ kept: Kept) -> Gradients { Gradients(nil) }

    /// Gives the inputs and their gradients; nil for a leaf. Frees what was kept unless the graph is to be kept.
    final func backward(_ gradient: Tensor, keepGraph: Bool) -> (gradients: Gradients, inputs: Slots<Node>)? {
        if isLeaf { return nil }
        let taken = state.withLock { state in
            defer { if !keepGraph { state.record = nil } }
            return state.record
        }
        guard let taken else {
            stop(
                "backward", [spec],
                "a second time through '\(label)': the first backward has freed what it kept. Pass retainGraph: true to "
                    + "the first call, or compute the result again")
            return nil
        }
        return (derivative(gradient, taken.kept.restored(node: self)), taken.inputs)
    }

    /// What the derivative will need.
    final var keptTensors: [Tensor] {
        state.withLock { state in
            guard let kept = state.record?.kept else { return [] }
            return (0..<kept.count).map { kept[$0] }
        }
    }

    /// Where the operands came from, those without gradient left out.
    final var inputNodes: [Node] {
        state.withLock { state in
            guard let inputs = state.record?.inputs else { return [] }
            return (0..<inputs.count).compactMap { inputs[$0] }
        }
    }

    private final func takeInputs() -> Slots<Node>? {
        state.withLock { state in
            defer { state.record = nil }
            return state.record?.inputs
        }
    }

    deinit {
        // A chain of a hundred thousand operations must not be let go of by as many nested calls.
        let endsChain = state.withLock { !($0.record?.hasComputedInput ?? false) }
        if !endsChain { releaseChain() }
    }

    private final func releaseChain() {
        var orphans: [Node] = []
        var inputs = takeInputs()
        while true {
            if let inputs {
                for i in 0..<inputs.count { if let node = inputs[i], !node.isLeaf { orphans.append(node) } }
            }
            inputs = nil
            guard var orphan = orphans.popLast() else { return }
            if isKnownUniquelyReferenced(&orphan) { inputs = orphan.takeInputs() }
        }
    }
}

// What a user asked for about a place, besides the walk itself.
extension Node {
    /// The gradient collected here; nil before the first.
    final var gradient: Tensor? {
        get { state.withLock { $0.gradient } }
        set { state.withLock { $0.gradient = newValue } }
    }

    /// Asks for the gradient of an intermediate result to be kept.
    final func collect() { state.withLock { $0.collects = true } }

    /// Adds a hook and returns the number to remove it by.
    final func addHook(_ hook: @escaping @Sendable (Tensor) -> Tensor?) -> Int {
        state.withLock { state in
            let id = (state.hooks?.last?.id ?? 0) + 1
            state.hooks = (state.hooks ?? []) + [(id: id, hook: hook)]
            return id
        }
    }

    final func removeHook(_ id: Int) {
        state.withLock { state in state.hooks?.removeAll { $0.id == id } }
    }

    /// Runs the hooks on a complete gradient and collects the outcome where that was asked for.
    final func arrive(_ gradient: Tensor, accumulating: Bool) -> Tensor {
        if gradient.shape != spec.shape {
            stop(
                "backward", [gradient.spec],
                "the gradient that arrived at '\(label)' has shape \(gradient.shape); expected \(spec.shape)")
            return Tensor.zeros(spec.shape, dtype: spec.dtype, device: gradient.device)
        }
        let (hooks, collects) = state.withLock { ($0.hooks, $0.collects) }
        var gradient = gradient.dtype == spec.dtype ? gradient : gradient.to(spec.dtype)
        if let hooks { for entry in hooks { gradient = entry.hook(gradient) ?? gradient } }
        if collects && accumulating { accumulate(gradient) }
        return gradient
    }

    private final func accumulate(_ gradient: Tensor) {
        // Taken out for the addition, so that the sum can be made in place.
        let earlier: Tensor? = state.withLock { state in
            defer { state.gradient = nil }
            return state.gradient
        }
        var sum = gradient
        if var earlier {
            earlier += gradient
            sum = earlier
        }
        state.withLock { $0.gradient = sum }
    }
}
