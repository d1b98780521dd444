import HearthTensor

/// The number of layers of a recurrent network and how they are joined: what `RNN`, `LSTM` and `GRU` have in common.
///
/// Sequences are `[steps, n, in]`, `[n, steps, in]` with `batchFirst`, `[steps, in]` for one sequence alone, or packed.
/// Outputs have the same form, with the last dimension `directions * out`. States are `[layers * directions, n, out]`,
/// the directions of a layer next to each other. Parameters have PyTorch's names, `weight_ih_l0`, and start uniform
/// within `1 / sqrt(units)`. PyTorch's `nn.RNNBase`.
public class RNNBase: Module {
    /// The numbers of each element of a sequence.
    public let inputs: Int
    /// The units of each layer and direction.
    public let units: Int
    /// The number of layers, each of which reads the outputs of the one before.
    public let layers: Int
    /// Whether the batch is the first dimension of inputs and outputs.
    public let batchFirst: Bool
    /// The probability with which numbers between layers are dropped while training.
    public let dropout: Double
    /// Whether every layer also reads its sequence from the end.
    public let bidirectional: Bool
    /// The size of the state that an LSTM passes on when it is projected; nil when it is not.
    public let projSize: Int?
    /// The parameters, by layer and direction.
    public let weights: [[RecurrentParameters]]
    package let cell: RecurrentCell
    private let generator: Generator?

    init(
        _ cell: RecurrentCell, _ inputs: Int, _ units: Int, layers: Int, bias: Bool, batchFirst: Bool, dropout: Double,
        bidirectional: Bool, projSize: Int?, generator: Generator?
    ) {
        require(
            layers > 0 && units > 0 && inputs >= 0 && (0...1).contains(dropout), "\(cell)",
            "\(layers) layers of \(units) units for \(inputs) inputs with dropout \(dropout)")
        if let projSize {
            require(
                projSize > 0 && projSize < units, "LSTM",
                "projSize must be in 1..<\(units), below the number of units; it is \(projSize)")
        }
        self.cell = cell
        self.inputs = inputs
        self.units = units
        self.layers = layers
        self.batchFirst = batchFirst
        self.dropout = dropout
        self.bidirectional = bidirectional
        self.projSize = projSize
        self.generator = generator
        let directions = bidirectional ? 2 : 1
        weights = (0..<layers).map { layer in
            (0..<directions).map { _ in
                RecurrentParameters(
                    cell, inputs: layer == 0 ? inputs : directions * (projSize ?? units), units: units,
                    projection: projSize, bias: bias, generator: generator)
            }
        }
    }

    public override var ownParameters: [(name: String, parameter: Parameter)] {
        weights.enumerated().flatMap { layer, directions in
            directions.enumerated().flatMap { direction, parameters in
                parameters.named(suffix: "_l\(layer)" + (direction == 1 ? "_reverse" : ""))
            }
        }
    }

    /// The size of the state that is passed on.
    package var outputs: Int { projSize ?? units }
    private var directions: Int { bidirectional ? 2 : 1 }

    /// The states of all layers, `[layers * directions, n, size]`.
    package struct States {
        package var h: Tensor
        package var c: Tensor?

        package init(h: Tensor, c: Tensor? = nil) { (self.h, self.c) = (h, c) }
    }

    /// Runs all layers over a tensor of whole sequences.
    package func run(_ x: Tensor, _ initial: States?) -> (output: Tensor, states: States) {
        guard (2...3).contains(x.rank), x.shape[-1] == inputs, x.shape[x.rank == 3 && batchFirst ? 1 : 0] > 0 else {
            let form = batchFirst ? "[n, steps, \(inputs)]" : "[steps, n, \(inputs)]"
            return fail(x, "sequences must be \(form) or [steps, \(inputs)], with at least one step")
        }
        if x.rank == 2 {
            let alone = initial.map { States(h: $0.h.unsqueeze(1), c: $0.c?.unsqueeze(1)) }
            let (output, states) = runBatch(x.unsqueeze(1), alone)
            return (output.squeeze(1), States(h: states.h.squeeze(1), c: states.c?.squeeze(1)))
        }
        if !batchFirst { return runBatch(x, initial) }
        let (output, states) = runBatch(x.transpose(0, 1), initial)
        return (output.transpose(0, 1), states)
    }

