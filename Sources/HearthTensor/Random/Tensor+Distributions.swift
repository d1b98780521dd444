// More random tensors, made of uniform and normal ones. PyTorch's in-place fills: `x = Tensor.cauchy(x.shape)`.
extension Tensor {
    /// Cauchy's distribution around `median`.
    public static func cauchy(
        _ shape: Shape, median: Double = 0, scale: Double = 1, dtype: DType = .float32, device: Device = .default,
        generator: Generator? = nil
    ) -> Tensor {
        let u = uniform(shape, low: 0, high: 1, dtype: .float64, device: device, generator: generator)
        return (((u - 0.5) * Double.pi).tan() * scale + median).to(dtype)
    }

    /// The exponential of a normal distribution with this mean and standard deviation.
    public static func logNormal(
        _ shape: Shape, mean: Double = 1, std: Double = 2, dtype: DType = .float32, device: Device = .default,
        generator: Generator? = nil
    ) -> Tensor {
        normal(shape, mean: mean, std: std, dtype: dtype, device: device, generator: generator).exp()
    }

    /// The number of tries up to the first success: 1, 2, …, when each succeeds with `probability`.
    public static func geometric(
        _ shape: Shape, probability: Double, dtype: DType = .float32, device: Device = .default,
        generator: Generator? = nil
    ) -> Tensor {
        guard probability > 0, probability < 1 else {
            stop("geometric", "the probability \(probability) is not between 0 and 1")
            return .meta(shape, dtype: dtype)
        }
        let failure = Tensor(1 - probability, dtype: .float64, device: device).log()
        // 1 - u is never 0.
        let u = 1 - uniform(shape, low: 0, high: 1, dtype: .float64, device: device, generator: generator)
        return (u.log() / failure).ceil().clamp(min: 1).to(dtype)
    }

    /// Probabilities drawn from logits along `dim`, differentiable by them: the softmax of `(logits + noise) / temperature`
    /// with noise of Gumbel's distribution. With `hard` a single 1 whose gradient is that of the soft one.
    ///
    /// Source: Jang et al., "Categorical Reparameterization with Gumbel-Softmax", 2016 (<https://arxiv.org/abs/1611.01144>).
    public func gumbelSoftmax(
        temperature: Double = 1, hard: Bool = false, dim: Int = -1, generator: Generator? = nil
    ) -> Tensor {
        // Minus the logarithm of an exponentially distributed number has the Gumbel distribution.
        let noise = -Tensor.exponential(shape, dtype: dtype, device: device, generator: generator).log()
        let soft = ((self + noise) / temperature).softmax(dim: dim)
        guard hard else { return soft }
        let choice = soft.detach().argmax(dim: dim, keepDim: true)
        let one = Tensor.zeros(like: soft).scatter(dim, choice, 1.0)
        return one - soft.detach() + soft
    }
}
