import HearthTensor

/// Several traces of one program brought together to a graph: what differs between them is expressed by named sizes.
struct TraceComparison {
    let recordings: [Recording]
    let sizes: [(name: String, values: [Int])]
    var fitting: SizeFitting
    private var first: Recording { recordings[0] }

    init(_ recordings: [Recording], _ sizes: [(name: String, values: [Int])]) {
        self.recordings = recordings
        self.sizes = sizes
        fitting = SizeFitting(sizes)
    }

    /// The nodes of the program.
    /// - Parameters:
    ///   - inputs: What it is given.
    ///   - constant: The name and role of a tensor that the model knows.
    mutating func nodes(
        inputs: [(name: String, spec: InputSpec)], constant: (Tensor) -> (name: String, role: Graph.Constant.Role)?
    ) throws(GraphError) -> [Graph.Node] {
        try checkOrder()
        var nodes: [Graph.Node] = []
        for i in first.entries.indices {
            switch first.entries[i] {
            case .given(let number):
                let (name, spec) = inputs[number]
                nodes.append(
                    Graph.Node(id: i, name: name, source: .input, dtype: spec.dtype, shape: spec.shape, path: ""))
            case .constant(let tensor):
                let known = constant(tensor)
                try checkConstant(i)
                nodes.append(
                    Graph.Node(
                        id: i, name: known?.name ?? "", source: .constant(.init(tensor, role: known?.role ?? .literal)),
                        dtype: tensor.dtype, shape: tensor.shape.map { .fixed($0) }, path: ""))
            case .step(let step):
                let operation = try operation(i)
                let windows = SlidingSizes(operation, step.operands.map { nodes[$0] })
                nodes.append(node(i, operation, step.operands, step.result.dtype, windows, step.path))
            case .control(let control):
                let operation = try controlFlow(i, control, control.operands.map { nodes[$0] })
                nodes.append(node(i, operation, control.operands, control.result.dtype, nil, control.path))
            case .result(let source, let index, let spec):
                nodes.append(node(i, .result(index), [source], spec.dtype, nil, nodes[source].path))
            case .kept, .effect:
                throw GraphError("\(first.entries[i].label) is no part of a graph; it belongs to a compiled step")
            }
        }
        return nodes
    }

    private mutating func node(
        _ i: Int, _ operation: GraphOperation, _ operands: [Int], _ dtype: DType, _ windows: SlidingSizes?,
        _ path: String
    ) -> Graph.Node {
        let shapes = recordings.map { Array($0.entries[i].spec?.shape ?? []) }
        return Graph.Node(
            id: i, name: "", source: .operation(operation, operands: operands), dtype: dtype,
            shape: fitting.shape(shapes, node: i, windows), path: path)
    }

    /// How many blocks of random numbers a run draws.
    mutating func drawnBlocks() throws(GraphError) -> Size {
        guard let size = fitting.fit(recordings.map(\.drawnBlocks)) else {
            throw GraphError("the number of random numbers that are drawn is no formula of the named sizes")
        }
        return size
    }

    // MARK: What must be the same

    private func checkOrder() throws(GraphError) {
        for other in recordings.dropFirst() {
            for (a, b) in zip(first.entries, other.entries) where !Self.isSameKind(a, b) {
                throw GraphError(
                    "the program is not the same each time: \(a.label) once, \(b.label) another time. " + remedy)
            }
            guard first.entries.count == other.entries.count, first.results == other.results,
                first.updates == other.updates
            else {
                let longer = first.entries.count > other.entries.count ? first : other
                let extra = longer.entries[min(first.entries.count, other.entries.count, longer.entries.count - 1)]
                throw GraphError("the program is not the same each time: \(extra.label) is not always there. " + remedy)
            }
        }
    }

    private var remedy: String {
        "Its control flow depends on a named size or on what a module remembers; give that size a number, or write the "
            + "choice with Tensor.where or Tensor.cond, the loop with Tensor.loop"
    }

    private static func isSameKind(_ a: TraceEntry, _ b: TraceEntry) -> Bool {
        switch (a, b) {
        case (.given(let x), .given(let y)): x == y
        case (.constant(let x), .constant(let y)): x.dtype == y.dtype && x.rank == y.rank
        case (.control(let x), .control(let y)): x.name == y.name && x.operands == y.operands
        case (.result(let x, let i, _), .result(let y, let j, _)): x == y && i == j
        case (.step(let x), .step(let y)): x.operation.name == y.operation.name && x.operands == y.operands
        default: false
        }
    }

