extension Trace {
    /// What was noted of a program, or of a part of it that is a program of its own: a branch, the body of a loop.
    struct Frame {
        var entries: [Entry] = []
        /// The numbers of values by where they are.
        var values: [Place: Int] = [:]
        /// What a part is given; nil for the whole program.
        var given: Given?
    }

    /// What a part is given: its arguments, then what it takes from the program around it.
    struct Given {
        let argumentCount: Int
        var captures: [Capture]
    }

    /// A value of the program around a part, by its number there.
    struct Capture {
        let number: Int
        let spec: Spec
    }

    /// Where a value is.
    struct Place: Hashable {
        let storage: Int
        let layout: Layout
        let dtype: DType
    }
}

extension Trace.Frame {
    /// The place at which a part is given a value of the program around it.
    mutating func index(capturing outer: Int, _ spec: Spec) -> Int {
        guard var given else { fatalError("the whole program is given no values from around it") }
        let position = given.captures.firstIndex { $0.number == outer } ?? given.captures.count
        if position == given.captures.count { given.captures.append(Trace.Capture(number: outer, spec: spec)) }
        self.given = given
        return given.argumentCount + position
    }
}

extension Tensor {
    /// A tensor without elements that is told apart from all others: what a traced program is given.
    package static func placeholder(_ spec: Spec) -> Tensor { placeholder(Layout(spec.shape), spec.dtype) }

    static func placeholder(_ layout: Layout, _ dtype: DType) -> Tensor {
        let storage = Storage(
            borrowing: NoMemory.shared.allocate(0), byteCount: 0, in: NoMemory.shared, release: {})
        return Tensor(Body(layout: layout, dtype: dtype, storage: storage, node: nil))
    }
}
