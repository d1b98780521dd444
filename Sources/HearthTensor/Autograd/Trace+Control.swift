import CKernels

// How a trace notes choices and loops: their parts are programs of their own.

extension Trace {
    /// The trace of this thread when it follows a program on `meta`, outside of other operations.
    static var following: Trace? { current.flatMap { $0.onMeta && hk_thread().pointee.depth == 0 ? $0 : nil } }

    /// Notes that the program chooses or repeats while it computes.
    static func noteChoice(_ kind: TraceControl.Kind) {
        guard let trace = current, !trace.onMeta else { return }
        let control = TraceControl(
            kind: kind, operands: [], inputs: [], captureCount: 0, parts: [], result: Spec([], .bool),
            path: trace.currentPath)
        trace.append(.control(control))
    }

    /// Follows a part of the program on arguments of these types.
    /// - Parameter captures: What parts of the same choice or loop take from around them, by numbers there.
    /// - Returns: The part, and what it gives.
    func part(
        _ name: String, _ arguments: [Spec], _ captures: inout [TraceCapture], _ body: ([Tensor]) throws -> [Tensor]
    ) rethrows -> (part: TracePart, results: [Tensor]) {
        let level = frames.count
        let outerSources = sources
        frames.append(TraceFrame(given: TraceGiven(argumentCount: arguments.count, captures: captures)))
        sources = []
        // Also when the body throws.
        defer {
            frames.removeLast(frames.count - level)
            sources = outerSources
        }
        let given = arguments.enumerated().map { index, spec in
            let tensor = Tensor.placeholder(spec)
            append(.given(index: index), giving: tensor)
            return tensor
        }
        let results = try body(given)
        let numbers = results.map { number(of: $0) }
        captures = frames[level].given?.captures ?? []
        let blocks = sources.first?.blocks ?? 0
        return (TracePart(name: name, entries: frames[level].entries, results: numbers, drawnBlocks: blocks), results)
    }

    /// Notes a choice or a loop whose parts were followed, and gives its results.
    func note(
        _ kind: TraceControl.Kind, _ operands: [Tensor], _ captures: [TraceCapture], _ parts: [TracePart],
        results: [Spec]
    ) -> [Tensor] {
        guard let first = results.first else { return [] }
        var leading = 0
        if case .cond = kind { leading = 1 }
        let control = TraceControl(
            kind: kind, operands: operands.map { number(of: $0) } + captures.map(\.number),
            inputs: operands.dropFirst(leading).map(\.spec) + captures.map(\.spec), captureCount: captures.count,
            parts: parts, result: first, path: currentPath)
        let tensors = results.map { Tensor.placeholder($0) }
        let position = append(.control(control), giving: tensors[0])
        for (index, tensor) in tensors.enumerated().dropFirst() {
            append(.result(of: position, index: index, tensor.spec), giving: tensor)
        }
        return tensors
    }
}
