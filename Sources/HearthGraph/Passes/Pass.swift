import HearthTensor

/// A change of a graph that leaves its results as they are, to rounding: one of the steps of `optimized()`.
///
///     print(Pass.all.map(\.name))        // ["fold-constants", "simplify", …]
///     let graph = try graph.optimized(without: ["fold-batch-norm"])
public struct Pass: Sendable {
    /// What the pass is called: `fold-batch-norm`.
    public let name: String
    /// What it does, in a line.
    public let summary: String
    /// Changes a graph and tells what it changed, a line for each change.
    let body: @Sendable (inout Graph) throws(GraphError) -> [String]

    init(
        _ name: String, _ summary: String, _ body: @escaping @Sendable (inout Graph) throws(GraphError) -> [String]
    ) {
        self.name = name
        self.summary = summary
        self.body = body
    }

    /// All passes, in the order in which they run.
    public static let all: [Pass] = [
        .dropUnused, .simplify, .mergeDuplicates, .foldConstants, .useNumbers, .joinPatterns, .foldBatchNorm,
        .mergeConstants,
    ]

    /// The graph after this pass, and what was changed.
    public func callAsFunction(_ graph: Graph) throws(GraphError) -> (graph: Graph, changes: [String]) {
        var graph = graph
        // What becomes a constant here may make more constants in branches and loops.
        var changes = try body(&graph)
        try graph.changeParts { part throws(GraphError) in
            let (changed, found) = try self(part)
            changes += found
            return changed
        }
        return (graph.withoutUnused(), changes)
    }
}

/// What a pass has changed.
public struct PassReport: Sendable, CustomStringConvertible {
    /// The pass.
    public let pass: String
    /// A line for each change.
    public let changes: [String]
    /// The number of operations before and after.
    public let operations: (before: Int, after: Int)

    /// The pass with its number of changes.
    public var description: String {
        let count = changes.count == 1 ? "1 change" : "\(changes.count) changes"
        return "\(pass): \(count), \(operations.before) to \(operations.after) operations"
    }
}

extension Graph {
    /// The same program made faster by all passes but those that are named. It is for running: weights that were folded
    /// together are not parameters any more.
    /// - Throws: `GraphError` for a name that no pass has.
    public func optimized(without names: [String] = []) throws(GraphError) -> Graph {
        try optimizing(without: names).graph
    }

    /// `optimized(without:)`, and what each pass has changed.
    public func optimizing(without names: [String] = []) throws(GraphError) -> (graph: Graph, reports: [PassReport]) {
        if let unknown = names.first(where: { name in !Pass.all.contains { $0.name == name } }) {
            throw GraphError(
                "there is no pass '\(unknown)'; passes are \(Pass.all.map(\.name).joined(separator: ", "))")
        }
        var graph = self
        var reports: [PassReport] = []
        for pass in Pass.all where !names.contains(pass.name) {
            let before = graph.operationCount
            let (next, changes) = try pass(graph)
            graph = next
            reports.append(
                PassReport(pass: pass.name, changes: changes, operations: (before, graph.operationCount)))
        }
        return (graph, reports)
    }

    /// The number of nodes that compute, those in branches and loops among them.
    public var operationCount: Int {
        nodes.reduce(0) { count, node in
            guard let (operation, _) = node.operation else { return count }
            return operation.parts.reduce(count + 1) { $0 + $1.program.operationCount }
        }
    }

    /// The nodes that use each value, and how often results and updates do.
    var useCounts: [Int: Int] {
        var counts: [Int: Int] = [:]
        for node in nodes { for operand in node.operands { counts[operand, default: 0] += 1 } }
        for output in outputs { counts[output.node, default: 0] += 1 }
        for update in updates {
            counts[update.node, default: 0] += 1
            counts[update.constant, default: 0] += 1
        }
        return counts
    }
}
