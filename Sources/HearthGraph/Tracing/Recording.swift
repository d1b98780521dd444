import HearthTensor

/// One trace of a program with the values that its results come from, numbered: what several traces are compared by.
struct Recording {
    private(set) var entries: [Trace.Entry]
    private(set) var results: [Int]
    private(set) var updates: [Int]
    /// The blocks of random numbers that were drawn.
    let drawnBlocks: Int

    /// - Parameters:
    ///   - results: What the program gave.
    ///   - updates: What it has left in buffers that it has written.
    /// - Throws: `GraphError` for a result that comes from no input and has no elements.
    init(_ trace: Trace, results: [Tensor], updates: [Tensor]) throws(GraphError) {
        let ends = (results + updates).map { trace.number(of: $0) }
        (self.results, self.updates) = (Array(ends.prefix(results.count)), Array(ends.dropFirst(results.count)))
        entries = trace.entries
        drawnBlocks = trace.sources.first?.blocks ?? 0
        keepOnlyWhatIsUsed()
        try checkConstants()
    }

    /// Leaves out what neither results nor updates come from, and numbers the rest anew. What is given stays.
    private mutating func keepOnlyWhatIsUsed() {
        var isUsed = Array(repeating: false, count: entries.count)
        for i in results + updates { isUsed[i] = true }
        for i in entries.indices.reversed() {
            if case .given = entries[i] { isUsed[i] = true }
            if isUsed[i], case .step(let step) = entries[i] { for operand in step.operands { isUsed[operand] = true } }
        }
        var numbers = Array(repeating: -1, count: entries.count)
        var kept: [Trace.Entry] = []
        for (i, entry) in entries.enumerated() where isUsed[i] {
            numbers[i] = kept.count
            kept.append(entry.renumbered { numbers[$0] })
        }
        entries = kept
        results = results.map { numbers[$0] }
        updates = updates.map { numbers[$0] }
    }

    private func checkConstants() throws(GraphError) {
        for (i, entry) in entries.enumerated() {
            guard case .constant(let tensor) = entry, !tensor.hasElements else { continue }
            let user = entries.first { $0.uses(i) }
            let rule =
                "a tensor of \(tensor.spec) was not computed from the inputs by operations, so the program cannot be told "
                + "without it: it was made on 'meta', or its making waits for elements"
            guard case .step(let step)? = user else { throw GraphError(rule) }
            throw GraphError(rule, operation: step.operation.label, path: step.path)
        }
    }
}

extension Trace.Entry {
    /// The same with other numbers for values.
    func renumbered(_ number: (Int) -> Int) -> Trace.Entry {
        switch self {
        case .given, .constant: self
        case .step(let step): .step(step.renumbered(number))
        case .kept(let step, let index, let spec): .kept(step: number(step), index: index, spec)
        case .effect(let body, let values): .effect(body, values: values.map { $0.map(number) })
        }
    }

    /// True for an operation that has this value as an operand.
    func uses(_ value: Int) -> Bool { if case .step(let step) = self { step.operands.contains(value) } else { false } }

    /// The value's shape and dtype; nil for what is given, which the caller knows.
    var spec: Spec? {
        switch self {
        case .given, .effect: nil
        case .constant(let tensor): tensor.spec
        case .step(let step): step.result
        case .kept(_, _, let spec): spec
        }
    }

    /// What it is, in words.
    var label: String {
        switch self {
        case .given(let number): "input \(number)"
        case .constant(let tensor): "a constant of \(tensor.spec)"
        case .step(let step): step.operation.label + (step.path.isEmpty ? "" : " in '\(step.path)'")
        case .kept(let step, _, _): "what step \(step) keeps"
        case .effect: "a step of an optimizer"
        }
    }
}
