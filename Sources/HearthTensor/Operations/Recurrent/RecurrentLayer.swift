/// All steps of a recurrent layer in one direction. Operands are x, h, c for an LSTM, the weights of input and state,
/// and both biases or none; the result has the states after all rows, then the last h, then the last c.
///
/// Being one operation it makes the products of the input and of all weights' gradients at once, and keeps one copy of
/// the gates.
struct RecurrentLayer: TensorOperation {
    static let name = "recurrent"
    let recurrence: Recurrence
    let hasBiases: Bool

    private var hasCellState: Bool { recurrence.cell.hasCellState }
    private var inputWeight: Int { hasCellState ? 3 : 2 }
    private var operandCount: Int { inputWeight + (hasBiases ? 4 : 2) }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let (rows, sequences) = (recurrence.rows, recurrence.sequences)
        guard x[0].dtype.isFloatingPoint, x.allSatisfy({ $0.dtype == x[0].dtype }) else {
            throw ShapeError("dtypes must be floating-point and equal")
        }
        guard x[1].rank == 2, x[0].rank == 2, x[0].shape[0] == rows else {
            throw ShapeError("the input must be [\(rows), in] and the state [\(sequences), units]")
        }
        let units = x[1].shape[1]
        for i in 1..<inputWeight where x[i].shape != [sequences, units] {
            throw ShapeError("states must be [\(sequences), \(units)]")
        }
        let gates = recurrence.cell.gates * units
        guard x[inputWeight].shape == [gates, x[0].shape[1]] else {
            throw ShapeError("the input's weight must be [\(gates), \(x[0].shape[1])]")
        }
        guard x[inputWeight + 1].shape == [gates, units] else {
            throw ShapeError("the state's weight must be [\(gates), \(units)]")
        }
        for i in (inputWeight + 2)..<operandCount where x[i].shape != [gates] {
            throw ShapeError("biases must be [\(gates)]")
        }
        return Spec([rows + (hasCellState ? 2 : 1) * sequences, units], x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let (h, c) = (x[1], hasCellState ? x[2] : nil)
        let (y, trace) = x.backend.recur(recurrence, x[0], h: h, c: c, weights(Array(x)))
        for operand in x { kept.append(operand) }
        kept.append(trace.gates)
        kept.append(trace.before)
        if let extra = trace.extra { kept.append(extra) }
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let x = (0..<operandCount).map { kept[$0] }
        if isGradEnabled { return differentiableGradient(g, x, kept) }
        let trace = (operandCount..<kept.count).map { kept[$0] }
        let units = x[1].shape[1]
        let packed = apply(RecurrentGradientOperation(recurrence: recurrence), to: [g, x[inputWeight + 1]] + trace)
        let d = RecurrentGradient(packed.unpacked(recurrence.gradientShapes(units: units)), recurrence.cell)
        let states: [Tensor?] = [d.h] + (hasCellState ? [d.c] : [])
        let (w, u) = (inputWeight, inputWeight + 1)
        let weights = [
            kept.needs(w) ? d.gates.mT.matmul(x[0]) : nil,
            kept.needs(u) ? d.product.mT.matmul(trace[1].to(g.dtype)) : nil,
        ]
        return Gradients([kept.needs(0) ? d.gates.matmul(x[w]) : nil] + states + weights + biasGradients(d))
    }

    private func biasGradients(_ d: RecurrentGradient) -> [Tensor?] {
        guard hasBiases else { return [] }
        let input = d.gates.sum(dim: 0)
        return [input, recurrence.cell == .gru ? d.product.sum(dim: 0) : input]
    }

    /// The gradients as functions of operands and `g`: those of the layer made of other operations.
    private func differentiableGradient(_ g: Tensor, _ x: [Tensor], _ kept: Kept) -> Gradients {
        // The gradient is taken with respect to views of the operands. A view is a node of its own, at which the
        // backward walk stops, even where one operand was computed from another.
        let places = x.map { $0.narrow(0, start: 0, length: $0.shape[0]) }
        let (_, h, c) = (places[0], places[1], hasCellState ? places[2] : nil)
        let y = recurrence.composed(places[0], h: h, c: c, weights(places))
        let wanted = x.indices.filter { kept.needs($0) }
        let found = grad(
            of: [Tensor.cat([y.output, y.h] + (y.c.map { [$0] } ?? []))], wrt: wanted.map { places[$0] },
            gradients: [g], createGraph: true)
        var gradients = [Tensor?](repeating: nil, count: x.count)
        for (place, gradient) in zip(wanted, found) { gradients[place] = gradient }
        return Gradients(gradients)
    }

    private func weights(_ x: [Tensor]) -> RecurrentWeights {
        let i = inputWeight
        return RecurrentWeights(
            input: x[i], hidden: x[i + 1], biases: hasBiases ? (input: x[i + 2], hidden: x[i + 3]) : nil)
    }
}

extension RecurrentLayer {
    var attributes: Attributes { ["recurrence": recurrence, "hasBiases": hasBiases] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(recurrence: try attributes["recurrence"], hasBiases: try attributes["hasBiases"])
    }
}

/// The gradients that come from walking back through the steps of a recurrent layer. Operands are the gradient of the
/// layer's result, the state's weight, and what the layer has traced.
struct RecurrentGradientOperation: TensorOperation {
    static let name = "recurrent_backward"
    let recurrence: Recurrence

    func result(of x: Operands) -> Spec {
        let shapes = recurrence.gradientShapes(units: x[0].shape[1])
        return Spec([shapes.reduce(0) { $0 + $1.elementCount }], x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let trace = RecurrentTrace(gates: x[2], before: x[3], extra: x.count > 4 ? x[4] : nil)
        return x.backend.recurGradient(recurrence, x[0], trace, hiddenWeight: x[1])
    }

    /// Derivatives of derivatives are taken of the layer made of other operations.
    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients([]) }
}

extension RecurrentGradientOperation {
    var attributes: Attributes { ["recurrence": recurrence] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(recurrence: try attributes["recurrence"])
    }
}

extension Recurrence {
    /// What the layer makes of packed rows `[rows, in]` and the states `[sequences, H]` before them.
    ///
    /// - Returns: The state after each row, `[rows, H]`, and the last state of each sequence, `[sequences, H]`.
    package func callAsFunction(
        _ x: Tensor, h: Tensor, c: Tensor? = nil, _ weights: RecurrentWeights
    ) -> (output: Tensor, h: Tensor, c: Tensor?) {
        if weights.projection != nil { return composed(x, h: h, c: c, weights) }
        let packed = apply(
            RecurrentLayer(recurrence: self, hasBiases: weights.biases != nil),
            to: [x, h] + (c.map { [$0] } ?? []) + [weights.input, weights.hidden]
                + (weights.biases.map { [$0.input, $0.hidden] } ?? []))
        return (
            packed.narrow(0, start: 0, length: rows), packed.narrow(0, start: rows, length: sequences),
            c.map { _ in packed.narrow(0, start: rows + sequences, length: sequences) }
        )
    }
}
