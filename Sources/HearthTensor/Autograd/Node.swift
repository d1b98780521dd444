import Synchronization

/// A place on the tape where a gradient arrives: an operation that was run, or a leaf that collects.
///
/// Unchecked because subclasses guard what changes with `state`.
class Node: @unchecked Sendable {
    /// Later operations have larger numbers, so walking from the largest down meets every user of a result before
    /// its maker.
    let sequence: UInt64
    /// The shape and dtype of the tensor that was made here, and so of its gradient.
    let spec: Spec
    private let watch = Mutex(Watch())

    private static let counter = Atomic<UInt64>(1)

    /// What a user asked for about this place, besides the walk itself.
    private struct Watch {
        var hooks: [(id: Int, hook: @Sendable (Tensor) -> Tensor?)] = []
        var nextHook = 0
        var collects = false
        var gradient: Tensor?
    }

    init(_ spec: Spec) {
        self.spec = spec
        sequence = Self.counter.wrappingAdd(1, ordering: .relaxed).oldValue
    }

    /// The name for messages.
    var label: String { fatalError("abstract") }

    /// Gives the gradient of each input for the gradient of this place, and the inputs.
    func backward(_ gradient: Tensor, keepGraph: Bool) -> (gradients: Gradients, inputs: Slots<Node>)? {
        fatalError("abstract")
    }

    /// Takes the inputs out, so that a long chain can be let go of in a loop.
    func takeInputs() -> Slots<Node> { Slots() }

    /// The gradient collected here; nil before the first.
    final var gradient: Tensor? {
        get { watch.withLock { $0.gradient } }
        set { watch.withLock { $0.gradient = newValue } }
    }

    /// Asks for the gradient of an intermediate result to be kept.
    final func collect() { watch.withLock { $0.collects = true } }

    /// Adds a hook and returns the number to remove it by.
    final func addHook(_ hook: @escaping @Sendable (Tensor) -> Tensor?) -> Int {
        watch.withLock {
            $0.nextHook += 1
            $0.hooks.append((id: $0.nextHook, hook: hook))
            return $0.nextHook
        }
    }

    final func removeHook(_ id: Int) { watch.withLock { watch in watch.hooks.removeAll { $0.id == id } } }

    /// Runs the hooks on a complete gradient and collects the outcome where that was asked for.
    final func arrive(_ gradient: Tensor, accumulating: Bool) -> Tensor {
        if gradient.shape != spec.shape {
            fatalError("the gradient that arrived at '\(label)' has shape \(gradient.shape); expected \(spec.shape)")
        }
        let (hooks, collects) = watch.withLock { ($0.hooks, $0.collects) }
        var gradient = gradient.dtype == spec.dtype ? gradient : gradient.to(spec.dtype)
        for entry in hooks { gradient = entry.hook(gradient) ?? gradient }
        if collects && accumulating { accumulate(gradient) }
        return gradient
    }

    final func accumulate(_ gradient: Tensor) {
        // Taken out for the addition, so that the sum can be made in place.
        let earlier: Tensor? = watch.withLock { watch in
            defer { watch.gradient = nil }
            return watch.gradient
        }
        var sum = gradient
        if var earlier {
            earlier += gradient
            sum = earlier
        }
        watch.withLock { $0.gradient = sum }
    }
}

/// A tensor that was not computed: its gradient is collected for the user.
final class Leaf: Node, @unchecked Sendable {
    override init(_ spec: Spec) {
        super.init(spec)
        collect()
    }

    override var label: String { "leaf" }

    override func backward(_ gradient: Tensor, keepGraph: Bool) -> (gradients: Gradients, inputs: Slots<Node>)? { nil }
}

/// An operation that was run, with what it kept.
final class OperationNode<O: Operation>: Node, @unchecked Sendable {
    private let operation: O
    private let record: Mutex<Record?>

    private struct Record {
        var inputs: Slots<Node>
        var kept: Kept
        /// Which of the kept tensors are the operation's own result.
        var results: UInt64
    }

    init(_ operation: O, _ x: Operands, _ kept: Kept, _ result: Tensor) {
        self.operation = operation
        var inputs = Slots<Node>()
        var needed: UInt64 = 0
        for i in 0..<x.count {
            let node = x[i].body.node
            inputs.append(node)
            if node != nil && i < 64 { needed |= 1 << UInt64(i) }
        }
        record = Mutex(
            Record(
                inputs: inputs, kept: kept.recorded(result: result, needed: needed), results: kept.places(of: result)))
        super.init(result.spec)
    }

    override var label: String { operation.label }

    override func backward(_ gradient: Tensor, keepGraph: Bool) -> (gradients: Gradients, inputs: Slots<Node>)? {
        let taken = record.withLock { record in
            defer { if !keepGraph { record = nil } }
            return record
        }
        guard let taken else {
            fatalError(
                "backward through '\(label)' a second time: the first backward has freed what it kept. "
                    + "Pass retainGraph: true to the first call, or compute the result again")
        }
        let kept = taken.kept.restored(results: taken.results, node: self)
        return (operation.gradient(gradient, kept), taken.inputs)
    }

    override func takeInputs() -> Slots<Node> {
        record.withLock { record in
            defer { record = nil }
            return record?.inputs ?? Slots()
        }
    }

    deinit {
        // A chain of a hundred thousand operations must not be let go of by as many nested calls.
        var inputs = takeInputs()
        var orphans: [Node] = []
        while true {
            for i in 0..<inputs.count { if let node = inputs[i], !(node is Leaf) { orphans.append(node) } }
            inputs = Slots()
            guard var orphan = orphans.popLast() else { return }
            if isKnownUniquelyReferenced(&orphan) { inputs = orphan.takeInputs() }
        }
    }
}
