import HearthTensor

/// One step of a recurrent network: what `RNNCell`, `LSTMCell` and `GRUCell` have in common.
///
/// Inputs are `[n, in]` or `[in]`, states `[n, units]` or `[units]`. Parameters have PyTorch's names, `weight_ih`, and
/// start uniform within `1 / sqrt(units)`. PyTorch's `nn.RNNCellBase`.
public class RNNCellBase: Module {
    /// The numbers that go in.
    public let inputs: Int
    /// The units of the state.
    public let units: Int
    /// The parameters.
    public let weights: RecurrentParameters
    let cell: RecurrentCell

    init(_ cell: RecurrentCell, _ inputs: Int, _ units: Int, bias: Bool, generator: Generator?) {
        require(units > 0 && inputs >= 0, "\(cell)", "\(units) units for \(inputs) inputs")
        self.cell = cell
        self.inputs = inputs
        self.units = units
        weights = RecurrentParameters(cell, inputs: inputs, units: units, bias: bias, generator: generator)
    }

    public override var ownParameters: [(name: String, parameter: Parameter)] { weights.named() }

    /// The states after one step.
    package func step(_ x: Tensor, h: Tensor?, c: Tensor?) -> (h: Tensor, c: Tensor?) {
        guard (1...2).contains(x.rank), x.shape[-1] == inputs else {
            stop("\(cell)", [x.spec], "the input must be [n, \(inputs)] or [\(inputs)]")
            return (.meta([1]), cell.hasCellState ? .meta([1]) : nil)
        }
        if x.rank == 1 {
            let y = step(x.unsqueeze(0), h: h?.unsqueeze(0), c: c?.unsqueeze(0))
            return (y.h.squeeze(0), y.c?.squeeze(0))
        }
        let zeros = Tensor.zeros([x.shape[0], units], dtype: x.dtype, device: x.device)
        let recurrence = Recurrence(cell, batchSizes: [x.shape[0]])
        let y = recurrence(x, h: h ?? zeros, c: cell.hasCellState ? c ?? zeros : nil, weights.weights)
        return (y.h, y.c)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "\(inputs), \(units)" + ", bias=False".unless(weights.inputBias != nil)
            + ", nonlinearity=relu".unless(cell != .relu)
    }
}

/// One step of an `RNN`. PyTorch's `nn.RNNCell`.
public final class RNNCell: RNNCellBase {
    /// A cell from `inputs` numbers to `units`.
    public init(
        _ inputs: Int, _ units: Int, bias: Bool = true, nonlinearity: RNNNonlinearity = .tanh,
        generator: Generator? = nil
    ) {
        super.init(nonlinearity.cell, inputs, units, bias: bias, generator: generator)
    }

    /// The state after `x`; the state before is 0 when left out.
    public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> Tensor { step(x, h: h, c: nil).h }
}

/// One step of a `GRU`. PyTorch's `nn.GRUCell`.
public final class GRUCell: RNNCellBase {
    /// A cell from `inputs` numbers to `units`.
    public init(_ inputs: Int, _ units: Int, bias: Bool = true, generator: Generator? = nil) {
        super.init(.gru, inputs, units, bias: bias, generator: generator)
    }

    /// The state after `x`; the state before is 0 when left out.
    public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> Tensor { step(x, h: h, c: nil).h }
}

/// One step of an `LSTM`. PyTorch's `nn.LSTMCell`.
public final class LSTMCell: RNNCellBase {
    /// A cell from `inputs` numbers to `units`.
    public init(_ inputs: Int, _ units: Int, bias: Bool = true, generator: Generator? = nil) {
        super.init(.lstm, inputs, units, bias: bias, generator: generator)
    }

    /// The states after `x`; the states before are 0 when left out.
    public func callAsFunction(_ x: Tensor, _ state: (h: Tensor, c: Tensor)? = nil) -> (h: Tensor, c: Tensor) {
        let y = step(x, h: state?.h, c: state?.c)
        return (y.h, y.c!)
    }
}
