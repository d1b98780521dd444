import HearthTensor

/// What batch normalisation of one, two and three dimensions shares.
///
/// While training every channel is standardised with its mean and variance in the batch, and running averages of both
/// are kept; in evaluation these are used. Then it is scaled by `weight` and moved by `bias`.
///
/// Source: Ioffe, Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate
/// Shift", 2015.
public class BatchNorm: Module, Layer {
    /// `[C]`, 1 at the start; nil when not affine.
    @Param public var weight: Tensor?
    /// `[C]`, 0 at the start; nil when not affine.
    @Param public var bias: Tensor?
    /// The running mean `[C]`; nil when none is kept.
    @Buffer public var runningMean: Tensor?
    /// The running variance `[C]`, unbiased; nil when none is kept.
    @Buffer public var runningVar: Tensor?
    /// How many batches have been seen (int64); nil when no averages are kept.
    @Buffer public var numBatchesTracked: Tensor?
    /// What is added to the variance.
    public let epsilon: Double
    /// The part of a new batch in the running averages; nil for the plain average of all batches.
    public var momentum: Double?
    private let channels: Int
    private let ranks: ClosedRange<Int>

    init(
        _ ranks: ClosedRange<Int>, _ channels: Int, _ epsilon: Double, _ momentum: Double?, _ affine: Bool,
        _ trackRunningStats: Bool
    ) {
        self.ranks = ranks
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
        guard ranks.contains(x.rank) else {
            stop(
                "\(type(of: self))", [x.spec],
                "\(ranks.map(String.init).joined(separator: " or ")) dimensions are expected")
            return x
        }
        if !isTraining, let mean = runningMean, let variance = runningVar {
            return x.batchNorm((mean, variance), weight: weight, bias: bias, epsilon: epsilon)
        }
        let size = x.count / max(x.shape[1], 1)
        guard size > 1 || !isTraining || !x.hasElements else {
            stop(
                "\(type(of: self))", [x.spec], "more than one value for each channel is needed while training")
            return x
        }
        let (y, mean, variance) = x.batchNorm(weight: weight, bias: bias, epsilon: epsilon)
        if isTraining { track(mean, variance, size) }
        return y
    }

    /// Takes a batch of `size` values for each channel into the running averages.
    private func track(_ mean: Tensor, _ variance: Tensor, _ size: Int) {
        guard let oldMean = runningMean, let oldVariance = runningVar, let seen = numBatchesTracked else { return }
        // A batch whose shape alone is followed is none; a program that is traced has one when it runs.
        guard mean.hasElements || Trace.isOn else { return }
        noGrad {
            numBatchesTracked = seen + 1
            let unbiased = variance * (Double(size) / Double(size - 1))
            runningMean = moved(oldMean, to: mean, seen)
            runningVar = moved(oldVariance, to: unbiased, seen)
        }
    }

    /// The average with a new value taken in: by the share `momentum`, or as one of all that were seen.
    private func moved(_ average: Tensor, to value: Tensor, _ seen: Tensor) -> Tensor {
        let value = value.to(average.dtype)
        if let momentum { return average * (1 - momentum) + value * momentum }
        let share = (seen + 1).to(average.dtype).reciprocal()
        return average * (1 - share) + value * share
    }

    /// Forgets the running averages.
    public func resetRunningStats() {
        guard let mean = runningMean, let variance = runningVar else { return }
        runningMean = .zeros(mean.shape, dtype: mean.dtype)
        runningVar = .ones(variance.shape, dtype: variance.dtype)
        numBatchesTracked = .zeros([], dtype: .int64)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "\(channels), eps=\(epsilon), momentum=\(py: momentum), affine=\(py: weight != nil), "
            + "bias=\(py: bias != nil), track_running_stats=\(py: runningMean != nil)"
    }
}

extension BatchNorm: RunningStatistics {}

/// Batch normalisation of `[N, C]` or `[N, C, L]`. PyTorch's `nn.BatchNorm1d`.
public final class BatchNorm1d: BatchNorm {
    /// A layer for `channels` channels. See `BatchNorm2d`.
    public init(
        _ channels: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
        trackRunningStats: Bool = true
    ) { super.init(2...3, channels, epsilon, momentum, affine, trackRunningStats) }
}

/// Batch normalisation of `[N, C, H, W]`. PyTorch's `nn.BatchNorm2d`.
public final class BatchNorm2d: BatchNorm {
    /// A layer for `channels` channels.
    /// - Parameters:
    ///   - momentum: The part of a new batch in the running averages; nil for the plain average of all batches.
    ///   - affine: Whether there are weight and bias.
    ///   - trackRunningStats: Whether running averages are kept; without them evaluation looks at the batch, too.
    public init(
        _ channels: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
        trackRunningStats: Bool = true
    ) { super.init(4...4, channels, epsilon, momentum, affine, trackRunningStats) }
}

/// Batch normalisation of `[N, C, D, H, W]`. PyTorch's `nn.BatchNorm3d`.
public final class BatchNorm3d: BatchNorm {
    /// A layer for `channels` channels. See `BatchNorm2d`.
    public init(
        _ channels: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
        trackRunningStats: Bool = true
    ) { super.init(5...5, channels, epsilon, momentum, affine, trackRunningStats) }
}
