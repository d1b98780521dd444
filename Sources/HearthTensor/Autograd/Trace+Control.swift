import CKernels

// How a trace notes choices and loops: their parts are programs of their own.

extension Trace {
    /// A choice between two parts of a program, or a loop over one.
    package struct Control {
        /// What chooses or repeats.
        package enum Kind {
            /// The first operand says which of two parts runs on the others.
            case cond
            /// The first part says whether the second runs once more, at most as often as `limit` says.
            case loop(limit: Int?)
        }

        /// What chooses or repeats.
        package let kind: Kind
        /// The values that it is applied to; those that its parts take from around them come last.
        package let operands: [Int]
        /// The types of what its parts are given: the operands, but for the predicate of a choice.
        package let inputs: [Spec]
        /// How many of the last inputs are values that the parts take from around them.
        package let captureCount: Int
        /// The branches, or the condition and the body; none in a program that is traced while it computes.
        package let parts: [Part]
        /// The type of the first result.
        package let result: Spec
        /// The path of the module that was being computed.
        package let path: String

        /// The same with other numbers for values.
        package func renumbered(_ number: (Int) -> Int) -> Control {
            Control(
                kind: kind, operands: operands.map(number), inputs: inputs, captureCount: captureCount, parts: parts,
                result: result, path: path)
        }

        /// The same with other parts, which are given the inputs at these places alone: all arguments among them.
        package func keeping(_ places: [Int], parts: [Part]) -> Control {
            let leading = operands.count - inputs.count
            return Control(
                kind: kind, operands: operands.prefix(leading) + places.map { operands[leading + $0] },
                inputs: places.map { inputs[$0] }, captureCount: captureCount - inputs.count + places.count,
                parts: parts, result: result, path: path)
        }
    }

    /// A part of a program that is a program of its own, with numbers of its own for values.
    package struct Part {
        /// What it is: `then`, `body`.
        package let name: String
        /// What was noted. What it is given has the places of the operands: all of them, but for the predicate of a choice.
        package let entries: [Entry]
        /// The values that it gives.
        package let results: [Int]
        /// How many blocks of random numbers one run of it draws.
        package let drawnBlocks: Int

        /// A part of a program.
        package init(name: String, entries: [Entry], results: [Int], drawnBlocks: Int) {
            (self.name, self.entries, self.results, self.drawnBlocks) = (name, entries, results, drawnBlocks)
        }
    }

    /// The trace of this thread when it follows a program on `meta`, outside of other operations.
    static var following: Trace? { current.flatMap { $0.onMeta && hk_thread().pointee.depth == 0 ? $0 : nil } }

    /// Notes that the program chooses or repeats while it computes.
    static func noteChoice(_ kind: Control.Kind) {
        guard let trace = current, !trace.onMeta else { return }
        let control = Control(
            kind: kind, operands: [], inputs: [], captureCount: 0, parts: [], result: Spec([], .bool),
            path: trace.currentPath)
        trace.append(.control(control))
    }

    /// Follows a part of the program on arguments of these types.
    /// - Parameter captures: What parts of the same choice or loop take from around them, by numbers there.
    /// - Returns: The part, and what it gives.
    func part(
        _ name: String, _ arguments: [Spec], _ captures: inout [Capture], _ body: ([Tensor]) throws -> [Tensor]
    ) rethrows -> (part: Part, results: [Tensor]) {
        let level = frames.count
        let outerSources = sources
        frames.append(Frame(given: Given(argumentCount: arguments.count, captures: captures)))
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
        return (Part(name: name, entries: frames[level].entries, results: numbers, drawnBlocks: blocks), results)
    }

    /// Notes a choice or a loop whose parts were followed, and gives its results.
    func note(
        _ kind: Control.Kind, _ operands: [Tensor], _ captures: [Capture], _ parts: [Part], results: [Spec]
    ) -> [Tensor] {
        guard let first = results.first else { return [] }
        var leading = 0
        if case .cond = kind { leading = 1 }
        let control = Control(
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
