import HearthTensor

/// What one direction of one recurrent layer is trained in. `G` is the number of gates, `H` of units: 1 gate in an RNN,
/// 4 (i, f, g, o) in an LSTM, 3 (r, z, n) in a GRU.
public struct RecurrentParameters {
    /// `[G * H, in]`; PyTorch's `weight_ih`.
    public let inputWeight: Parameter
    /// `[G * H, H]`, or `[G * H, projSize]`; PyTorch's `weight_hh`.
    public let hiddenWeight: Parameter
    /// `[G * H]`; PyTorch's `bias_ih`.
    public let inputBias: Parameter?
    /// `[G * H]`; PyTorch's `bias_hh`.
    public let hiddenBias: Parameter?
    /// `[projSize, H]`; PyTorch's `weight_hr`.
    public let projection: Parameter?

    /// Parameters uniform within `1 / sqrt(units)`.
    init(
        _ cell: RecurrentCell, inputs: Int, units: Int, projection: Int? = nil, bias: Bool, generator: Generator?
    ) {
        func uniform(_ shape: Shape) -> Parameter {
            Parameter(Initialize.uniformByFanIn(shape, fanIn: units, generator: generator))
        }
        let width = cell.gates * units
        inputWeight = uniform([width, inputs])
        hiddenWeight = uniform([width, projection ?? units])
        inputBias = bias ? uniform([width]) : nil
        hiddenBias = bias ? uniform([width]) : nil
        self.projection = projection.map { uniform([$0, units]) }
    }

    /// PyTorch's names, with a suffix: `weight_ih_l0_reverse`.
    func named(suffix: String = "") -> [(name: String, parameter: Parameter)] {
        let all = [
            ("weight_ih", inputWeight), ("weight_hh", hiddenWeight), ("bias_ih", inputBias), ("bias_hh", hiddenBias),
            ("weight_hr", projection),
        ]
        return all.compactMap { name, parameter in parameter.map { (name + suffix, $0) } }
    }

    /// The values, as a computation takes them.
    var weights: RecurrentWeights {
        RecurrentWeights(
            input: inputWeight.tensor, hidden: hiddenWeight.tensor,
            biases: inputBias.map { (input: $0.tensor, hidden: hiddenBias!.tensor) },
            projection: projection?.tensor)
    }
}
