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

    /// A convolution and what follows it in one pass.
    private struct Fusion {
        let operation: any TensorOperation
        let operands: [Int]
        var steps: [FollowingStep] = []
        /// What is added to the result.
        var other: Int?
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
        if let fusion = waiting[node.id], addConvolution(position, fusion, result) { return }
        let made = try operation.operation(in: table)
        if absorb(node, made, operands) { return }
        if addConvolution(position, Fusion(operation: made, operands: operands), result)
            || addElementwise(position, operation, made, operands)
        {
            return
        }
        append(position, .operation(made, result), operands.map { plainPlace(of: $0) })
    }

    private mutating func append(_ position: Int, _ kernel: Plan.Kernel, _ operands: [Int]) {
        steps.append(Plan.Step(position: position, kernel: kernel, operands: operands, result: position))
    }

    // MARK: Blocks

    /// Finds what follows a convolution and can be done in its pass: an addition, a function, or both. Then the convolution
    /// waits for the last of them.
    private mutating func absorb(_ node: Graph.Node, _ made: any TensorOperation, _ operands: [Int]) -> Bool {
        guard absorbs, weights != nil, made.name == "convolve" else { return false }
        var fusion = Fusion(operation: made, operands: operands)
        var chain = [node.id]
        while let last = chain.last, uses[last] == 1, let user = users[last], let (operation, others) = user.operation,
            types[user.id] == types[node.id]
        {
            if let step = operation.followingStep {
                fusion.steps.append(step)
                chain.append(user.id)
                break
            }
            guard operation.name == "add", fusion.other == nil, waiting[user.id] == nil, !absorbed.contains(user.id),
                let other = others.first(where: { $0 != last }), types[other] == types[node.id]
            else { break }
            fusion.other = other
            fusion.steps.append(.addition)
            chain.append(user.id)
        }
        guard chain.count > 1, canPrepare(fusion, types[node.id]!) else { return false }
        absorbed.formUnion(chain.dropLast())
        waiting[chain.last!] = fusion
        return true
    }

    private func canPrepare(_ fusion: Fusion, _ result: Spec) -> Bool { prepared(fusion, result) != nil }

    private func prepared(_ fusion: Fusion, _ result: Spec) -> PreparedConvolution? {
        let operands = fusion.operands
        guard let weights, fusion.operation.name == "convolve", let weight = graph.fixedTensor(operands[1]) else {
            return nil
        }
        let bias = operands.count > 2 ? graph.fixedTensor(operands[2]) : nil
        guard operands.count == 2 || bias != nil else { return nil }
        return PreparedConvolution(
            fusion.operation, types[operands[0]]!, weight: weight, bias: bias, result: result, following: fusion.steps,
            weights)
    }

    private mutating func addConvolution(_ position: Int, _ fusion: Fusion, _ result: Spec) -> Bool {
        guard let prepared = prepared(fusion, result), let x = place(of: fusion.operands[0], in: prepared.source) else {
            return false
        }
        var places = [x]
        if let other = fusion.other {
            guard let place = place(of: other, in: prepared.target) else { return false }
            places.append(place)
        }
        append(position, .convolution(prepared), places)
        if !prepared.target.isPlain { formats[position] = prepared.target }
        return true
    }

    /// A function of elements on values that lie in blocks.
    private mutating func addElementwise(
        _ position: Int, _ operation: GraphOperation, _ made: any TensorOperation, _ operands: [Int]
    ) -> Bool {
        guard operation.keepsZero, let format = operands.compactMap({ formats[places[$0]!] }).first,
            operands.allSatisfy({ types[$0] == types[operands[0]] })
        else { return false }
        var moved: [Int] = []
        for operand in operands {
            guard let place = place(of: operand, in: format) else { return false }
            moved.append(place)
        }
        append(position, .operation(made, Spec([format.count], .float32)), moved)
        formats[position] = format
        return true
    }

    /// The place of a node's value with its elements one after another.
    mutating func plainPlace(of id: Int) -> Int {
        let place = places[id]!
        guard let format = formats[place] else { return place }
        if let copy = copies[place]?.first(where: { $0.format == nil }) { return copy.place }
        let shape = types[id]!.shape
        guard let plain = ElementFormat.plain(shape), let change = FormatChange(from: format, to: plain, shape) else {
            fatalError("oneDNN gave a format that it cannot read")
        }
        return addCopy(of: place, nil, change)
    }

    /// The place of a node's value in a format; nil when it cannot be moved there.
    private mutating func place(of id: Int, in target: ElementFormat) -> Int? {
        let place = places[id]!
        if target.isPlain { return plainPlace(of: id) }
        if let format = formats[place], format.isEqual(to: target) { return place }
        if let copy = copies[place]?.first(where: { $0.format?.isEqual(to: target) ?? false }) { return copy.place }
        let shape = types[id]!.shape
        guard let source = formats[place] ?? ElementFormat.plain(shape),
            let change = FormatChange(from: source, to: target, shape)
        else { return nil }
        return addCopy(of: place, target, change)
    }

    private mutating func addCopy(of place: Int, _ format: ElementFormat?, _ change: FormatChange) -> Int {
        let copy = placeCount
        placeCount += 1
        steps.append(Plan.Step(position: place, kernel: .change(change), operands: [place], result: copy))
        copies[place, default: []].append((format, copy))
        return copy
    }
}

extension GraphOperation {
    /// The function as a step of a convolution's pass; nil for others.
    fileprivate var followingStep: FollowingStep? {
        guard keepsZero else { return nil }
        switch name {
        case "relu": return .relu
        case "relu6": return .clamp(0, 6)
        case "silu": return .silu
        case "clamp": return .clamp(bound("a"), bound("b"))
        default: return nil
        }
    }

    private func bound(_ name: String) -> Double {
        switch self[name] {
        case .number(let value)?: value
        case .size(.fixed(let value))?: Double(value)
        default: 0
        }
    }

    /// True for functions of elements that give 0 for zeros: what blocks are filled up with stays as it is.
    fileprivate var keepsZero: Bool {
        switch name {
        case "relu", "relu6", "silu", "gelu", "hardswish", "leaky_relu", "elu", "tanh", "mish", "neg", "abs", "square",
            "add",
            "sub", "mul":
            return true
        case "mul.scalar", "div.scalar": return self["scalarFirst"] != .bool(true)
        case "clamp":
            return bound("a") <= 0 && bound("b") >= 0
        default: return false
        }
    }
}
