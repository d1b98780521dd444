import HearthTensor

/// Operators that run graphs: branches and loops.
enum ControlFlow {
    static let rows: OperatorRows = ["If": branch, "Loop": loop, "Scan": scan]

    /// A loop that has run so often is taken for one without an end.
    private static let limit = 1_000_000

    private static func branch(_ n: NodeContext) throws -> [Value] {
        let (first, second) = (try n.graph("then_branch"), try n.graph("else_branch"))
        let condition = try n[0]
        try n.check(condition.count == 1, "one truth value", "\(condition.spec)")
        if condition.hasElements { return try n.run(condition.item() != 0 ? first : second, []) }
        // The course depends on data, so the program that is traced gets both.
        let (a, b) = (TracedResults(n), TracedResults(n))
        let results = try Tensor.cond(condition.asPredicate) { _ in
            try a.tensors(n.run(first, []))
        } else: { _ in
            try b.tensors(n.run(second, []))
        }
        try n.check(a.types == b.types, "branches of the same types", "\(a.types) and \(b.types)")
        return zip(results, a.types).map { .tensor($0, $1) }
    }

    private static func loop(_ n: NodeContext) throws -> [Value] {
        let body = try n.graph("body")
        let states = Array(n.inputs.dropFirst(2))
        try n.check(
            body.inputs.count == states.count + 2 && body.outputs.count >= states.count + 1,
            "a body of \(states.count) states", "\(body.inputs.count) inputs and \(body.outputs.count) outputs")
        if n.interpreter.keepsLoops { return try TracedLoop(n).loop(body, states) }
        for index in 0..<2 where try n.optional(index).map({ !$0.hasElements }) ?? false {
            return try TracedLoop(n).loop(body, states)
        }
        // A condition that the body computes of data is found on the way.
        return try turns(n, body, states) ?? TracedLoop(n).loop(body, states)
    }

    /// Runs the turns one after another; nil when there is no telling whether one follows.
    private static func turns(_ n: NodeContext, _ body: Graph, _ start: [Value?]) throws -> [Value]? {
        var states = start
        let count = try n.integer(0)
        var goesOn = try n.flag(1)
        let isConditional = goesOn != nil
        var lists = [[Tensor]](repeating: [], count: body.outputs.count - 1 - states.count)
        var types = [ElementType](repeating: .undefined, count: lists.count)
        var step = 0
        while step < count ?? Int.max, goesOn ?? true {
            try n.check(step < limit, "at most \(limit) steps", "more")
            let condition = Tensor(true, device: .cpu)
            let results = try n.run(
                body, [.tensor(Tensor(step, device: .cpu), .int64), .tensor(condition, .bool)] + states)
            if isConditional {
                guard let flag = results[0].tensor, flag.count == 1 else { throw n.error("a condition", "none") }
                guard flag.hasElements else { return nil }
                goesOn = flag.item() != 0
            }
            states = results[1..<(states.count + 1)].map { $0 }
            for (i, value) in results.dropFirst(states.count + 1).enumerated() {
                guard case .tensor(let tensor, let type) = value else { throw n.error("a tensor", "a sequence") }
                lists[i].append(tensor)
                types[i] = type
            }
            step += 1
        }
        let kept = try states.map { state in
            guard let state else { throw n.error("a state", "none") }
            return state
        }
        let scanned = try lists.enumerated().map { i, list in
            try stacked(n, list, 0, types[i], body.outputs[kept.count + 1 + i])
        }
        return kept + scanned
    }

    /// What the steps of a loop gave, along a new axis; without any step the type and sizes are those that the graph names.
    private static func stacked(
        _ n: NodeContext, _ list: [Tensor], _ axis: Int, _ type: ElementType, _ info: ValueInfo
    ) throws -> Value {
        if let first = list.first {
            return .tensor(Tensor.stack(list, dim: try n.axis(axis, rank: first.rank + 1)), type)
        }
        let known = info.elementType.dtype == nil ? ElementType.float32 : info.elementType
        let sizes = (info.dims ?? []).map { if case .fixed(let size) = $0 { size } else { 0 } }
        let shape = try n.shape([0] + sizes, known.dtype ?? .float32)
        return .tensor(Tensor.zeros(shape, dtype: known.dtype ?? .float32, device: .cpu), known)
    }

