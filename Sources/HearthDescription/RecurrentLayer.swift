import HearthNN
import HearthTensor

/// A recurrent network as a layer: of what it gives, the outputs of all steps or of the last one. Its parameters keep the
/// network's own names.
final class RecurrentLayer<Network: RNNBase>: Module, Layer {
    private let network: Network
    private let output: (Network, Tensor) -> Tensor
    private let givesLast: Bool

    init(_ network: Network, givesLast: Bool, _ output: @escaping (Network, Tensor) -> Tensor) {
        self.network = network
        self.output = output
        self.givesLast = givesLast
    }

    override var namedChildren: [(name: String, module: Module)] { network.namedChildren }
    override var ownParameters: [(name: String, parameter: Parameter)] { network.ownParameters }

    /// `[n, steps, in]` to `[n, steps, out]`, or to `[n, out]` for the last step.
    func forward(_ x: Tensor) -> Tensor {
        let outputs = output(network, x)
        return givesLast ? outputs.select(1, -1) : outputs
    }

    override var extraRepr: String { network.extraRepr }
}
