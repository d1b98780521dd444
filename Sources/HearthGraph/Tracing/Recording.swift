import HearthTensor

/// One trace of a program with the values that its results come from, numbered: what several traces are compared by.
struct Recording {
    let entries: [TraceEntry]
    let results: [Int]
    let updates: [Int]
    /// The blocks of random numbers that were drawn.
    let drawnBlocks: Int

    /// - Parameters:
    ///   - results: What the program gave.
    ///   - updates: What it has left in buffers that it has written.
    /// - Throws: `GraphError` for a result that comes from no input and has no elements.
    init(_ trace: Trace, inputCount: Int, results: [Tensor], updates: [Tensor]) throws(GraphError) {
        let ends = (results + updates).map { trace.number(of: $0) }
        let used = UsedEntries(trace.entries, inputCount: inputCount, ends: ends)
        entries = used.entries
        (self.results, self.updates) = (
            Array(used.ends.prefix(results.count)), Array(used.ends.dropFirst(results.count))
        )
        drawnBlocks = trace.sources.first?.blocks ?? 0
        try checkConstants()
    }

    /// A part of a program.
    init(_ part: TracePart) {
        (entries, results, updates, drawnBlocks) = (part.entries, part.results, [], part.drawnBlocks)
    }

    private func checkConstants() throws(GraphError) {
        for (i, entry) in entries.enumerated() {
            guard case .constant(let tensor) = entry, !tensor.hasElements else { continue }
            let user = entries.first { $0.uses(i) }
            let rule =
                "a tensor of \(tensor.spec) was not computed from the inputs by operations, so the program cannot be told "
                + "without it: it was made on 'meta', its making waits for elements, or it was computed in a branch or "
                + "a loop, which gives to the outside its results alone"
            switch user {
            case .step(let step): throw GraphError(rule, operation: step.operation.label, path: step.path)
            case .control(let control): throw GraphError(rule, operation: control.name, path: control.path)
            default: throw GraphError(rule)
            }
        }
    }
}

/// The entries of a program that something uses, numbered anew: first what it is given, one for each input whether it is
/// used or not, then what leads to its ends. The same in the parts of choices and loops.
private struct UsedEntries {
    let entries: [TraceEntry]
    let ends: [Int]

    init(_ all: [TraceEntry], inputCount: Int, ends: [Int]) {
        var all = all
        var isUsed = Array(repeating: false, count: all.count)
        for i in ends { isUsed[i] = true }
        for i in all.indices.reversed() where isUsed[i] {
            if case .control(let control) = all[i] { all[i] = .control(Self.used(control)) }
            for operand in all[i].operands { isUsed[operand] = true }
        }
        var numbers = Array(repeating: -1, count: all.count)
        var kept = (0..<inputCount).map { TraceEntry.given(index: $0) }
        for (i, entry) in all.enumerated() {
            if case .given(let index) = entry {
                numbers[i] = index
            } else if isUsed[i] {
                numbers[i] = kept.count
                kept.append(entry.renumbered { numbers[$0] })
            }
        }
        entries = kept
        self.ends = ends.map { numbers[$0] }
    }

    /// What of a choice or a loop is used: its arguments, and what a part that is used takes from around it.
    private static func used(_ control: TraceControl) -> TraceControl {
        let inputCount = control.inputs.count
        let parts = control.parts.map { UsedEntries($0.entries, inputCount: inputCount, ends: $0.results) }
        let uses = Set(parts.flatMap { part in part.ends + part.entries.flatMap(\.operands) })
        let kept = (0..<inputCount).filter { $0 < inputCount - control.captureCount || uses.contains($0) }
        var numbers = Array(repeating: -1, count: inputCount)
        for (new, old) in kept.enumerated() { numbers[old] = new }
        let dropped = inputCount - kept.count
        func number(_ old: Int) -> Int { old < inputCount ? numbers[old] : old - dropped }
        return control.keeping(
            kept,
            parts: zip(control.parts, parts).map { part, used in
                let inputs = kept.indices.map { TraceEntry.given(index: $0) }
                let rest = used.entries.dropFirst(inputCount).map { $0.renumbered(number) }
                return TracePart(
                    name: part.name, entries: inputs + rest, results: used.ends.map(number),
                    drawnBlocks: part.drawnBlocks)
            })
    }
}

extension TraceEntry {
    /// The same with other numbers for values.
    func renumbered(_ number: (Int) -> Int) -> TraceEntry {
        switch self {
        case .given, .constant: self
        case .step(let step): .step(step.renumbered(number))
        case .control(let control):
            .control(control.renumbered(number))
        case .result(let control, let index, let spec): .result(of: number(control), index: index, spec)
        case .kept(let step, let index, let spec): .kept(step: number(step), index: index, spec)
        case .effect(let body, let values): .effect(body, values: values.map { $0.map(number) })
        }
    }

    /// The values that it is computed from.
    var operands: [Int] {
        switch self {
        case .given, .constant, .kept, .effect: []
        case .step(let step): step.operands
        case .control(let control): control.operands
        case .result(let control, _, _): [control]
        }
    }

    /// True for an operation that has this value as an operand.
    func uses(_ value: Int) -> Bool { operands.contains(value) }

    /// The value's shape and dtype; nil for what is given, which the caller knows.
    var spec: Spec? {
        switch self {
        case .given, .effect: nil
        case .constant(let tensor): tensor.spec
        case .step(let step): step.result
        case .control(let control): control.result
        case .result(_, _, let spec): spec
        case .kept(_, _, let spec): spec
        }
    }

    /// What it is, in words.
    var label: String {
        switch self {
        case .given(let number): "input \(number)"
        case .constant(let tensor): "a constant of \(tensor.spec)"
        case .step(let step): step.operation.label + (step.path.isEmpty ? "" : " in '\(step.path)'")
        case .control(let control): control.name + (control.path.isEmpty ? "" : " in '\(control.path)'")
        case .result(_, let index, _): "result \(index) of a branch or loop"
        case .kept(let step, _, _): "what step \(step) keeps"
        case .effect: "a step of an optimizer"
        }
    }
}

extension TraceControl {
    /// The name of the operation.
    var name: String { if case .cond = kind { "cond" } else { "loop" } }
}
