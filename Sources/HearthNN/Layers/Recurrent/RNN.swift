import HearthTensor

/// The function that an `RNN` applies to its state.
public enum RNNNonlinearity: Sendable {
    case tanh, relu

    var cell: RecurrentCell { self == .tanh ? .tanh : .relu }
}

/// A recurrent network whose only state is its output h: `RNN` and `GRU`.
public class OneStateNetwork: RNNBase {
    /// The states after every step and after the last; the states before the first are 0 when left out.
    public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> (output: Tensor, h: Tensor) {
        let (output, states) = run(x, h.map { States(h: $0) })
        return (output, states.h)
    }

    /// The same over packed sequences.
    public func callAsFunction(_ x: PackedSequence, _ h: Tensor? = nil) -> (output: PackedSequence, h: Tensor) {
        let (output, states) = run(x, h.map { States(h: $0) })
        return (output, states.h)
    }
}

/// The plain recurrent network `h' = tanh(x Wᵢᵀ + bᵢ + h Wₕᵀ + bₕ)`, or with relu. PyTorch's `nn.RNN`.
///
///     let rnn = RNN(28, 64, batchFirst: true)
///     let (output, h) = rnn(x)   // [n, steps, 28] to [n, steps, 64] and [1, n, 64]
///
/// Shapes of inputs, outputs and states stand at `RNNBase`.
public final class RNN: OneStateNetwork {
    /// A network from `inputs` numbers to `units`, with PyTorch's defaults.
    public init(
        _ inputs: Int, _ units: Int, layers: Int = 1, nonlinearity: RNNNonlinearity = .tanh, bias: Bool = true,
        batchFirst: Bool = false, dropout: Double = 0, bidirectional: Bool = false, generator: Generator? = nil
    ) {
        super.init(
            nonlinearity.cell, inputs, units, layers: layers, bias: bias, batchFirst: batchFirst, dropout: dropout,
            bidirectional: bidirectional, projSize: nil, generator: generator)
    }
}

/// Gated recurrent units (Cho et al., 2014, <https://arxiv.org/abs/1406.1078>). PyTorch's `nn.GRU`.
///
/// `r = σ(x Wᵣᵀ + h Uᵣᵀ)`, `z = σ(x W_zᵀ + h U_zᵀ)`, `n = tanh(x Wₙᵀ + r (h Uₙᵀ))`, `h' = (1 - z) n + z h`, each
/// product with its bias. Shapes of inputs, outputs and states stand at `RNNBase`.
public final class GRU: OneStateNetwork {
    /// A network from `inputs` numbers to `units`, with PyTorch's defaults.
    public init(
        _ inputs: Int, _ units: Int, layers: Int = 1, bias: Bool = true, batchFirst: Bool = false, dropout: Double = 0,
        bidirectional: Bool = false, generator: Generator? = nil
    ) {
        super.init(
            .gru, inputs, units, layers: layers, bias: bias, batchFirst: batchFirst, dropout: dropout,
            bidirectional: bidirectional, projSize: nil, generator: generator)
    }
}
