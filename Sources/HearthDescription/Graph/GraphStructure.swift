import HearthGraph

/// A part of a graph as layers: one layer, or branches that begin at one value and are joined.
indirect enum GraphPart {
    case layer(WrittenLayer, path: [String])
    case join(Branches.Joining, branches: [[GraphPart]], path: [String])

    /// The path of the module that computed it.
    var path: [String] {
        switch self {
        case .layer(_, let path), .join(_, _, let path): path
        }
    }
}

/// Finds sequences and branches in a graph: a value that all ways to a join pass is where its branches begin.
struct GraphStructure {
    private let writing: LayerWriting
    /// Of each value, the last that all ways from the input to it pass.
    private var dominators: [Int: Int] = [:]
    private var depths: [Int: Int] = [:]
    private var used: Set<Int> = []

    /// The parts of a graph, first to last. Throws `GraphError` that names the node which is no layer.
    static func parts(of graph: Graph) throws(GraphError) -> [GraphPart] {
        guard graph.inputs.count == 1, graph.outputs.count == 1 else {
            throw GraphError(
                "a description has one input and one result; this program has \(graph.inputs.count) and "
                    + "\(graph.outputs.count)")
        }
        if let shared = graph.sharedParameter {
            throw GraphError(
                "the parameter '\(shared)' is used in several places, and the layers of a description share none")
        }
        var structure = GraphStructure(writing: LayerWriting(graph))
        try structure.findDominators()
        return try structure.chain(from: graph.inputs[0].id, to: graph.outputs[0].node)
    }

    private init(writing: LayerWriting) { self.writing = writing }

    /// The operands that depend on the input; of a normalisation its input alone, since its statistics follow from that.
    private func operands(_ node: Graph.Node) -> [Int] {
        let operands = node.operation?.operation.name == "standardise" ? [node.operands[0]] : node.operands
        return operands.filter { depths[$0] != nil }
    }

    private mutating func findDominators() throws(GraphError) {
        for node in writing.graph.nodes {
            if node.isInput { depths[node.id] = 0 }
            let operands = operands(node)
            guard var common = operands.first else { continue }
            for other in operands.dropFirst() { common = meeting(common, other) }
            dominators[node.id] = common
            depths[node.id] = depths[common]! + 1
        }
    }

    /// The last value that all ways to both values pass.
    private func meeting(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (a, b)
        while a != b {
            if depths[a]! >= depths[b]! { a = dominators[a] ?? b } else { b = dominators[b] ?? a }
        }
        return a
    }

    /// The parts that lead from one value to another.
    private mutating func chain(from start: Int, to end: Int) throws(GraphError) -> [GraphPart] {
        var parts: [GraphPart] = []
        var current = end
        while current != start {
            let node = writing.node(current)
            let operands = operands(node)
            guard let before = dominators[current] else { throw writing.refusal(node, "does not depend on the input") }
            guard used.insert(current).inserted else {
                throw writing.refusal(node, "its result is used in several branches, so it stands in none")
            }
            let path = node.path.split(separator: ".").map(String.init)
            if let mean = writing.mean(node) {
                parts.append(.layer(mean.layer, path: path))
                current = mean.x
                continue
            }
            if operands.count == 1, node.operation?.operation.name != "cat" {
                parts.append(.layer(try writing.layer(node), path: path))
            } else {
                let joining = try joining(node)
                let branches = try operands.map { operand throws(GraphError) in
                    try chain(from: before, to: joining == .product ? beforeExpansion(operand) : operand)
                }
                parts.append(.join(joining, branches: branches, path: path))
            }
            current = before
        }
        return parts.reversed()
    }

    /// The value that is only spread over more elements to be multiplied, as a product does by itself.
    private func beforeExpansion(_ id: Int) -> Int {
        let node = writing.node(id)
        return node.operation?.operation.name == "expand" ? node.operands[0] : id
    }

    private func joining(_ node: Graph.Node) throws(GraphError) -> Branches.Joining {
        guard let operation = node.operation?.operation, operands(node).count == node.operands.count else {
            throw writing.refusal(node, "it joins constants, too")
        }
        switch operation.name {
        case "add" where node.operands.allSatisfy({ writing.node($0).shape == node.shape }): return .sum
        case "mul": return .product
        case "cat":
            guard case .size(let size) = operation["dim"], let dim = size.fixed else { break }
            return .concatenation(dim: dim)
        default: break
        }
        throw writing.refusal(node, "branches are added, multiplied or joined by cat")
    }
}

extension Graph {
    /// The name of a parameter that several operations use.
    fileprivate var sharedParameter: String? {
        var users: [Int: Int] = [:]
        for node in nodes { for operand in Set(node.operands) { users[operand, default: 0] += 1 } }
        return nodes.first { $0.constant?.role == .parameter && users[$0.id] ?? 0 > 1 }?.name
    }
}
