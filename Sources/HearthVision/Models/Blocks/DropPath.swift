import HearthNN
import HearthTensor

/// While training sets whole samples to 0 with a probability, so that a residual block is left out for them, and scales
/// the others. torchvision's `StochasticDepth(mode="row")`.
///
/// Source: Huang et al., "Deep Networks with Stochastic Depth", 2016, <https://arxiv.org/abs/1603.09382>.
final class DropPath: Module, Layer {
    private let probability: Double

    init(_ probability: Double) { self.probability = probability }

    func forward(_ x: Tensor) -> Tensor {
        guard isTraining, probability > 0 else { return x }
        let samples = Shape([x.shape[0]] + Array(repeating: 1, count: x.rank - 1))
        return x * Tensor.ones(samples, dtype: x.dtype, device: x.device).dropout(probability)
    }
}
