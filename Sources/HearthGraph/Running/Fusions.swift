import HearthTensor

/// What of a program is computed in one pass on the processor: found before the steps of a plan are made, by the node that
/// gives the last value of the pass.
struct Fusions {
    /// A convolution whose weights are ready, with what is done to its result in the same pass.
    struct Convolution {
        let prepared: PreparedConvolution
        let x: Int
        /// What is added to the result.
        let other: Int?
    }

    /// Functions of elements that are computed tile by tile.
    struct Chain {
        let chain: ElementwiseChain
        /// The nodes whose values it reads.
        let operands: [Int]
    }

    /// One pass.
    enum Pass {
        case convolution(Convolution)
        case chain(Chain)
    }

    /// The passes, by the last node of each.
    private(set) var passes: [Int: Pass] = [:]
    /// Nodes whose values exist only inside a pass.
    private(set) var inner: Set<Int> = []

    private let graph: Graph
    private let types: ProgramTypes
    private let operations: [Int: any TensorOperation]
    private let weights: PreparedWeights
    /// How often each value is used.
    private let uses: [Int: Int]
    /// The nodes that use each value, as often as they do.
    private var users: [Int: [Graph.Node]] = [:]

    /// - Parameters:
    ///   - operations: The operations that are the same in every run, by node.
    ///   - absorbs: Whether what follows a convolution may be done in its pass.
    init(
        _ graph: Graph, _ types: ProgramTypes, _ operations: [Int: any TensorOperation], _ weights: PreparedWeights,
        absorbs: Bool
    ) {
        (self.graph, self.types, self.operations, self.weights) = (graph, types, operations, weights)
        uses = graph.useCounts
        for node in graph.nodes { for operand in node.operands { users[operand, default: []].append(node) } }
        for node in graph.nodes where operations[node.id]?.name == "convolve" { addConvolution(node, absorbs) }
        for node in graph.nodes.reversed() where canChain(node) { addChain(node) }
    }

    /// True for nodes that another pass computes.
    private func isTaken(_ id: Int) -> Bool { inner.contains(id) || passes[id] != nil }

    // MARK: Convolutions

    private mutating func addConvolution(_ node: Graph.Node, _ absorbs: Bool) {
        let following = absorbs ? followers(of: node) : (steps: [], nodes: [], other: nil)
        if !following.steps.isEmpty, let prepared = prepared(node, following: following.steps) {
            inner.formUnion([node.id] + following.nodes.dropLast())
            passes[following.nodes.last!] = .convolution(
                Convolution(prepared: prepared, x: node.operands[0], other: following.other))
        } else if let prepared = prepared(node, following: []) {
            passes[node.id] = .convolution(Convolution(prepared: prepared, x: node.operands[0], other: nil))
        }
    }

    /// What follows a convolution and can be done in its pass: an addition, a function, or both.
    private func followers(of node: Graph.Node) -> (steps: [FollowingStep], nodes: [Int], other: Int?) {
        var (steps, nodes, other) = ([FollowingStep](), [Int](), Int?.none)
        var last = node.id
        while uses[last] == 1, let user = users[last]?.first, types[user.id] == types[node.id], !isTaken(user.id) {
            if let step = operations[user.id].flatMap({ FollowingStep($0) }) {
                return (steps + [step], nodes + [user.id], other)
            }
            guard operations[user.id]?.name == "add", other == nil,
                let addend = user.operands.first(where: { $0 != last }), types[addend] == types[node.id]
            else { break }
            other = addend
            steps.append(.addition)
            nodes.append(user.id)
            last = user.id
        }
        return (steps, nodes, other)
    }

    /// A convolution with weights that stay; nil for others, and where oneDNN has none.
    private func prepared(_ node: Graph.Node, following: [FollowingStep]) -> PreparedConvolution? {
        let operands = node.operands
        guard let weight = graph.fixedTensor(operands[1]) else { return nil }
        let bias = operands.count > 2 ? graph.fixedTensor(operands[2]) : nil
        guard operands.count == 2 || bias != nil else { return nil }
        return PreparedConvolution(
            operations[node.id]!, types[operands[0]]!, weight: weight, bias: bias, result: types[node.id]!,
            following: following, weights)
    }

    // MARK: Chains

    /// More functions than this are several chains, so that what lies between them stays in the first cache.
    private static let longestChain = 64

    private func canChain(_ node: Graph.Node) -> Bool {
        guard let operation = operations[node.id], !isTaken(node.id) else { return false }
        return ElementwiseChain.holds(operation, on: node.operands.map { types[$0]!.dtype })
    }

    /// The chain that gives a node's value: the functions before it that nothing outside of the chain uses.
    private mutating func addChain(_ last: Graph.Node) {
        let shape = types[last.id]!.shape
        var members = [last]
        var memberUses: [Int: Int] = [:]
        var waiting: [Int: Graph.Node] = [:]
        func look(_ node: Graph.Node) {
            for operand in node.operands {
                memberUses[operand, default: 0] += 1
                if let position = graph.position(of: operand) { waiting[position] = graph.nodes[position] }
            }
        }
        look(last)
        // From the last to the first, so that all users of a value have been looked at before it.
        while members.count < Self.longestChain, let position = waiting.keys.max() {
            let node = waiting.removeValue(forKey: position)!
            guard canChain(node), uses[node.id] == memberUses[node.id], types[node.id]!.shape == shape else { continue }
            members.append(node)
            look(node)
        }
        // A single function is worth it where its result can take the place of its operand.
        guard members.count > 1 || last.operands.count == 1, let chain = chain(members.reversed()) else { return }
        inner.formUnion(members.dropFirst().map(\.id))
        passes[last.id] = .chain(chain)
    }

    private func chain(_ members: [Graph.Node]) -> Chain? {
        let order = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1.id, $0) })
        var operands: [Int] = []
        let functions = members.map { node in
            ElementwiseChain.Function(
                operations[node.id]!,
                node.operands.map { operand in
                    if let member = order[operand] { return .result(member) }
                    if let known = operands.firstIndex(of: operand) { return .operand(known) }
                    operands.append(operand)
                    return .operand(operands.count - 1)
                }, types[node.id]!.dtype)
        }
        return ElementwiseChain(functions, on: operands.map { types[$0]!.dtype }).map {
            Chain(chain: $0, operands: operands)
        }
    }
}
