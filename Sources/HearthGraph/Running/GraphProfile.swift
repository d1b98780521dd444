import HearthTensor

/// How long each node of a graph took.
public struct GraphProfile: Sendable, CustomStringConvertible {
    /// One node's time.
    public struct Entry: Sendable {
        /// The node.
        public let node: Graph.Node
        /// The mean time of one run.
        public let time: Duration
    }

    /// The nodes, the slowest first.
    public let entries: [Entry]

    /// The time of one run, the sum of all nodes.
    public var time: Duration { entries.reduce(.zero) { $0 + $1.time } }

    /// A line for each of the twenty slowest nodes, with its share.
    public var description: String {
        let total = max(time / .microseconds(1), 1e-9)
        let lines = entries.prefix(20).map { entry in
            let microseconds = entry.time / .microseconds(1)
            let place = entry.node.path.isEmpty ? "" : "  # \(entry.node.path)"
            return Self.column(microseconds, 10) + Self.column(100 * microseconds / total, 8)
                + "  \(entry.node.operation!.operation.name) -> \(entry.node.type)\(place)"
        }
        return (["time (µs)       %  operation"] + lines).joined(separator: "\n")
    }

    private static func column(_ value: Double, _ width: Int) -> String {
        let tenths = Int((value * 10).rounded())
        let text = "\(tenths / 10).\(tenths % 10)"
        return String(repeating: " ", count: max(width - text.count, 0)) + text
    }
}

extension Executable {
    /// Runs the program several times and tells how long each node took.
    public func profile(_ inputs: [Tensor], runs: Int = 10) throws(GraphError) -> GraphProfile {
        var times: [Int: Duration] = [:]
        _ = try run(inputs)
        for _ in 0..<max(runs, 1) {
            _ = try run(inputs) { step, compute throws(GraphError) in
                let start = ContinuousClock.now
                try compute()
                times[step.position, default: .zero] += ContinuousClock.now - start
            }
        }
        let entries = times.map { GraphProfile.Entry(node: graph.nodes[$0.key], time: $0.value / max(runs, 1)) }
        return GraphProfile(entries: entries.sorted { $0.time > $1.time })
    }
}
