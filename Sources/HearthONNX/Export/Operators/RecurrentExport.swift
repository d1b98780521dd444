import HearthGraph
import HearthTensor

extension ExportTable {
    static let recurrent: [String: ExportRule] = ["recurrent": layer]

    /// One direction of a recurrent layer. Hearth gives the states after all rows, then the last ones, in one tensor.
    private static func layer(_ n: ExportNode) throws -> ExportValue {
        let rule = try n.arguments.record("recurrence")
        let cell = try RecurrentOperator(try rule.text("cell"), n)
        let steps = try Steps(rule, n)
        guard let units = n.shape(1)[1].fixed else { throw n.error("a fixed number of units", "\(n.shape(1)[1])") }
        let x = try steps.unpacked(n[0], n.shape(0)[1])
        let weight = cell.hasCellState ? 3 : 2
        var inputs: [ExportValue?] = [
            x, cell.reordered(n[weight], units), cell.reordered(n[weight + 1], units), nil, steps.lengths,
            n[1].unsqueezed([0]),
        ]
        if try n.arguments.bool("hasBiases") {
            let biases = [n[weight + 2], n[weight + 3]].map { cell.reordered($0, units) }
            inputs[3] = ExportValue.concatenated(biases, axis: 1)
        }
        if cell.hasCellState { inputs.append(n[2].unsqueezed([0])) }
        let direction: ExportAttribute = try rule.bool("isReversed") ? "reverse" : "forward"
        let attributes = cell.attributes(units, direction)
        let dtype = n[0].dtype
        let results = n.draft.add(
            cell.name, inputs, attributes, results: Array(repeating: dtype, count: cell.hasCellState ? 3 : 2))
        let states = try steps.packed(results[0], units)
        let last = results.dropFirst().map { $0.squeezed([0]) }
        n.exporter.parts[n.result.id] = parts(states, last, steps)
        return ExportValue.concatenated([states] + last, axis: 0)
    }

    private static func parts(_ states: ExportValue, _ last: [ExportValue], _ steps: Steps) -> [GraphExporter.Part] {
        [GraphExporter.Part(start: 0, count: steps.rows, value: states)]
            + last.enumerated().map { i, value in
                GraphExporter.Part(
                    start: steps.rows + steps.sequences * .fixed(i), count: steps.sequences, value: value)
            }
    }
}

/// The operator of a kind of recurrent layer.
private struct RecurrentOperator {
    let name: String
    let hasCellState: Bool
    /// Which of Hearth's gates stands at each place of ONNX's.
    private let gates: [Int]
    private let activation: String?

    init(_ cell: String, _ n: ExportNode) throws {
        hasCellState = cell == "lstm"
        switch cell {
        // Hearth has i, f, g and o where ONNX has i, o, f and g.
        case "lstm": (name, gates, activation) = ("LSTM", [0, 3, 1, 2], nil)
        // Hearth has r, z and n where ONNX has z, r and n.
        case "gru": (name, gates, activation) = ("GRU", [1, 0, 2], nil)
        case "tanh": (name, gates, activation) = ("RNN", [0], "Tanh")
        case "relu": (name, gates, activation) = ("RNN", [0], "Relu")
        default: throw n.error("a recurrent layer that ONNX has", cell)
        }
    }

    /// Rows of gates in ONNX's order, with a dimension for the direction in front.
    func reordered(_ value: ExportValue, _ units: Int) -> ExportValue {
        if gates == [0] { return value.unsqueezed([0]) }
        let rows = gates.flatMap { gate in (0..<units).map { gate * units + $0 } }
        let index = Tensor(rows.map { Int64($0) }, shape: [1, rows.count], device: .cpu)
        return value.draft.add("Gather", [value, value.draft.constant(index)], ["axis": 0])
    }

    func attributes(_ units: Int, _ direction: ExportAttribute) -> KeyValuePairs<String, ExportAttribute> {
        switch (name, activation) {
        case ("GRU", _): ["hidden_size": .int(units), "direction": direction, "linear_before_reset": 1]
        case (_, let activation?):
            ["hidden_size": .int(units), "direction": direction, "activations": .texts([activation])]
        default: ["hidden_size": .int(units), "direction": direction]
        }
    }
}

/// The rows of a recurrent layer, which Hearth has step by step without those of sequences that have ended.
private struct Steps {
    let sequences: Size
    let rows: Size
    /// How long each sequence is, where they differ.
    let lengths: ExportValue?
    private let length: Size
    /// For sequences of different lengths where each row is among those of all steps and sequences, and the reverse.
    private let places: (unpack: ExportValue, pack: ExportValue)?
    private let sizes: ExportSizes

    init(_ rule: ExportArguments, _ n: ExportNode) throws {
        sizes = n.sizes
        switch try rule.argument("batchSizes") {
        case .repeated(.size(let count), let steps):
            (sequences, length, rows) = (count, steps, steps * count)
            (lengths, places) = (nil, nil)
        case .list(let counts):
            guard case .size(let first)? = counts.first else { throw n.error("at least one step", "none") }
            (sequences, length) = (first, .fixed(counts.count))
            if counts.allSatisfy({ $0 == counts[0] }) {
                rows = .fixed(counts.count) * first
                (lengths, places) = (nil, nil)
                return
            }
            let counts = try rule.ints("batchSizes")
            rows = .fixed(counts.reduce(0, +))
            let all = counts.enumerated().flatMap { step, count in (0..<count).map { step * counts[0] + $0 } }
            var unpack = [Int](repeating: 0, count: counts.count * counts[0])
            for (row, place) in all.enumerated() { unpack[place] = row }
            places = (n.draft.vector(unpack), n.draft.vector(all))
            let ends = (0..<counts[0]).map { sequence in Int32(counts.count { $0 > sequence }) }
            lengths = n.draft.constant(Tensor(ends, shape: [ends.count], device: .cpu))
        case let other: throw n.error("numbers of sequences", "\(other)")
        }
    }

    /// Rows as `[steps, sequences, features]`.
    func unpacked(_ x: ExportValue, _ features: Size) throws -> ExportValue {
        guard let places else {
            return try x.reshaped([rows, features], to: [length, sequences, features], sizes)
        }
        let all = x.draft.add("Gather", [x, places.unpack], ["axis": 0])
        return try all.reshaped([length * sequences, features], to: [length, sequences, features], sizes)
    }

    /// The states `[steps, 1, sequences, units]` as rows.
    func packed(_ y: ExportValue, _ units: Int) throws -> ExportValue {
        let all = y.reshaped([-1, units])
        guard let places else { return all }
        return y.draft.add("Gather", [all, places.pack], ["axis": 0])
    }
}