    /// `x` is `[steps, n, in]`.
    private func runBatch(_ x: Tensor, _ initial: States?) -> (output: Tensor, states: States) {
        let (steps, n) = (x.shape[0], x.shape[1])
        let sizes = [Int](repeating: n, count: steps)
        let (rows, states) = runRows(x.reshape([steps * n, inputs]), sizes, initial)
        return (rows.reshape([steps, n, directions * outputs]), states)
    }

    /// Runs all layers over packed sequences.
    package func run(_ x: PackedSequence, _ initial: States?) -> (output: PackedSequence, states: States) {
        guard x.data.rank == 2, x.data.shape[1] == inputs else {
            let (_, states) = fail(x.data, "packed sequences must be [elements, \(inputs)]")
            return (x, states)
        }
        guard let sorted = x.sortedIndices, let unsorted = x.unsortedIndices else {
            let (rows, states) = runRows(x.data, x.batchSizes, initial)
            return (x.replacing(rows), states)
        }
        let given = initial.map { States(h: $0.h.indexSelect(1, sorted), c: $0.c?.indexSelect(1, sorted)) }
        let (rows, states) = runRows(x.data, x.batchSizes, given)
        return (
            x.replacing(rows),
            States(h: states.h.indexSelect(1, unsorted), c: states.c?.indexSelect(1, unsorted))
        )
    }

    private func runRows(_ x: Tensor, _ batchSizes: [Int], _ initial: States?) -> (Tensor, States) {
        let n = batchSizes.first ?? 0
        guard let initial = initial ?? zeroStates(n, x), fits(initial, n, x) else {
            return fail(x, "the states do not fit")
        }
        var rows = x
        var (h, c): ([Tensor], [Tensor]) = ([], [])
        for layer in 0..<layers {
            if layer > 0, isTraining, dropout > 0 { rows = rows.dropout(dropout, generator: generator) }
            var found: [Tensor] = []
            for (direction, parameters) in weights[layer].enumerated() {
                let place = layer * directions + direction
                let recurrence = Recurrence(cell, batchSizes: batchSizes, isReversed: direction == 1)
                let y = recurrence(
                    rows, h: initial.h.select(0, place), c: initial.c?.select(0, place), parameters.weights)
                found.append(y.output)
                h.append(y.h)
                if let last = y.c { c.append(last) }
            }
            rows = found.count == 1 ? found[0] : Tensor.cat(found, dim: 1)
        }
        return (rows, States(h: Tensor.stack(h), c: c.isEmpty ? nil : Tensor.stack(c)))
    }

    private func zeroStates(_ n: Int, _ x: Tensor) -> States? {
        func zeros(_ size: Int) -> Tensor {
            .zeros([layers * directions, n, size], dtype: x.dtype, device: x.device)
        }
        return States(h: zeros(outputs), c: cell.hasCellState ? zeros(units) : nil)
    }

    private func fits(_ states: States, _ n: Int, _ x: Tensor) -> Bool {
        let count = layers * directions
        let shapes: [(Tensor?, Shape)] = [(states.h, [count, n, outputs]), (states.c, [count, n, units])]
        for case (let state?, let expected) in shapes where state.shape != expected {
            stop("\(cell)", [x.spec, state.spec], "a state must be \(expected)")
            return false
        }
        return true
    }

    /// What is given after a mistake inside `checkShapes`.
    private func fail(_ x: Tensor, _ rule: String) -> (output: Tensor, states: States) {
        stop("\(cell)", [x.spec], rule)
        let nothing = Tensor.meta([1, 1, 1])
        return (nothing, States(h: nothing, c: cell.hasCellState ? nothing : nil))
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "\(inputs), \(units)" + ", proj_size=\(projSize ?? 0)".unless(projSize == nil)
            + ", num_layers=\(layers)".unless(layers == 1) + ", bias=False".unless(weights[0][0].inputBias != nil)
            + ", batch_first=True".unless(!batchFirst) + ", dropout=\(dropout)".unless(dropout == 0)
            + ", bidirectional=True".unless(!bidirectional)
    }
}
