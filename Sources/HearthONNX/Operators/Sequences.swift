import HearthTensor

/// Operators of lists of tensors, and of values that may not be there.
enum Sequences {
    static let rows: OperatorRows = [
        "SequenceConstruct": { n in [.sequence(n.inputs.compactMap { $0 })] },
        "SequenceEmpty": { _ in [.sequence([])] },
        "SequenceLength": { n in n.output(n.integers([try list(n).count]).reshape([]), .int64) },
        "SequenceAt": { n in
            let values = try list(n)
            return [values[try place(n, 1, values.count, last: values.count - 1)]]
        },
        "SequenceInsert": { n in
            var values = try list(n)
            guard let value = n.value(1) else { throw n.error("a value", "none") }
            values.insert(value, at: n.has(2) ? try place(n, 2, values.count, last: values.count) : values.count)
            return [.sequence(values)]
        },
        "SequenceErase": { n in
            var values = try list(n)
            try n.check(!values.isEmpty, "a sequence with values", "an empty one")
            values.remove(at: n.has(1) ? try place(n, 1, values.count, last: values.count - 1) : values.count - 1)
            return [.sequence(values)]
        },
        "SplitToSequence": split,
        "ConcatFromSequence": { n in
            let values = try list(n)
            let tensors = values.compactMap(\.tensor)
            guard let first = tensors.first, tensors.count == values.count else {
                throw n.error("a sequence of tensors", "an empty one or another")
            }
            let isNew = n.bool("new_axis")
            let axis = try n.axis(n.int("axis", 0), rank: first.rank + (isNew ? 1 : 0))
            return n.output(
                isNew ? Tensor.stack(tensors, dim: axis) : Tensor.cat(tensors, dim: axis), values[0].elementType)
        },
        "SequenceMap": map,
        "Optional": { n in [n.value(0) ?? .nothing] },
        "OptionalHasElement": { n in
            let isThere: Bool = if case .nothing? = n.value(0) { false } else { n.has(0) }
            return n.native(Tensor(isThere, device: .cpu))
        },
        "OptionalGetElement": { n in
            guard let value = n.value(0) else { throw n.error("a value", "none") }
            if case .nothing = value { throw n.error("a value", "nothing") }
            return [value]
        },
    ]

    private static func list(_ n: NodeContext, _ index: Int = 0) throws -> [Value] {
        guard case .sequence(let values)? = n.value(index) else { throw n.error("a sequence", "none") }
        return values
    }

    /// A position in a sequence, counted from the front.
    private static func place(_ n: NodeContext, _ index: Int, _ count: Int, last: Int) throws -> Int {
        guard let given = try n.integer(index) else { throw n.error("a position", "none") }
        let place = given < 0 ? given + count : given
        try n.check(place >= 0 && place <= last, "a position in a sequence of \(count)", "\(given)")
        return place
    }

    private static func split(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let axis = try n.axis(n.int("axis", 0), rank: x.rank)
        try n.check(x.rank > 0, "1 dimension and more", "0")
        let size = x.shape[axis]
        let parts: [Tensor]
        if let given = try n.optional(1) {
            let sizes = try n.ints(1)
            try n.check(sizes.allSatisfy { $0 >= 0 && $0 <= max(size, 1) }, "sizes of at most \(size)", "\(sizes)")
            if given.rank == 0 {
                try n.check(sizes[0] > 0, "a size", "0")
                parts = x.split(sizes[0], dim: axis)
            } else {
                try n.check(sizes.reduce(0, +) == size, "sizes that sum to \(size)", "\(sizes)")
                parts = x.split(sizes, dim: axis)
            }
        } else {
            parts = n.bool("keepdims", true) ? x.split(1, dim: axis) : x.unbind(dim: axis)
        }
        return [.sequence(parts.map { .tensor($0, n.type(0)) })]
    }

    private static func map(_ n: NodeContext) throws -> [Value] {
        let body = try n.graph("body")
        let values = try list(n)
        let results = try values.indices.map { i in
            let inputs = try n.inputs.indices.map { index -> Value? in
                guard case .sequence(let others)? = n.value(index) else { return n.value(index) }
                try n.check(i < others.count, "sequences of one length", "others")
                return others[i]
            }
            return try n.run(body, inputs)
        }
        return body.outputs.indices.map { output in .sequence(results.map { $0[output] }) }
    }
}
