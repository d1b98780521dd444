import CKernels

extension CPU {
    package func recur(
        _ recurrence: Recurrence, _ x: Tensor, h: Tensor, c: Tensor?, _ weights: RecurrentWeights
    ) -> (result: Tensor, trace: RecurrentTrace) {
        if x.dtype.isHalf {
            let (result, trace) = recur(
                recurrence, wide(x), h: wide(h), c: c.map(wide),
                RecurrentWeights(
                    input: wide(weights.input), hidden: wide(weights.hidden),
                    biases: weights.biases.map { (input: wide($0.input), hidden: wide($0.hidden)) }))
            return (convert(result, to: x.dtype), trace)
        }
        let walk = RecurrentWalk(recurrence, units: h.shape[1], dtype: x.dtype, backend: self)
        return walk.forward(x, h, c, weights)
    }

    package func recurGradient(
        _ recurrence: Recurrence, _ g: Tensor, _ trace: RecurrentTrace, hiddenWeight: Tensor
    ) -> Tensor {
        if g.dtype.isHalf {
            return convert(recurGradient(recurrence, wide(g), trace, hiddenWeight: wide(hiddenWeight)), to: g.dtype)
        }
        let walk = RecurrentWalk(recurrence, units: trace.before.shape[1], dtype: g.dtype, backend: self)
        return walk.backward(contiguous(g), trace, hiddenWeight)
    }

    private func wide(_ x: Tensor) -> Tensor { convert(x, to: .float32) }
}

/// A walk through the steps of a recurrent layer, forward or back.
private struct RecurrentWalk {
    let recurrence: Recurrence
    let units: Int
    let dtype: DType
    let backend: CPU

    init(_ recurrence: Recurrence, units: Int, dtype: DType, backend: CPU) {
        self.recurrence = recurrence
        self.units = units
        self.dtype = dtype
        self.backend = backend
    }

    private var cell: RecurrentCell { recurrence.cell }
    private var width: Int { cell.gates * units }

    func forward(
        _ x: Tensor, _ h: Tensor, _ c: Tensor?, _ weights: RecurrentWeights
    ) -> (result: Tensor, trace: RecurrentTrace) {
        let (rows, sequences) = (recurrence.rows, recurrence.sequences)
        let result = empty(rows + (c == nil ? 1 : 2) * sequences, units)
        // The last states are where the running ones are kept from the beginning.
        let states = block(result, rows, sequences)
        let cells = c.map { _ in block(result, rows + sequences, sequences) }
        backend.copy(h, into: states)
        if let c, let cells { backend.copy(c, into: cells) }
        // The state's bias of a GRU is inside the reset gate's product; elsewhere both are added at once.
        let isInside = cell == .gru
        let bias = weights.biases.map {
            isInside ? $0.input : backend.binary(HK_add, $0.input, $0.hidden, Parameters())
        }
        let gates = backend.matmul(x, transposed(weights.input), bias: bias)
        let trace = RecurrentTrace(
            gates: gates, before: empty(rows, units), extra: c != nil || isInside ? empty(rows, units) : nil)
        let hidden = transposed(weights.hidden)
        inBands { band in
            for step in recurrence.steps {
                let rows = band.clamped(to: 0..<step.count)
                if rows.isEmpty { continue }
                let h = block(states, rows.lowerBound, rows.count)
                backend.copy(h, into: block(trace.before, step.start + rows.lowerBound, rows.count))
                let product = backend.matmul(h, hidden, bias: isInside ? weights.biases?.hidden : nil)
                each(rows) { advance($0, step, product, rows.lowerBound, trace, states, cells, result) }
            }
        }
        return (result, trace)
    }

    /// Computes some rows of a step in place; the product is that of the rows from `start` on.
    private func advance(
        _ row: Range<Int>, _ step: Recurrence.Step, _ product: Tensor, _ start: Int, _ trace: RecurrentTrace,
        _ states: Tensor, _ cells: Tensor?, _ result: Tensor
    ) {
        let (count, n) = (Int64(row.count), Int64(units))
        let (local, first) = (row.lowerBound, step.start + row.lowerBound)
        let isReLU: Int32 = cell == .relu ? 1 : 0
        if dtype == .float32 {
            let (p, gates) = (product.floats + (local - start) * width, trace.gates.floats + first * width)
            let (state, out) = (states.floats + local * units, result.floats + first * units)
            switch cell {
            case .tanh, .relu: hk_rnn_f32(count, n, isReLU, p, gates, state, out)
            case .lstm:
                hk_lstm_f32(
                    count, n, p, gates, cells!.floats + local * units, trace.extra!.floats + first * units, state, out)
            case .gru: hk_gru_f32(count, n, p, gates, trace.extra!.floats + first * units, state, out)
            }
        } else {
            let (p, gates) = (product.doubles + (local - start) * width, trace.gates.doubles + first * width)
            let (state, out) = (states.doubles + local * units, result.doubles + first * units)
            switch cell {
            case .tanh, .relu: hk_rnn_f64(count, n, isReLU, p, gates, state, out)
            case .lstm:
                hk_lstm_f64(
                    count, n, p, gates, cells!.doubles + local * units, trace.extra!.doubles + first * units, state,
                    out)
            case .gru: hk_gru_f64(count, n, p, gates, trace.extra!.doubles + first * units, state, out)
            }
        }
    }

