import HearthTensor

/// One trace of a program, with its values numbered: what several traces are compared by.
struct Recording {
    /// What gives a value.
    enum Entry {
        case input(Int)
        case constant(Tensor)
        case step(Trace.Step, operands: [Int])
    }

    /// A place in memory, and so a value while a trace holds on to it.
    private struct Place: Hashable {
        let storage: ObjectIdentifier
        let layout: Layout
        let dtype: DType

        init(_ tensor: Tensor) {
            storage = tensor.storageIdentity
            layout = tensor.layout
            dtype = tensor.dtype
        }
    }

    private(set) var entries: [Entry] = []
    private(set) var results: [Int] = []
    private(set) var updates: [Int] = []
    /// The blocks of random numbers that were drawn.
    let drawnBlocks: Int
    private var places: [Place: Int] = [:]

    /// - Parameters:
    ///   - results: What the program gave.
    ///   - updates: What it has left in buffers that it has written.
    init(_ trace: Trace, inputs: [Tensor], results: [Tensor], updates: [Tensor]) throws(GraphError) {
        drawnBlocks = Int(trace.drawnBlocks)
        for (i, input) in inputs.enumerated() {
            entries.append(.input(i))
            places[Place(input)] = i
        }
        for step in trace.steps { try add(step) }
        self.results = try results.map { tensor throws(GraphError) in try number(of: tensor) }
        self.updates = try updates.map { tensor throws(GraphError) in try number(of: tensor) }
        keepOnlyWhatIsUsed(inputs.count)
    }

    private mutating func add(_ step: Trace.Step) throws(GraphError) {
        if step.overwrittenCount > 0 {
            throw GraphError(
                "it changes tensors in place, which only compiled training steps can", operation: step.operation.label,
                path: step.path)
        }
        let operands: [Int]
        do throws(GraphError) {
            operands = try step.operands.map { tensor throws(GraphError) in try number(of: tensor) }
        } catch {
            throw error.at(operation: step.operation.label, path: step.path)
        }
        let place = Place(step.result)
        // What shows its operand as it is, is no step.
        if let same = places[place], operands.contains(same) { return }
        places[place] = entries.count
        entries.append(.step(step, operands: operands))
    }

    private mutating func number(of tensor: Tensor) throws(GraphError) -> Int {
        let place = Place(tensor)
        if let number = places[place] { return number }
        guard tensor.hasElements else {
            throw GraphError(
                "a tensor of \(tensor.spec) was not computed from the inputs by operations, so the program cannot be told "
                    + "without it: it was made on 'meta', or its making waits for elements")
        }
        places[place] = entries.count
        entries.append(.constant(tensor))
        return entries.count - 1
    }

    /// Leaves out what neither results nor updates come from, and numbers the rest anew. Inputs stay.
    private mutating func keepOnlyWhatIsUsed(_ inputCount: Int) {
        var isUsed = Array(repeating: false, count: entries.count)
        for i in 0..<inputCount { isUsed[i] = true }
        for i in results + updates { isUsed[i] = true }
        for i in entries.indices.reversed() where isUsed[i] {
            if case .step(_, let operands) = entries[i] { for operand in operands { isUsed[operand] = true } }
        }
        var numbers = Array(repeating: -1, count: entries.count)
        var kept: [Entry] = []
        for (i, entry) in entries.enumerated() where isUsed[i] {
            numbers[i] = kept.count
            if case .step(let step, let operands) = entry {
                kept.append(.step(step, operands: operands.map { numbers[$0] }))
            } else {
                kept.append(entry)
            }
        }
        entries = kept
        results = results.map { numbers[$0] }
        updates = updates.map { numbers[$0] }
        places = [:]
    }
}

extension Recording.Entry {
    /// The value's shape and dtype; nil for an input, which the caller knows.
    var spec: Spec? {
        switch self {
        case .input: nil
        case .constant(let tensor): tensor.spec
        case .step(let step, _): step.result.spec
        }
    }

    /// What it is, in words.
    var label: String {
        switch self {
        case .input(let number): "input \(number)"
        case .constant(let tensor): "a constant of \(tensor.spec)"
        case .step(let step, _): step.operation.label + (step.path.isEmpty ? "" : " in '\(step.path)'")
        }
    }
}
