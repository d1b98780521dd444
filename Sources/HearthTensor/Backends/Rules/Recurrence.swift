/// The ways in which a recurrent layer makes its next state from its input and the state before.
package enum RecurrentCell: String, Sendable, Hashable, AttributeConvertible {
    /// `h' = tanh(x Wᵢᵀ + bᵢ + h Wₕᵀ + bₕ)`.
    case tanh
    /// `h' = relu(x Wᵢᵀ + bᵢ + h Wₕᵀ + bₕ)`.
    case relu
    /// Long short-term memory with gates i, f, g, o and a cell state c (Hochreiter and Schmidhuber, 1997).
    case lstm
    /// The gated recurrent unit with gates r, z, n (Cho et al., 2014, <https://arxiv.org/abs/1406.1078>).
    case gru

    /// How many numbers of the input's product belong to one unit.
    package var gates: Int {
        switch self {
        case .tanh, .relu: 1
        case .lstm: 4
        case .gru: 3
        }
    }

    /// True when there is a second state, c.
    package var hasCellState: Bool { self == .lstm }
}

/// What a recurrent layer is trained in, for one direction. `G` is the number of gates, `H` of units.
package struct RecurrentWeights: Sendable {
    /// `[G * H, in]`.
    package var input: Tensor
    /// `[G * H, H]`, or `[G * H, P]` with a projection.
    package var hidden: Tensor
    /// `[G * H]` each, or none.
    package var biases: (input: Tensor, hidden: Tensor)?
    /// `[P, H]`: the state that is passed on is this product of it. For the LSTM alone.
    package var projection: Tensor?

    /// These weights.
    package init(
        input: Tensor, hidden: Tensor, biases: (input: Tensor, hidden: Tensor)? = nil, projection: Tensor? = nil
    ) {
        self.input = input
        self.hidden = hidden
        self.biases = biases
        self.projection = projection
    }
}

/// One recurrent layer in one direction over sequences that are packed step by step: the rows of all sequences' first
/// elements, then those of their second elements, and so on, longest sequences first.
package struct Recurrence: Sendable, Hashable {
    /// How the next state is made.
    package let cell: RecurrentCell
    /// How many sequences have a first, a second, … element; never more than the step before.
    package let batchSizes: [Int]
    /// True to begin with the last element of each sequence.
    package let isReversed: Bool

    /// A layer over sequences of these lengths.
    package init(_ cell: RecurrentCell, batchSizes: [Int], isReversed: Bool = false) {
        self.cell = cell
        self.batchSizes = batchSizes
        self.isReversed = isReversed
    }

    /// The rows of one step.
    struct Step {
        let start: Int
        let count: Int
    }

    /// The steps in the order in which they are computed.
    var steps: [Step] {
        var start = 0
        let steps = batchSizes.map { count in
            defer { start += count }
            return Step(start: start, count: count)
        }
        return isReversed ? steps.reversed() : steps
    }

    /// The number of sequences.
    var sequences: Int { batchSizes.first ?? 0 }
    /// The number of rows of all steps.
    var rows: Int { batchSizes.reduce(0, +) }
}

extension Recurrence: AttributeRecord {
    var attributes: Attributes { ["cell": cell, "batchSizes": batchSizes, "isReversed": isReversed] }

    init(_ attributes: Attributes) throws(AttributeError) {
        self.init(
            try attributes["cell"], batchSizes: try attributes["batchSizes"], isReversed: try attributes["isReversed"])
    }
}
