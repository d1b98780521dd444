/// What was noted of a program, or of a part of it that is a program of its own: a branch, the body of a loop.
struct TraceFrame {
    var entries: [TraceEntry] = []
    /// The numbers of values by where they are.
    var values: [TracePlace: Int] = [:]
    /// What a part is given; nil for the whole program.
    var given: TraceGiven?
}

/// What a part is given: its arguments, then what it takes from the program around it.
struct TraceGiven {
    let argumentCount: Int
    var captures: [TraceCapture]
}

/// A value of the program around a part, by its number there.
struct TraceCapture {
    let number: Int
    let spec: Spec
}

/// Where a value is.
struct TracePlace: Hashable {
    let storage: Int
    let layout: Layout
    let dtype: DType
}

extension TraceFrame {
    /// The place at which a part is given a value of the program around it.
    mutating func index(capturing outer: Int, _ spec: Spec) -> Int {
        guard var given else { fatalError("the whole program is given no values from around it") }
        let position = given.captures.firstIndex { $0.number == outer } ?? given.captures.count
        if position == given.captures.count { given.captures.append(TraceCapture(number: outer, spec: spec)) }
        self.given = given
        return given.argumentCount + position
    }
}
