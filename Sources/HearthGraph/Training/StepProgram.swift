import HearthTensor

/// A training step that did the same twice, ready to run: the operations, in order, and the code between them that runs as
/// it is.
final class StepProgram {
    /// Something that a run does.
    private enum Action {
        /// Takes a value from a place of the state.
        case take(place: Int, value: Int)
        case operation(Operation)
        /// Puts values into the places of the state, and runs code that changes them.
        case effect(() -> Void, changes: [(place: Int, value: Int?)])
    }

    /// An operation of a run.
    private struct Operation {
        let operation: any TensorOperation
        let operands: [Int]
        let result: Spec
        let value: Int
        /// What of it is kept for its derivative: positions among what it keeps, and the values that they are.
        let kept: [(index: Int, value: Int)]
        /// Attributes with a place in the random numbers, which begin somewhere else in each run.
        let random: [GraphAttribute.Field]?
        /// Values that nothing uses afterwards.
        let released: [Int]
    }

    private var actions: [Action] = []
    private let constants: [(value: Int, tensor: Tensor)]
    private let inputs: [(index: Int, value: Int)]
    private let results: [Int]
    private let valueCount: Int
    private let sources: [(generator: Generator, blocks: Int)]

    /// The number of operations of a run.
    var operationCount: Int { actions.count { if case .operation = $0 { true } else { false } } }

    /// - Throws: `GraphError` when the two calls did not do the same.
    init(_ first: StepRecording, _ second: StepRecording) throws(GraphError) {
        try StepProgram.compare(first, second)
        let uses = Uses(first)
        valueCount = first.entries.count
        sources = first.sources
        results = first.results
        constants = first.entries.enumerated().compactMap { value, entry in
            if case .constant(let tensor) = entry, uses.isUsed[value] { (value, tensor) } else { nil }
        }
        inputs = first.entries.enumerated().compactMap { value, entry in
            if case .given(let index) = entry, index < first.inputCount { (index, value) } else { nil }
        }
        for (value, entry) in first.entries.enumerated() {
            switch entry {
            case .given(let index) where index >= first.inputCount && uses.isUsed[value]:
                actions.append(.take(place: index - first.inputCount, value: value))
            case .step(let step) where uses.isUsed[value] || uses.kept[value] != nil:
                let attributes = GraphAttribute.fields(first.attributes(of: step.operation))
                actions.append(
                    .operation(
                        Operation(
                            operation: step.operation, operands: step.operands, result: step.result, value: value,
                            kept: uses.kept[value] ?? [],
                            random: attributes.contains(where: \.value.isRandom) ? attributes : nil,
                            released: uses.released[value] ?? [])))
            case .effect(let body, _): actions.append(.effect(body, changes: uses.changes[value]!))
            default: break
            }
        }
        actions.append(.effect({}, changes: uses.lastChanges))
    }

    // MARK: Running

    /// Runs the step: reads and changes the state in `places`.
    func run(_ given: [Tensor], _ places: StatePlaces) throws(GraphError) -> [Tensor] {
        var values = [Tensor?](repeating: nil, count: valueCount)
        for (value, tensor) in constants { values[value] = tensor }
        for (index, value) in inputs { values[value] = given[index] }
        let base = sources.isEmpty ? nil : RandomBase(drawing: sources)
        let device = given.first?.device ?? .default
        try checked { try noGrad { for action in actions { try run(action, &values, places, base, on: device) } } }
        return results.map { values[$0]! }
    }

    private func run(
        _ action: Action, _ values: inout [Tensor?], _ places: StatePlaces, _ base: RandomBase?, on device: Device
    ) throws(GraphError) {
        switch action {
        case .take(let place, let value): values[value] = places[place]
        case .operation(let step):
            let x = step.operands.map { values[$0]! }
            let operation = try step.random.map { fields throws(GraphError) in try remade(step, fields, base) }
            let made = operation ?? step.operation
            if step.kept.isEmpty {
                for value in step.released { values[value] = nil }
                values[step.value] = made.computed(x, step.result, on: device)
            } else {
                let (y, kept) = made.computedKeeping(x, step.result, on: device)
                values[step.value] = y
                for (index, value) in step.kept { values[value] = kept[index] }
                for value in step.released { values[value] = nil }
            }
        case .effect(let body, let changes):
            for (place, value) in changes { places[place] = value.map { values[$0]! } }
            body()
        }
    }

    private func remade(
        _ step: Operation, _ fields: [GraphAttribute.Field], _ base: RandomBase?
    ) throws(GraphError) -> any TensorOperation {
        let attributes = try GraphAttribute.attributes(fields, in: SizeTable(random: base))
        do { return try Operations.make(step.operation.name, attributes) } catch {
            throw GraphError(error.description, operation: step.operation.name)
        }
    }

