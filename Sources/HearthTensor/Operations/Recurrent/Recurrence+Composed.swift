extension Recurrence {
    /// The same computation made of other operations, step by step: for projections, and for derivatives that are to be
    /// differentiated themselves.
    func composed(
        _ x: Tensor, h: Tensor, c: Tensor?, _ weights: RecurrentWeights
    ) -> (output: Tensor, h: Tensor, c: Tensor?) {
        let gates = x.linear(weights.input, bias: weights.biases?.input)
        var (h, c) = (h, c)
        var outputs: [Tensor] = []
        for step in steps {
            let running = 0..<step.count
            let (nextH, nextC) = next(
                gates.narrow(0, start: step.start, length: step.count), h.rows(running), c?.rows(running), weights)
            outputs.append(nextH)
            // Sequences that are over, or have not begun, keep their states.
            let others = step.count..<sequences
            h = others.isEmpty ? nextH : Tensor.cat([nextH, h.rows(others)])
            c = nextC.map { next in others.isEmpty ? next : Tensor.cat([next, c!.rows(others)]) }
        }
        return (Tensor.cat(isReversed ? outputs.reversed() : outputs), h, c)
    }

    /// The states after one step, for the input's product `gates`, biases included.
    private func next(
        _ gates: Tensor, _ h: Tensor, _ c: Tensor?, _ weights: RecurrentWeights
    ) -> (h: Tensor, c: Tensor?) {
        let product = h.linear(weights.hidden, bias: weights.biases?.hidden)
        switch cell {
        case .tanh: return ((gates + product).tanh(), nil)
        case .relu: return ((gates + product).relu(), nil)
        case .lstm:
            let parts = (gates + product).chunk(4, dim: 1)
            let (i, f, o) = (parts[0].sigmoid(), parts[1].sigmoid(), parts[3].sigmoid())
            let c = f * c! + i * parts[2].tanh()
            let h = o * c.tanh()
            return (weights.projection.map { h.linear($0) } ?? h, c)
        case .gru:
            let (x, p) = (gates.chunk(3, dim: 1), product.chunk(3, dim: 1))
            let (r, z) = ((x[0] + p[0]).sigmoid(), (x[1] + p[1]).sigmoid())
            let n = (x[2] + r * p[2]).tanh()
            return (n + z * (h - n), nil)
        }
    }
}

extension Tensor {
    /// The first dimension cut to a range. A view.
    fileprivate func rows(_ range: Range<Int>) -> Tensor {
        range.count == shape[0] ? self : narrow(0, start: range.lowerBound, length: range.count)
    }
}
