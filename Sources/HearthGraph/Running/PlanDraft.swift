import HearthTensor

/// The steps of a plan as they come about, and the formats of the values between them.
///
/// Values stay in the blocks that convolutions like as long as what comes next can take them: other convolutions, and
/// functions of elements, for which the order of the elements does not matter. For everyone else they are moved back, once.
struct PlanDraft {
    private let graph: Graph
    private let types: ProgramTypes
    /// The operations that are the same in every run, by node.
    private let operations: [Int: any TensorOperation]
    private let weights: PreparedWeights?
    private let absorbs: Bool
    /// What is computed in one pass; nil where every operation is a step of its own.
    private let fusions: Fusions?
    private let places: [Int: Int]
    private(set) var steps: [Plan.Step] = []
    private(set) var placeCount: Int
    /// The formats of values that do not lie one after another, by place.
    private var formats: [Int: ElementFormat] = [:]
    /// The same values in other formats, by place.
    private var copies: [Int: [(format: ElementFormat?, place: Int)]] = [:]

    /// - Parameters:
    ///   - weights: Weights in other formats; nil where every operation is a step of its own.
    ///   - absorbs: Whether what follows a convolution is done in its pass.
    init(
        _ graph: Graph, _ types: ProgramTypes, _ weights: PreparedWeights?, absorbs: Bool
    ) throws(GraphError) {
        self.graph = graph
        self.types = types
        self.weights = weights
        self.absorbs = absorbs
        var operations: [Int: any TensorOperation] = [:]
        for node in graph.nodes {
            guard let (operation, _) = node.operation, !operation.isRandom, ControlFlow(operation) == nil else {
                continue
            }
            operations[node.id] = try operation.operation(in: types.table)
        }
        self.operations = operations
        fusions = weights.map { Fusions(graph, types, operations, $0, absorbs: absorbs) }
        // Inputs and constants, too, have the place of their node.
        places = Dictionary(uniqueKeysWithValues: graph.nodes.enumerated().map { ($1.id, $0) })
        placeCount = graph.nodes.count
        for position in graph.nodes.indices { try add(position) }
    }

    /// Adds the steps of a node.
    private mutating func add(_ position: Int) throws(GraphError) {
        let node = graph.nodes[position]
        guard let (operation, operands) = node.operation else { return }
        if fusions?.inner.contains(node.id) == true { return }
        let result = types[node.id]!
        if let flow = ControlFlow(operation) { return try add(flow, position) }
        switch fusions?.passes[node.id] {
        case .convolution(let fusion): return addConvolution(position, fusion)
        case .chain(let chain): return addChain(position, chain)
        case nil: break
        }
        guard let made = operations[node.id] else {
            append(position, .random(operation, result), operands.map { plainPlace(of: $0) })
            return
        }
        if !addElementwise(position, made, operands) {
            append(position, .operation(made, result), operands.map { plainPlace(of: $0) })
        }
    }

    /// Adds a choice or a loop. What is constant around its parts is constant in them.
    private mutating func add(_ flow: ControlFlow, _ position: Int) throws(GraphError) {
        let node = graph.nodes[position]
        // The place of a further result is filled together with the first one.
        guard let (operation, operands) = node.operation, !operation.parts.isEmpty else { return }
        let constants = graph.constants(in: operation, operands)
        var plans: [Plan] = []
        for (part, types) in zip(operation.parts, types.parts[node.id] ?? []) {
            plans.append(try Plan(part.program.closed(over: constants), types, weights, keepsNaN: !absorbs))
        }
        let plan: ControlPlan
        if case .loop(_, _, let limit) = flow {
            plan = .loop(
                while: plans[0], do: plans[1],
                limit: try limit.map { size throws(GraphError) in try types.table.value(of: size) })
        } else {
            plan = .cond(then: plans[0], else: plans[1])
        }
        let others = graph.nodes.enumerated().compactMap { place, other -> (index: Int, place: Int)? in
            guard let (operation, operands) = other.operation, operands.first == node.id,
                case .result(let index)? = ControlFlow(operation)
            else { return nil }
            return (index, place)
        }
        let given = operands.enumerated().filter { i, _ in constants[i] == nil }
        append(position, .control(plan, others: others), given.map { plainPlace(of: $0.element) })
    }

    private mutating func append(_ position: Int, _ kernel: Plan.Kernel, _ operands: [Int]) {
        steps.append(Plan.Step(position: position, kernel: kernel, operands: operands, result: position))
    }

    // MARK: Passes

    private mutating func addConvolution(_ position: Int, _ fusion: Fusions.Convolution) {
        let operands =
            [place(of: fusion.x, in: fusion.prepared.source)]
            + (fusion.other.map { [place(of: $0, in: fusion.prepared.target)] } ?? [])
        append(position, .convolution(fusion.prepared), operands)
        if !fusion.prepared.target.isPlain { formats[position] = fusion.prepared.target }
    }

    private mutating func addChain(_ position: Int, _ fusion: Fusions.Chain) {
        let chain = fusion.chain
        if let format = blocks(of: fusion.operands), chain.keepsZeros {
            append(position, .chain(chain, [format.count]), fusion.operands.map { place(of: $0, in: format) })
            formats[position] = format
        } else {
            append(
                position, .chain(chain, types[graph.nodes[position].id]!.shape),
                fusion.operands.map { plainPlace(of: $0) })
        }
    }

    /// A function of elements on values that lie in blocks.
    private mutating func addElementwise(
        _ position: Int, _ operation: any TensorOperation, _ operands: [Int]
    ) -> Bool {
        guard let format = blocks(of: operands), operation.keepsZeros else { return false }
        append(
            position, .operation(operation, Spec([format.count], .float32)), operands.map { place(of: $0, in: format) })
        formats[position] = format
        return true
    }

    // MARK: Formats

    /// The blocks in which the first of some values lies that lies in blocks, if all of them can.
    private func blocks(of ids: [Int]) -> ElementFormat? {
        guard let format = ids.lazy.compactMap({ formats[places[$0]!] }).first,
            ids.allSatisfy({ types[$0] == types[ids[0]] })
        else { return nil }
        return format
    }

    /// The place of a node's value with its elements one after another.
    mutating func plainPlace(of id: Int) -> Int {
        let place = places[id]!
        guard let format = formats[place] else { return place }
        if let copy = copies[place]?.first(where: { $0.format == nil }) { return copy.place }
        return addCopy(of: place, types[id]!.shape, from: format, to: nil)
    }

    /// The place of a node's value in a format.
    private mutating func place(of id: Int, in target: ElementFormat) -> Int {
        let place = places[id]!
        if target.isPlain { return plainPlace(of: id) }
        if let format = formats[place], format.isEqual(to: target) { return place }
        if let copy = copies[place]?.first(where: { $0.format?.isEqual(to: target) ?? false }) { return copy.place }
        return addCopy(of: place, types[id]!.shape, from: formats[place], to: target)
    }

    /// Moves a value between formats; nil is one element after another.
    private mutating func addCopy(
        of place: Int, _ shape: Shape, from source: ElementFormat?, to target: ElementFormat?
    ) -> Int {
        guard let from = source ?? .plain(shape), let to = target ?? .plain(shape),
            let change = FormatChange(from: from, to: to, shape)
        else { fatalError("oneDNN gave a format that it cannot read or write") }
        let copy = placeCount
        placeCount += 1
        steps.append(Plan.Step(position: place, kernel: .change(change), operands: [place], result: copy))
        copies[place, default: []].append((target, copy))
        return copy
    }
}