    private func checkConstant(_ i: Int) throws(GraphError) {
        guard case .constant(let tensor) = first.entries[i] else { return }
        for other in recordings.dropFirst() {
            guard case .constant(let found) = other.entries[i], !found.hasSameBits(as: tensor) else { continue }
            throw GraphError(
                "a tensor of \(tensor.spec) that is made from Swift numbers differs from \(found.spec) in another trace. "
                    + "Make it with operations on tensors (arange, full, zeros), or give the named sizes numbers")
        }
    }

    // MARK: What differs

    private mutating func operation(_ i: Int) throws(GraphError) -> GraphOperation {
        let operations = recordings.map { recording in
            guard case .step(let step) = recording.entries[i] else { fatalError("traces were compared") }
            return step.operation
        }
        let attributes = operations.map(\.attributes)
        if attributes.allSatisfy({ $0 == attributes[0] }) { return GraphOperation(any: operations[0]) }
        do throws(GraphError) {
            return try GraphOperation(operations[0].name, try fields(attributes))
        } catch {
            throw error.at(operation: operations[0].label, path: path(i))
        }
    }

    private func path(_ i: Int) -> String { if case .step(let step) = first.entries[i] { step.path } else { "" } }

    private mutating func fields(_ all: [Attributes]) throws(GraphError) -> [GraphAttribute.Field] {
        let entries = all.map(\.entries)
        guard entries.allSatisfy({ $0.map(\.name) == entries[0].map(\.name) }) else {
            throw GraphError("other attributes each time: \(all[0]) and \(all.last!). " + remedy)
        }
        var fields: [GraphAttribute.Field] = []
        for j in entries[0].indices {
            fields.append(.init(entries[0][j].name, try attribute(entries.map { $0[j].value }, entries[0][j].name)))
        }
        return fields
    }

    private mutating func attribute(_ values: [AttributeValue], _ name: String) throws(GraphError) -> GraphAttribute {
        if values.allSatisfy({ $0 == values[0] }) { return GraphAttribute(values[0]) }
        let found: GraphAttribute? =
            switch values[0] {
            case .int: integers(values).flatMap { fitting.fit($0) }.map { .size($0) }
            case .double: numbers(values).flatMap { ratio($0) }
            case .list: try list(values, name)
            case .record: .record(try fields(values.compactMap { if case .record(let a) = $0 { a } else { nil } }))
            case .bool, .string: nil
            }
        if let found { return found }
        throw GraphError(
            "the attribute '\(name)' is \(values[0]) once and \(values.last!) another time, which is no formula of the named "
                + "sizes (whole numbers times, plus or divided by up to 8). Give that size a number")
    }

    private func integers(_ values: [AttributeValue]) -> [Int]? {
        let integers = values.compactMap { if case .int(let value) = $0 { value } else { nil } }
        return integers.count == values.count ? integers : nil
    }

    private func numbers(_ values: [AttributeValue]) -> [Double]? {
        let numbers = values.compactMap { if case .double(let value) = $0 { value } else { nil } }
        return numbers.count == values.count ? numbers : nil
    }

    private mutating func list(_ values: [AttributeValue], _ name: String) throws(GraphError) -> GraphAttribute? {
        let lists = values.compactMap { if case .list(let list) = $0 { list } else { nil } }
        guard lists.count == values.count else { return nil }
        if lists.allSatisfy({ $0.count == lists[0].count }) {
            var parts: [GraphAttribute] = []
            for j in lists[0].indices { parts.append(try attribute(lists.map { $0[j] }, name)) }
            return .list(parts)
        }
        // Lists of other lengths are one value as often as a size says.
        guard lists.allSatisfy({ list in !list.isEmpty && list.allSatisfy { $0 == list[0] } }),
            let count = fitting.fit(lists.map(\.count))
        else { return nil }
        return .repeated(try attribute(lists.map { $0[0] }, name), count: count)
    }

    /// A number as a size, a quotient of two, or the square root of one.
    private mutating func ratio(_ values: [Double]) -> GraphAttribute? {
        for isRoot in [false, true] {
            let fractions = values.compactMap { Fraction(isRoot ? $0 * $0 : $0) }
            guard fractions.count == values.count, let numerator = fitting.fit(fractions.map(\.numerator)),
                let denominator = fitting.fit(fractions.map(\.denominator))
            else { continue }
            let ratio = SizeRatio(numerator, denominator, isRoot: isRoot)
            let isExact = zip(fractions, values).allSatisfy { fraction, value in
                let quotient = Double(fraction.numerator) / Double(fraction.denominator)
                return (isRoot ? quotient.squareRoot() : quotient) == value
            }
            if isExact { return .ratio(ratio) }
        }
        return nil
    }
}
