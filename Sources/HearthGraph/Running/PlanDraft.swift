import HearthTensor

/// The steps of a plan as they come about, and the formats of the values between them.
///
/// Values stay in the blocks that convolutions like as long as what comes next can take them: other convolutions, and
/// functions of elements, for which the order of the elements does not matter. For everyone else they are moved back, once.
struct PlanDraft {
    private let graph: Graph
    private let types: [Int: Spec]
    private let table: SizeTable
    private let weights: PreparedWeights?
    /// Whether what follows a convolution is done in its pass.
    private let absorbs: Bool
    private let places: [Int: Int]
    private(set) var steps: [Plan.Step] = []
    private(set) var placeCount: Int
    /// The formats of values that do not lie one after another, by place.
    private var formats: [Int: ElementFormat] = [:]
    /// How often each value is used.
    private let uses: [Int: Int]
    /// The last node that uses each value.
    private let users: [Int: Graph.Node]
    /// Nodes whose values exist only inside a convolution's pass.
    private var absorbed: Set<Int> = []
    /// Convolutions that are done at a later node, with what comes between.
    private var waiting: [Int: Fusion] = [:]

    /// A convolution that is ready, with what follows it in its pass.
    private struct Fusion {
        let prepared: PreparedConvolution
        let x: Int
        /// What is added to the result.
        let other: Int?
    }

    /// The same values in other formats, by place.
    private var copies: [Int: [(format: ElementFormat?, place: Int)]] = [:]

    init(
        _ graph: Graph, _ types: [Int: Spec], _ table: SizeTable, _ weights: PreparedWeights?,
        absorbs: Bool
    ) {
        self.graph = graph
        self.types = types
        self.table = table
        self.weights = weights
        self.absorbs = absorbs
        // Inputs and constants, too, have the place of their node.
        places = Dictionary(uniqueKeysWithValues: graph.nodes.enumerated().map { ($1.id, $0) })
        placeCount = graph.nodes.count
        uses = graph.useCounts
        users = Dictionary(graph.nodes.flatMap { node in node.operands.map { ($0, node) } }) { $1 }
    }

    /// Adds the steps of a node.
    mutating func add(_ position: Int) throws(GraphError) {
        let node = graph.nodes[position]
        guard let (operation, operands) = node.operation else { return }
        let result = types[node.id]!
        if operation.isRandom {
            append(position, .random(operation, result), operands.map { plainPlace(of: $0) })
            return
        }
        if absorbed.contains(node.id) { return }
        if let fusion = waiting[node.id] { return addConvolution(position, fusion) }
        let made = try operation.operation(in: table)
        if absorb(node, made, operands) { return }
        if let prepared = prepared(made, operands, result) {
            addConvolution(position, Fusion(prepared: prepared, x: operands[0], other: nil))
        } else if !addElementwise(position, made, operands) {
            append(position, .operation(made, result), operands.map { plainPlace(of: $0) })
        }
    }

    private mutating func append(_ position: Int, _ kernel: Plan.Kernel, _ operands: [Int]) {
        steps.append(Plan.Step(position: position, kernel: kernel, operands: operands, result: position))
    }

    // MARK: Blocks

    /// Finds what follows a convolution and can be done in its pass: an addition, a function, or both. Then the convolution
    /// waits for the last of them.
    private mutating func absorb(_ node: Graph.Node, _ made: any TensorOperation, _ operands: [Int]) -> Bool {
        guard absorbs, weights != nil, made.name == "convolve" else { return false }
        var steps: [FollowingStep] = []
        var other: Int?
        var chain = [node.id]
        while let last = chain.last, uses[last] == 1, let user = users[last], let (operation, others) = user.operation,
            types[user.id] == types[node.id]
        {
            if let step = operation.made.flatMap({ FollowingStep($0) }) {
                steps.append(step)
                chain.append(user.id)
                break
            }
            guard operation.name == "add", other == nil, waiting[user.id] == nil, !absorbed.contains(user.id),
                let addend = others.first(where: { $0 != last }), types[addend] == types[node.id]
            else { break }
            other = addend
            steps.append(.addition)
            chain.append(user.id)
        }
        guard chain.count > 1, let prepared = prepared(made, operands, types[node.id]!, following: steps) else {
            return false
        }
        absorbed.formUnion(chain.dropLast())
        waiting[chain.last!] = Fusion(prepared: prepared, x: operands[0], other: other)
        return true
    }

    /// A convolution with weights that stay; nil for everything else, and where oneDNN has none.
    private func prepared(
        _ operation: any TensorOperation, _ operands: [Int], _ result: Spec, following: [FollowingStep] = []
    ) -> PreparedConvolution? {
        guard let weights, operation.name == "convolve", let weight = graph.fixedTensor(operands[1]) else { return nil }
        let bias = operands.count > 2 ? graph.fixedTensor(operands[2]) : nil
        guard operands.count == 2 || bias != nil else { return nil }
        return PreparedConvolution(
            operation, types[operands[0]]!, weight: weight, bias: bias, result: result, following: following, weights)
    }

    private mutating func addConvolution(_ position: Int, _ fusion: Fusion) {
        let operands =
            [place(of: fusion.x, in: fusion.prepared.source)]
            + (fusion.other.map { [place(of: $0, in: fusion.prepared.target)] } ?? [])
        append(position, .convolution(fusion.prepared), operands)
        if !fusion.prepared.target.isPlain { formats[position] = fusion.prepared.target }
    }

    /// A function of elements on values that lie in blocks.
    private mutating func addElementwise(
        _ position: Int, _ operation: any TensorOperation, _ operands: [Int]
    ) -> Bool {
        guard let format = operands.compactMap({ formats[places[$0]!] }).first,
            operands.allSatisfy({ types[$0] == types[operands[0]] }), operation.keepsZeros
        else { return false }
        append(
            position, .operation(operation, Spec([format.count], .float32)), operands.map { place(of: $0, in: format) })
        formats[position] = format
        return true
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
