import HearthTensor

/// How much a program computes and holds, for certain sizes.
///
///     print(try graph.statistics(["batch": 1]))
public struct GraphStatistics: Sendable, CustomStringConvertible {
    /// How often each operation stands in the program, the most frequent first.
    public let operations: [(name: String, count: Int)]
    /// Floating-point operations of one run: two for each multiplication with an addition in products, convolutions,
    /// attention and recurrent layers, one for each element of other results.
    public let flops: Int
    /// The elements of constants.
    public let weights: Int
    /// The bytes of constants.
    public let weightBytes: Int
    /// The most bytes that values take at one time, without constants; views take none.
    public let peakBytes: Int
    /// The sizes that this holds for.
    public let sizes: [String: Int]

    /// A line for each.
    public var description: String {
        let total = operations.reduce(0) { $0 + $1.count }
        let kinds = operations.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
        let at = sizes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return [
            "operations    \(total): \(kinds)",
            "computation   \(Self.short(flops)) FLOPs" + (at.isEmpty ? "" : " at \(at)"),
            "weights       \(Self.short(weights)) in \(Self.short(weightBytes))B",
            "peak memory   \(Self.short(peakBytes))B beside the weights",
        ].joined(separator: "\n")
    }

    private static func short(_ value: Int) -> String {
        let units = ["", "k", "M", "G", "T", "P"]
        var (number, unit) = (Double(value), 0)
        while number >= 1000, unit + 1 < units.count { (number, unit) = (number / 1000, unit + 1) }
        let tenths = Int((number * 10).rounded())
        return unit == 0 ? "\(value) " : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}

extension Graph {
    /// How much the program computes and holds when its named sizes have these numbers; 1 for those that are left out.
    /// - Throws: `GraphError` when the operations do not accept these sizes.
    public func statistics(_ sizes: [String: Int] = [:]) throws(GraphError) -> GraphStatistics {
        let named = Dictionary(uniqueKeysWithValues: sizeNames.map { ($0, sizes[$0] ?? 1) })
        let types = try ProgramTypes(self, named)
        let (counts, flops) = computation(types)
        let tensors = nodes.compactMap { $0.constant?.tensor }
        let operations = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return GraphStatistics(
            operations: operations.map { (name: $0.key, count: $0.value) }, flops: flops,
            weights: tensors.reduce(0) { $0 + $1.count },
            weightBytes: tensors.reduce(0) { $0 + $1.count * $1.dtype.byteCount },
            peakBytes: peakBytes(types), sizes: named)
    }

    /// How often each operation stands in the program and its parts, and what one run computes: the larger branch of a
    /// choice, and all turns of a loop where there is a limit, else one.
    private func computation(_ types: ProgramTypes) -> (counts: [String: Int], flops: Int) {
        var counts: [String: Int] = [:]
        var flops = 0
        for node in nodes {
            guard let (operation, operands) = node.operation else { continue }
            counts[operation.name, default: 0] += 1
            let parts = zip(operation.parts, types.parts[node.id] ?? []).map { $0.program.computation($1) }
            for part in parts { counts.merge(part.counts) { $0 + $1 } }
            switch ControlFlow(operation) {
            case .cond: flops += parts.map(\.flops).max() ?? 0
            case .loop(_, _, let limit):
                let turns = limit.flatMap { try? types.table.value(of: $0) } ?? 1
                let (all, overflow) = turns.multipliedReportingOverflow(by: parts.reduce(0) { $0 + $1.flops })
                flops += overflow ? 0 : all
            case .result: break
            case nil: flops += Self.flops(operation, operands.map { types[$0]! }, types[node.id]!)
            }
        }
        return (counts, flops)
    }

    private static func flops(_ operation: GraphOperation, _ operands: [Spec], _ result: Spec) -> Int {
        let count = result.shape.elementCount
        switch operation.name {
        case "matmul", "linear": return 2 * count * (operands[0].shape.last ?? 1)
        case "convolve": return 2 * count * operands[1].shape.dropFirst().reduce(1, *)
        case "convolve_transposed":
            return 2 * operands[0].shape.elementCount * operands[1].shape.dropFirst().reduce(1, *)
        case "convolve_weight": return 2 * count * operands[0].shape.elementCount / max(operands[0].shape[1], 1)
        case "scaled_dot_product_attention":
            let (q, k) = (operands[0].shape, operands[1].shape)
            return 2 * (q.elementCount + count) * k[-2]
        case "recurrent":
            let rows = operands[0].shape[0]
            return 2 * rows
                * operands.dropFirst().filter { $0.shape.count == 2 }.reduce(0) { $0 + $1.shape.elementCount }
        default: return views.contains(operation.name) ? 0 : count
        }
    }

    /// Operations whose results take no memory.
    static let views: Set<String> = [
        "reshape", "permute", "expand", "slice", "index", "diagonal", "unfold",
    ]

    fileprivate func peakBytes(_ types: ProgramTypes) -> Int {
        // A view keeps what it looks at; the bytes of both are counted where the elements are.
        var owners: [Int: Int] = [:]
        for node in nodes {
            let isView = node.operation.map { Self.views.contains($0.operation.name) } ?? false
            owners[node.id] = isView ? owners[node.operands[0]] ?? node.operands[0] : node.id
        }
        var lastUse: [Int: Int] = [:]
        for (position, node) in nodes.enumerated() {
            for id in node.operands + [node.id] { lastUse[owners[id]!] = position }
        }
        for output in outputs { lastUse[owners[output.node]!] = nodes.count }
        var leaving: [Int: [Int]] = [:]
        for (id, position) in lastUse { leaving[position, default: []].append(id) }
        var (now, peak) = (0, 0)
        func bytes(_ id: Int) -> Int { types[id]!.shape.elementCount * types[id]!.dtype.byteCount }
        for (position, node) in nodes.enumerated() where node.constant == nil {
            if owners[node.id] == node.id { now += bytes(node.id) }
            let parts = zip(node.operation?.operation.parts ?? [], types.parts[node.id] ?? [])
            peak = max(peak, now + (parts.map { $0.program.peakBytes($1) }.max() ?? 0))
            for id in leaving[position] ?? [] where self.node(id)?.constant == nil { now -= bytes(id) }
        }
        return peak
    }
}
