import HearthTensor

/// What instance normalisation of one, two and three dimensions shares: every channel of every image is standardised
/// over its places. Running averages, when they are kept, replace its statistics in evaluation.
///
/// Source: Ulyanov, Vedaldi, Lempitsky, "Instance Normalization: The Missing Ingredient for Fast Stylization", 2016.
public class InstanceNorm: Module, Layer {
    /// `[C]`, 1 at the start; nil unless affine.
    @Param public var weight: Tensor?
    /// `[C]`, 0 at the start; nil unless affine.
    @Param public var bias: Tensor?
    /// The running mean `[C]`; nil when none is kept.
    @Buffer public var runningMean: Tensor?
    /// The running variance `[C]`, unbiased; nil when none is kept.
    @Buffer public var runningVar: Tensor?
    /// 0 (int64), which PyTorch saves and never counts up here; nil when no averages are kept.
    @Buffer public var numBatchesTracked: Tensor?
    /// What is added to the variance.
    public let epsilon: Double
    /// The part of a new batch in the running averages.
    public let momentum: Double
    private let channels: Int
    private let rank: Int

    init(
        _ rank: Int, _ channels: Int, _ epsilon: Double, _ momentum: Double, _ affine: Bool, _ trackRunningStats: Bool
    ) {
        self.rank = rank
        self.channels = channels
        self.epsilon = epsilon
        self.momentum = momentum
        weight = affine ? .ones([channels]) : nil
        bias = affine ? .zeros([channels]) : nil
        runningMean = trackRunningStats ? .zeros([channels]) : nil
        runningVar = trackRunningStats ? .ones([channels]) : nil
        numBatchesTracked = trackRunningStats ? .zeros([], dtype: .int64) : nil
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        if x.rank == rank + 1 { return forward(x.unsqueeze(0)).squeeze(0) }
        guard x.rank == rank + 2 else {
            stop("\(type(of: self))", [x.spec], "\(rank + 2) dimensions are expected, or \(rank + 1)")
            return x
        }
        if !isTraining, let mean = runningMean, let variance = runningVar {
            return x.instanceNorm(weight: weight, bias: bias, epsilon: epsilon, statistics: (mean, variance))
        }
        let places = x.shape.dropFirst(2).reduce(1, *)
        guard places > 1 || !isTraining else {
            stop(
                "\(type(of: self))", [x.spec], "more than one place for each channel is needed while training")
            return x
        }
        let (y, mean, variance) = x.instanceNormWithStatistics(weight: weight, bias: bias, epsilon: epsilon)
        if isTraining && (x.hasElements || Trace.isOn) {
            let unbiased = noGrad { variance * (Double(places) / Double(places - 1)) }
            track(mean.reshape(x.shape[0], x.shape[1]), unbiased.reshape(x.shape[0], x.shape[1]))
        }
        return y
    }

    /// Takes the statistics of a batch, `[N, C]`, into the running averages.
    private func track(_ mean: Tensor, _ variance: Tensor) {
        guard let oldMean = runningMean, let oldVariance = runningVar else { return }
        noGrad {
            runningMean = oldMean * (1 - momentum) + mean.mean(dim: 0).to(oldMean.dtype) * momentum
            runningVar = oldVariance * (1 - momentum) + variance.mean(dim: 0).to(oldVariance.dtype) * momentum
        }
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "\(channels), eps=\(epsilon), momentum=\(momentum), affine=\(py: weight != nil), "
            + "bias=\(py: bias != nil), track_running_stats=\(py: runningMean != nil)"
    }
}

/// Instance normalisation of `[N, C, L]` or `[C, L]`. PyTorch's `nn.InstanceNorm1d`.
public final class InstanceNorm1d: InstanceNorm {
    /// A layer for `channels` channels.
    public init(
        _ channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, affine: Bool = false,
        trackRunningStats: Bool = false
    ) { super.init(1, channels, epsilon, momentum, affine, trackRunningStats) }
}

/// Instance normalisation of `[N, C, H, W]` or `[C, H, W]`. PyTorch's `nn.InstanceNorm2d`.
public final class InstanceNorm2d: InstanceNorm {
    /// A layer for `channels` channels.
    public init(
        _ channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, affine: Bool = false,
        trackRunningStats: Bool = false
    ) { super.init(2, channels, epsilon, momentum, affine, trackRunningStats) }
}

/// Instance normalisation of `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch's `nn.InstanceNorm3d`.
public final class InstanceNorm3d: InstanceNorm {
    /// A layer for `channels` channels.
    public init(
        _ channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, affine: Bool = false,
        trackRunningStats: Bool = false
    ) { super.init(3, channels, epsilon, momentum, affine, trackRunningStats) }
}
