import HearthTensor

/// One call of a training step as it was traced on real tensors.
struct StepRecording {
    let entries: [TraceEntry]
    /// The values of the results.
    let results: [Int]
    /// The values that the places of the state had at the end.
    let state: [Int?]
    let inputCount: Int
    /// The generators that it drew from, and how many blocks.
    let sources: [(generator: Generator, blocks: Int)]
    private let draws: [(source: Int, offset: Int)]

    /// - Throws: `GraphError` for a step that chooses or repeats by its data.
    init(_ trace: Trace, inputCount: Int, results: [Tensor]) throws(GraphError) {
        for case .control(let control) in trace.entries {
            throw GraphError(
                "a compiled step takes one course, and this one depends on data. Choose with Tensor.where, repeat a fixed "
                    + "number of times, or run the step without compiling it", operation: control.name,
                path: control.path)
        }
        self.results = results.map { trace.number(of: $0) }
        state = Array(trace.stateValues.dropFirst(inputCount))
        entries = trace.entries
        self.inputCount = inputCount
        sources = trace.sources.map { ($0.generator, $0.blocks) }
        draws = trace.draws
    }

    /// The attributes of an operation, with places in the random numbers counted from where they began.
    func attributes(of operation: any TensorOperation) -> Attributes { counted(operation.attributes) }

    private func counted(_ attributes: Attributes) -> Attributes {
        Attributes(attributes.entries.map { (name: $0.name, value: counted($0.value)) })
    }

    private func counted(_ value: AttributeValue) -> AttributeValue {
        switch value {
        case .record(let attributes):
            if let stream = try? RandomStream(attributes), draws.indices.contains(stream.draw - 1) {
                let draw = draws[stream.draw - 1]
                return .record(["seed": RandomBase.seed(draw.source), "offset": draw.offset])
            }
            return .record(counted(attributes))
        case .list(let values): return .list(values.map(counted))
        default: return value
        }
    }
}
