/// What the derivative of a recurrent layer reads, row by row.
package struct RecurrentTrace {
    /// The activated gates, `[rows, G * H]`.
    package var gates: Tensor
    /// h before each row, `[rows, H]`.
    package var before: Tensor
    /// `[rows, H]`: c before each row of an LSTM; for a GRU the state's share of gate n before it is reset.
    package var extra: Tensor?

    package init(gates: Tensor, before: Tensor, extra: Tensor?) {
        self.gates = gates
        self.before = before
        self.extra = extra
    }
}

/// The gradients of a recurrent layer that come from walking through its steps.
struct RecurrentGradient {
    /// Of the product of the input, `[rows, G * H]`.
    let gates: Tensor
    /// Of the product of the state; the same but for a GRU.
    let product: Tensor
    /// Of the states before the first step.
    let h: Tensor
    let c: Tensor?

    /// The gradients in the order of `Recurrence.gradientShapes`.
    init(_ parts: [Tensor], _ cell: RecurrentCell) {
        gates = parts[0]
        h = parts[1]
        product = cell == .gru ? parts[2] : gates
        c = cell.hasCellState ? parts[2] : nil
    }
}

extension Recurrence {
    /// What the gradient consists of, one part after another in a vector: that of the input's product, of h, and of the
    /// state's product for a GRU or of c for an LSTM.
    func gradientShapes(units: Int) -> [Shape] {
        let (wide, states): (Shape, Shape) = ([rows, cell.gates * units], [sequences, units])
        switch cell {
        case .tanh, .relu: return [wide, states]
        case .gru: return [wide, states, wide]
        case .lstm: return [wide, states, states]
        }
    }
}
