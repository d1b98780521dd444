import HearthTensor

/// What a choice or a loop does for one set of sizes.
enum ControlPlan: Sendable {
    case cond(then: Plan, else: Plan)
    case loop(while: Plan, do: Plan, limit: Int?)

    /// Runs a branch, or the body as often as the condition says, and gives the results. Their memory is not planned, since
    /// the next run may take another course.
    /// - Throws: `GraphError` for values that do not fit, and when the task is cancelled during a loop.
    func run(_ x: [Tensor], on device: Device) throws(GraphError) -> [Tensor] {
        try RunMemory.unplanned.use { () throws(GraphError) in try results(of: x, on: device) }
    }

    private func results(of x: [Tensor], on device: Device) throws(GraphError) -> [Tensor] {
        switch self {
        case .cond(let first, let second):
            return try (x[0].item(as: Bool.self) ? first : second).results(of: x[1...], on: device)
        case .loop(let condition, let body, let limit):
            var (x, turns) = (x, 0)
            while turns < limit ?? .max, try condition.results(of: x[...], on: device)[0].item(as: Bool.self) {
                if Task.isCancelled { throw GraphError("the task was cancelled after \(turns) turns of a loop") }
                let state = try body.results(of: x[...], on: device)
                x.replaceSubrange(..<state.count, with: state)
                turns += 1
            }
            return Array(x.prefix(body.outputs.count))
        }
    }
}

extension Plan {
    /// Runs the program of a branch or of a loop.
    fileprivate func results(of given: ArraySlice<Tensor>, on device: Device) throws(GraphError) -> [Tensor] {
        var values = [Tensor?](repeating: nil, count: placeCount)
        for (place, tensor) in constants { values[place] = tensor }
        for (place, tensor) in zip(inputs, given) { values[place] = tensor.contiguous() }
        try compute(&values, on: device) { _, step throws(GraphError) in try step() }
        return outputs.map { values[$0]! }
    }
}
