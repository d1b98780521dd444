import HearthTensor

/// Recurrent layers.
enum RecurrentOperators {
    static let rows: OperatorRows = [
        "RNN": { n in try layer(n, .plain) },
        "GRU": { n in try layer(n, .gru) },
        "LSTM": { n in try layer(n, .lstm) },
    ]

    private static func layer(_ n: NodeContext, _ kind: RecurrentRule.Kind) throws -> [Value] {
        let isBatchFirst = n.int("layout", 0) == 1
        func states(_ index: Int) throws -> Tensor? {
            try n.optional(index).map { isBatchFirst ? $0.transpose(0, 1) : $0 }
        }
        let x = isBatchFirst ? try n[0].transpose(0, 1) : try n[0]
        let (weight, recurrence) = (try n[1], try n[2])
        try n.check(
            x.rank == 3 && weight.rank == 3 && recurrence.rank == 3, "[length, batch, in] and weights of 3 dimensions",
            "\(x.shape), \(weight.shape) and \(recurrence.shape)")
        let direction = n.text("direction", "forward")
        let directions = direction == "bidirectional" ? 2 : 1
        let units = recurrence.shape[2]
        try n.check(
            weight.shape == [directions, kind.gates * units, x.shape[2]]
                && recurrence.shape == [directions, kind.gates * units, units],
            "weights of \(directions) directions and \(kind.gates) gates", "\(weight.shape) and \(recurrence.shape)")
        let lengths = try n.optional(4)?.to(.int64)
        let (bias, first, cells) = (try n.optional(3), try states(5), kind == .lstm ? try states(6) : nil)
        let peepholes = kind == .lstm ? try n.optional(7) : nil
        var outputs: [(y: Tensor, h: Tensor, c: Tensor?)] = []
        for number in 0..<directions {
            let start = Tensor.zeros([x.shape[1], units], dtype: x.dtype, device: x.device)
            let rule = try RecurrentRule(
                n, kind, number: number, weight: weight.select(0, number), recurrence: recurrence.select(0, number),
                bias: bias?.select(0, number), peepholes: peepholes?.select(0, number))
            outputs.append(
                rule.walk(
                    x, h: first?.select(0, number) ?? start,
                    c: kind == .lstm ? cells?.select(0, number) ?? start : nil, lengths: lengths,
                    isReversed: direction == "reverse" || number == 1))
        }
        // [length, directions, batch, units], or the batch first of all.
        let y = Tensor.stack(outputs.map(\.y), dim: 1)
        let results = [
            isBatchFirst ? y.permute(2, 0, 1, 3) : y,
            Tensor.stack(outputs.map(\.h), dim: isBatchFirst ? 1 : 0),
        ]
        let last = kind == .lstm ? [Tensor.stack(outputs.compactMap(\.c), dim: isBatchFirst ? 1 : 0)] : []
        return (results + last).map { .tensor($0, n.type(0)) }
    }
}