    func backward(_ g: Tensor, _ trace: RecurrentTrace, _ hiddenWeight: Tensor) -> Tensor {
        let (rows, sequences) = (recurrence.rows, recurrence.sequences)
        let shapes = recurrence.gradientShapes(units: units)
        let packed = Tensor.uninitialized(Spec([shapes.reduce(0) { $0 + $1.elementCount }], dtype))
        let d = RecurrentGradient(packed.parts(shapes), recurrence.cell)
        backend.copy(block(g, rows, sequences), into: d.h)
        if let c = d.c { backend.copy(block(g, rows + sequences, sequences), into: c) }
        inBands { band in
            for step in recurrence.steps.reversed() {
                let rows = band.clamped(to: 0..<step.count)
                if rows.isEmpty { continue }
                each(rows) { retreat($0, step, g, trace, d) }
                let h = block(d.h, rows.lowerBound, rows.count)
                let carried = backend.matmul(
                    block(d.product, step.start + rows.lowerBound, rows.count), hiddenWeight, bias: nil)
                if cell == .gru {
                    backend.update(h, with: HK_add, carried, Parameters())
                } else {
                    backend.copy(carried, into: h)
                }
            }
        }
        return packed
    }

    /// The derivative of some rows of a step.
    private func retreat(
        _ row: Range<Int>, _ step: Recurrence.Step, _ g: Tensor, _ trace: RecurrentTrace, _ d: RecurrentGradient
    ) {
        let (count, n) = (Int64(row.count), Int64(units))
        let (local, first) = (row.lowerBound * units, (step.start + row.lowerBound) * units)
        let wide = (step.start + row.lowerBound) * width
        let isReLU: Int32 = cell == .relu ? 1 : 0
        if dtype == .float32 {
            let (gates, out) = (trace.gates.floats + wide, d.gates.floats + wide)
            let (g, dh) = (g.floats + first, d.h.floats + local)
            switch cell {
            case .tanh, .relu: hk_rnn_gradient_f32(count, n, isReLU, g, gates, dh, out)
            case .lstm:
                hk_lstm_gradient_f32(count, n, g, gates, trace.extra!.floats + first, dh, d.c!.floats + local, out)
            case .gru:
                hk_gru_gradient_f32(
                    count, n, g, gates, trace.extra!.floats + first, trace.before.floats + first, dh, out,
                    d.product.floats + wide)
            }
        } else {
            let (gates, out) = (trace.gates.doubles + wide, d.gates.doubles + wide)
            let (g, dh) = (g.doubles + first, d.h.doubles + local)
            switch cell {
            case .tanh, .relu: hk_rnn_gradient_f64(count, n, isReLU, g, gates, dh, out)
            case .lstm:
                hk_lstm_gradient_f64(count, n, g, gates, trace.extra!.doubles + first, dh, d.c!.doubles + local, out)
            case .gru:
                hk_gru_gradient_f64(
                    count, n, g, gates, trace.extra!.doubles + first, trace.before.doubles + first, dh, out,
                    d.product.doubles + wide)
            }
        }
    }

    /// The largest weight, in elements, that the second-level cache of a core holds beside the states.
    private static let cached = 1 << 18

    /// Calls `body` with ranges of sequences, in which it walks through all steps: sequences do not depend on each
    /// other, so threads need not wait for each other at every step. A large weight is better read by all threads
    /// together, each a part of it, than by each of them; then `body` is called once and its steps are shared out.
    private func inBands(_ body: (Range<Int>) -> Void) {
        let sequences = recurrence.sequences
        guard width * units <= Self.cached else { return body(0..<sequences) }
        Team.shared.parallel(sequences, grain: Swift.max(8, grain / Swift.max(recurrence.batchSizes.count, 1)), body)
    }

    /// Calls `body` in parallel with parts of a range of rows.
    private func each(_ rows: Range<Int>, _ body: (Range<Int>) -> Void) {
        Team.shared.parallel(rows.count, grain: grain) { part in
            body(part.lowerBound + rows.lowerBound..<part.upperBound + rows.lowerBound)
        }
    }

    /// The rows of a step that are worth a thread: a number of a gate costs as much as some ten of cheap arithmetic.
    private var grain: Int { Swift.max(1, CPU.grain / 10 / Swift.max(width, 1)) }

    private func empty(_ rows: Int, _ columns: Int) -> Tensor { .uninitialized(Spec([rows, columns], dtype)) }

    private func transposed(_ x: Tensor) -> Tensor { x.view(x.layout.transposed) }

    /// Rows of a contiguous matrix, in its memory.
    private func block(_ x: Tensor, _ start: Int, _ count: Int) -> Tensor {
        let columns = x.shape[1]
        return x.view(
            Layout(
                shape: [count, columns], strides: [columns, 1], offset: x.layout.offset + start * columns))
    }
}