    private static func scan(_ n: NodeContext) throws -> [Value] {
        let body = try n.graph("body")
        guard let count = n.int("num_scan_inputs"), count > 0, count <= n.inputs.count else {
            throw n.error("a number of inputs", "none, or another")
        }
        guard n.version < 9 else { return try scan(n, body, n.inputs, count) }
        // The first version has a batch in front of everything, and lengths before the states.
        let all = Array(n.inputs.dropFirst())
        let tensors = try all.map { value in
            guard let tensor = value?.tensor, tensor.rank > 0 else { throw n.error("inputs with a batch", "none") }
            return tensor
        }
        let size = tensors.first?.shape[0] ?? 0
        try n.check(tensors.allSatisfy { $0.shape[0] == size } && size > 0, "inputs of one batch", "others")
        let lengths = try n.integersIfGiven(0)
        let rows = try (0..<size).map { row in
            let length = lengths.flatMap { row < $0.count ? $0[row] : nil }
            return try scan(
                n, body,
                tensors.enumerated().map { i, tensor -> Value? in
                    let part = tensor.select(0, row)
                    let isScanned = i >= tensors.count - count
                    let cut = length.map { isScanned ? part.narrow(0, start: 0, length: $0) : part } ?? part
                    return .tensor(cut, n.type(i + 1))
                }, count)
        }
        return try (0..<body.outputs.count).map { i in
            let parts = rows.compactMap { $0[i].tensor }
            try n.check(parts.count == size, "tensors", "others")
            return .tensor(Tensor.stack(parts), rows[0][i].elementType)
        }
    }

    private static func scan(
        _ n: NodeContext, _ body: Graph, _ inputs: [Value?], _ count: Int
    ) throws -> [Value] {
        let stateCount = inputs.count - count
        try n.check(
            count > 0 && stateCount >= 0 && body.inputs.count == inputs.count && body.outputs.count >= stateCount,
            "a body of \(inputs.count) inputs", "\(body.inputs.count)")
        func option(_ name: String, _ i: Int) -> Int { n.intList(name).flatMap { i < $0.count ? $0[i] : nil } ?? 0 }
        let isOld = n.version < 9
        let sources = try inputs.suffix(count).enumerated().map { i, value in
            guard let tensor = value?.tensor else { throw n.error("a tensor to be scanned", "none") }
            let axis = try n.axis(isOld ? 0 : option("scan_input_axes", i), rank: tensor.rank)
            let isReversed = option(isOld ? "directions" : "scan_input_directions", i) == 1
            return (tensor: isReversed ? tensor.flip(axis) : tensor, axis: axis, type: value?.elementType ?? .undefined)
        }
        let length = sources[0].tensor.rank > 0 ? sources[0].tensor.shape[sources[0].axis] : 0
        try n.check(
            sources.allSatisfy { $0.tensor.rank > 0 && $0.tensor.shape[$0.axis] == length }, "inputs of one length",
            "others")
        if n.interpreter.keepsLoops {
            return try TracedLoop(n).scan(
                body, Array(inputs.prefix(stateCount)), sources.map { ($0.tensor, $0.axis, $0.type) },
                outputs: (0..<(body.outputs.count - stateCount)).map { i in
                    (
                        axis: isOld ? 0 : option("scan_output_axes", i),
                        isReversed: !isOld && option("scan_output_directions", i) == 1
                    )
                })
        }
        var states = Array(inputs.prefix(stateCount))
        var lists = [[Tensor]](repeating: [], count: body.outputs.count - stateCount)
        var types = [ElementType](repeating: .undefined, count: lists.count)
        for step in 0..<length {
            let parts = sources.map { Value?.some(.tensor($0.tensor.select($0.axis, step), $0.type)) }
            let results = try n.run(body, states + parts)
            states = results.prefix(stateCount).map { $0 }
            for (i, value) in results.dropFirst(stateCount).enumerated() {
                guard case .tensor(let tensor, let type) = value else { throw n.error("a tensor", "a sequence") }
                lists[i].append(tensor)
                types[i] = type
            }
        }
        let kept = try states.map { state in
            guard let state else { throw n.error("a state", "none") }
            return state
        }
        return kept
            + (try lists.enumerated().map { i, list in
                let isReversed = !isOld && option("scan_output_directions", i) == 1
                return try stacked(
                    n, isReversed ? list.reversed() : list, isOld ? 0 : option("scan_output_axes", i), types[i],
                    body.outputs[stateCount + i])
            })
    }
}
