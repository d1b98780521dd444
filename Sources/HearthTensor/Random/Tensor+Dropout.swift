// Dropout of whole channels, and the forms that keep mean and variance. They drop whenever they are called: the layers
// of the same names do so only while training.
extension Tensor {
    /// Whole channels of `[N, C, L]` or `[C, L]` set to 0 with `probability`, the others scaled. PyTorch's `F.dropout1d`.
    public func dropout1d(_ probability: Double = 0.5, generator: Generator? = nil) -> Tensor {
        channelDropout("dropout1d", probability, ranks: 2...3, channelDimensions: rank - 1, generator)
    }

    /// Whole channels of `[N, C, H, W]` or `[N, C, L]` set to 0 with `probability`, the others scaled. PyTorch's
    /// `F.dropout2d`.
    public func dropout2d(_ probability: Double = 0.5, generator: Generator? = nil) -> Tensor {
        channelDropout("dropout2d", probability, ranks: 3...4, channelDimensions: 2, generator)
    }

    /// Whole channels of `[N, C, D, H, W]` or `[C, D, H, W]` set to 0 with `probability`, the others scaled. PyTorch's
    /// `F.dropout3d`.
    public func dropout3d(_ probability: Double = 0.5, generator: Generator? = nil) -> Tensor {
        channelDropout("dropout3d", probability, ranks: 4...5, channelDimensions: rank - 3, generator)
    }

    private func channelDropout(
        _ name: String, _ probability: Double, ranks: ClosedRange<Int>, channelDimensions: Int, _ generator: Generator?
    ) -> Tensor {
        guard ranks.contains(rank) else {
            return stop(
                name, [spec], "\(ranks.lowerBound) or \(ranks.upperBound) dimensions are expected", fallback: self)
        }
        if probability == 0 { return self }
        return self * noise(channelDimensions).dropout(probability, generator: generator)
    }

    /// Elements set to the lowest value of `selu` with `probability`, the others scaled and moved so that mean and
    /// variance stay. PyTorch's `F.alpha_dropout`.
    ///
    /// Source: Klambauer et al., "Self-Normalizing Neural Networks", 2017 (<https://arxiv.org/abs/1706.02515>).
    public func alphaDropout(_ probability: Double = 0.5, generator: Generator? = nil) -> Tensor {
        alphaDropout(probability, noiseDimensions: rank, generator)
    }

    /// `alphaDropout` of whole channels of `[N, C, …]`. PyTorch's `F.feature_alpha_dropout`.
    public func featureAlphaDropout(_ probability: Double = 0.5, generator: Generator? = nil) -> Tensor {
        alphaDropout(probability, noiseDimensions: 2, generator)
    }

    private func alphaDropout(_ probability: Double, noiseDimensions: Int, _ generator: Generator?) -> Tensor {
        if probability == 0 { return self }
        if probability == 1 { return self * 0 }
        // The lowest value of SELU, -lambda alpha.
        let lowest = -1.7580993408473766
        let scale = 1 / ((lowest * lowest * probability + 1) * (1 - probability)).squareRoot()
        let kept = noise(noiseDimensions).dropout(probability, generator: generator) * (1 - probability)
        return self * (kept * scale) + (1 - kept) * (lowest * scale) - lowest * scale * probability
    }

    /// Ones with the first sizes of this tensor, 1 in all other dimensions: what noise is drawn for.
    package func noise(_ dimensions: Int) -> Tensor {
        Tensor.ones(Shape(shape.enumerated().map { $0 < dimensions ? $1 : 1 }), dtype: dtype, device: device)
    }

    /// `x`, and a random slope in `lower...upper` times `x` below 0. PyTorch's `F.rrelu(training=True)`.
    ///
    /// Source: Xu et al., "Empirical Evaluation of Rectified Activations in Convolutional Network", 2015
    /// (<https://arxiv.org/abs/1505.00853>).
    public func rrelu(lower: Double = 1.0 / 8, upper: Double = 1.0 / 3, generator: Generator? = nil) -> Tensor {
        let slopes = Tensor.uniform(
            shape, low: lower, high: upper, dtype: dtype, device: device, generator: generator)
        return Tensor.where(self < 0, self * slopes, self)
    }
}
