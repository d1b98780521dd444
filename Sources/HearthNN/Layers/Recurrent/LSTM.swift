import HearthTensor

/// Long short-term memory (Hochreiter and Schmidhuber, 1997). PyTorch's `nn.LSTM`.
///
///     let lstm = LSTM(28, 128, batchFirst: true)
///     let (output, (h, c)) = lstm(x)   // [n, steps, 28] to [n, steps, 128] and twice [1, n, 128]
///
/// `i, f, o = σ(x Wᵀ + h Uᵀ)`, `g = tanh(x W_gᵀ + h U_gᵀ)`, `c' = f c + i g`, `h' = o tanh(c')`, each product with its
/// bias; with `projSize` h' is multiplied by one more matrix (Sak et al., 2014, <https://arxiv.org/abs/1402.1128>).
/// Shapes of inputs, outputs and states stand at `RNNBase`.
public final class LSTM: RNNBase {
    /// A network from `inputs` numbers to `units`, with PyTorch's defaults.
    public init(
        _ inputs: Int, _ units: Int, layers: Int = 1, bias: Bool = true, batchFirst: Bool = false, dropout: Double = 0,
        bidirectional: Bool = false, projSize: Int? = nil, generator: Generator? = nil
    ) {
        super.init(
            .lstm, inputs, units, layers: layers, bias: bias, batchFirst: batchFirst, dropout: dropout,
            bidirectional: bidirectional, projSize: projSize, generator: generator)
    }

    /// The states h after every step, and h and c after the last; the states before the first are 0 when left out.
    public func callAsFunction(
        _ x: Tensor, _ state: (h: Tensor, c: Tensor)? = nil
    ) -> (output: Tensor, state: (h: Tensor, c: Tensor)) {
        let (output, states) = run(x, state.map { States(h: $0.h, c: $0.c) })
        return (output, (states.h, states.c!))
    }

    /// The same over packed sequences.
    public func callAsFunction(
        _ x: PackedSequence, _ state: (h: Tensor, c: Tensor)? = nil
    ) -> (output: PackedSequence, state: (h: Tensor, c: Tensor)) {
        let (output, states) = run(x, state.map { States(h: $0.h, c: $0.c) })
        return (output, (states.h, states.c!))
    }
}
