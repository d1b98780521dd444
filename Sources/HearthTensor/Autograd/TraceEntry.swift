/// What gives a value, or happens on the way. Values are called by the number of their entry.
package enum TraceEntry {
    /// The program was given it: input or state number `index`.
    case given(index: Int)
    /// A tensor that neither was given nor came out of an operation.
    case constant(Tensor)
    /// The result of an operation.
    case step(TraceStep)
    /// A choice or a loop, and its first result.
    case control(TraceControl)
    /// A further result of a choice or a loop.
    case result(of: Int, index: Int, Spec)
    /// What an operation has kept for its derivative besides operands and result.
    case kept(step: Int, index: Int, Spec)
    /// Code that runs as it is between the operations before and after it; the values that each of the given places
    /// has by then.
    case effect(() -> Void, values: [Int?])
}

/// One operation that passed the door.
package struct TraceStep {
    /// The operation.
    package let operation: any TensorOperation
    /// The values that it was applied to.
    package let operands: [Int]
    /// What came of it.
    package let result: Spec
    /// The path of the module that was being computed.
    package let path: String

    /// The same with other numbers for values.
    package func renumbered(_ number: (Int) -> Int) -> TraceStep {
        TraceStep(operation: operation, operands: operands.map(number), result: result, path: path)
    }
}

/// A choice between two parts of a program, or a loop over one.
package struct TraceControl {
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
    package let parts: [TracePart]
    /// The type of the first result.
    package let result: Spec
    /// The path of the module that was being computed.
    package let path: String

    /// The same with other numbers for values.
    package func renumbered(_ number: (Int) -> Int) -> TraceControl {
        TraceControl(
            kind: kind, operands: operands.map(number), inputs: inputs, captureCount: captureCount, parts: parts,
            result: result, path: path)
    }

    /// The same with other parts, which are given the inputs at these places alone: all arguments among them.
    package func keeping(_ places: [Int], parts: [TracePart]) -> TraceControl {
        let leading = operands.count - inputs.count
        return TraceControl(
            kind: kind, operands: operands.prefix(leading) + places.map { operands[leading + $0] },
            inputs: places.map { inputs[$0] }, captureCount: captureCount - inputs.count + places.count,
            parts: parts, result: result, path: path)
    }
}

/// A part of a program that is a program of its own, with numbers of its own for values.
package struct TracePart {
    /// What it is: `then`, `body`.
    package let name: String
    /// What was noted. What it is given has the places of the operands: all of them, but for the predicate of a choice.
    package let entries: [TraceEntry]
    /// The values that it gives.
    package let results: [Int]
    /// How many blocks of random numbers one run of it draws.
    package let drawnBlocks: Int

    /// A part of a program.
    package init(name: String, entries: [TraceEntry], results: [Int], drawnBlocks: Int) {
        (self.name, self.entries, self.results, self.drawnBlocks) = (name, entries, results, drawnBlocks)
    }
}