    // MARK: Comparing

    private static func compare(_ a: StepRecording, _ b: StepRecording) throws(GraphError) {
        for (value, (x, y)) in zip(a.entries, b.entries).enumerated() {
            do throws(GraphError) { try compare(x, y, a, b) } catch {
                guard case .step(let user)? = a.entries.first(where: { $0.uses(value) }) else { throw error }
                throw error.at(operation: user.operation.label, path: user.path)
            }
        }
        guard a.entries.count == b.entries.count, a.results == b.results, a.state == b.state,
            a.sources.map(\.blocks) == b.sources.map(\.blocks),
            zip(a.sources, b.sources).allSatisfy({ $0.generator === $1.generator })
        else {
            let longer = a.entries.count >= b.entries.count ? a : b
            let extra = longer.entries[min(a.entries.count, b.entries.count, longer.entries.count - 1)]
            throw GraphError("the step is not the same in two calls: \(extra.label) is not always there")
        }
    }

    private static func compare(
        _ x: TraceEntry, _ y: TraceEntry, _ a: StepRecording, _ b: StepRecording
    ) throws(GraphError) {
        switch (x, y) {
        case (.given(let i), .given(let j)) where i == j: return
        case (.constant(let s), .constant(let t)):
            if s.hasSameBits(as: t) { return }
            throw GraphError(
                "a tensor of \(s.spec) that comes from outside of the step is another one in the next call; give it to the "
                    + "step as an input, or make it of operations")
        case (.kept(let i, let k, _), .kept(let j, let l, _)) where i == j && k == l: return
        case (.effect(_, let v), .effect(_, let w)) where v == w: return
        case (.step(let s), .step(let t)) where s.operation.name == t.operation.name && s.operands == t.operands:
            let (p, q) = (a.attributes(of: s.operation), b.attributes(of: t.operation))
            if p == q, s.result == t.result { return }
            throw GraphError(
                "its attributes are (\(p)) in one call and (\(q)) in the next: a number that changes from step to step must be "
                    + "an input, a tensor of one element", operation: s.operation.name, path: s.path)
        default:
            throw GraphError(
                "the step is not the same in two calls: \(x.label) once, \(y.label) in the next. Its course must not depend "
                    + "on values, nor on what it counts")
        }
    }
}

/// Which values of a recorded step are used, and after which operation each is used last.
private struct Uses {
    /// Places whose values are other ones than they were given, and these values.
    typealias Changes = [(place: Int, value: Int?)]

    private(set) var isUsed: [Bool]
    /// What of an operation's kept tensors is used, by the operation's value.
    private(set) var kept: [Int: [(index: Int, value: Int)]] = [:]
    /// The values that are used last by an operation. Parameters are among them, so that nobody else refers to one when an
    /// optimizer writes over it.
    private(set) var released: [Int: [Int]] = [:]
    /// What places have become before each effect, and at the end.
    private(set) var changes: [Int: Changes] = [:]
    let lastChanges: Changes

    init(_ recording: StepRecording) {
        let entries = recording.entries
        isUsed = Array(repeating: false, count: entries.count)
        var given = [Int?](repeating: nil, count: recording.state.count)
        for (value, entry) in entries.enumerated() {
            switch entry {
            case .given(let index) where index >= recording.inputCount: given[index - recording.inputCount] = value
            case .effect(_, let values):
                changes[value] = Self.changes(Array(values.dropFirst(recording.inputCount)), given)
            default: break
            }
        }
        lastChanges = Self.changes(recording.state, given)
        let written = (changes.values.joined() + lastChanges).compactMap(\.value)
        for value in recording.results + written { isUsed[value] = true }
        findLastUses(entries)
    }

    private static func changes(_ values: [Int?], _ given: [Int?]) -> Changes {
        zip(values, given).enumerated().compactMap { place, pair in
            pair.0 == pair.1 ? nil : (place: place, value: pair.0)
        }
    }

    private mutating func findLastUses(_ entries: [TraceEntry]) {
        for (value, entry) in entries.enumerated().reversed() {
            switch entry {
            case .step(let step):
                // An operation of which only what it keeps is used runs all the same.
                guard isUsed[value] || kept[value] != nil else { continue }
                for operand in step.operands where !isUsed[operand] {
                    isUsed[operand] = true
                    released[value, default: []].append(operand)
                }
            case .kept(let step, let index, _) where isUsed[value]:
                kept[step, default: []].append((index, value))
            default: break
            }
        }
    }
}
