extension Tensor {
    /// Layer normalisation: `(x - mean) / sqrt(variance + epsilon) * weight + bias` over the last dimensions, which have
    /// the sizes in `shape`. Weight and bias are of that shape. PyTorch's `F.layer_norm`.
    ///
    /// Source: Ba, Kiros, Hinton, "Layer Normalization", 2016.
    public func layerNorm(
        _ shape: Shape, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
    ) -> Tensor {
        guard let groups = trailingGroups("layer_norm", shape, weight, bias) else { return self }
        return standardised(groups, weight: weight, bias: bias, epsilon: epsilon).result
    }

    /// `x / sqrt(mean(x²) + epsilon) * weight` over the last dimensions, which have the sizes in `shape`. Without
    /// `epsilon` the smallest difference from 1 that the dtype knows. PyTorch's `F.rms_norm`.
    ///
    /// Source: Zhang, Sennrich, "Root Mean Square Layer Normalization", 2019.
    public func rmsNorm(_ shape: Shape, weight: Tensor? = nil, epsilon: Double? = nil) -> Tensor {
        guard let groups = trailingGroups("rms_norm", shape, weight, nil) else { return self }
        return standardised(
            groups, weight: weight, bias: nil, epsilon: epsilon ?? dtype.machineEpsilon, centred: false
        ).result
    }

    private func trailingGroups(_ name: String, _ sizes: Shape, _ weight: Tensor?, _ bias: Tensor?) -> Groups? {
        guard sizes.count > 0, rank >= sizes.count, shape.suffix(sizes.count).elementsEqual(sizes) else {
            stop(name, [spec], "the last dimensions must be \(sizes)")
            return nil
        }
        for tensor in [weight, bias].compactMap({ $0 }) where tensor.shape != sizes {
            stop(name, [spec, tensor.spec], "weight and bias must be \(sizes)")
            return nil
        }
        let length = sizes.elementCount
        return Groups(
            batches: 1, count: Shape(shape.dropLast(sizes.count)).elementCount, length: length, affine: .places)
    }

    /// Group normalisation of `[N, C, …]`: each image's channels in `groups` parts, each standardised over its channels
    /// and places, then scaled by channel with weight and bias `[C]`. PyTorch's `F.group_norm`.
    ///
    /// Source: Wu, He, "Group Normalization", 2018.
    public func groupNorm(
        _ groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
    ) -> Tensor {
        guard rank >= 2, groups > 0, shape[1] % groups == 0 else {
            return stop(
                "group_norm", [spec], "[N, C, …] is expected, with C a multiple of the \(groups) groups",
                fallback: self)
        }
        guard hasChannels("group_norm", [weight, bias]) else { return self }
        let blocks = Groups(
            batches: 1, count: shape[0] * groups, length: count / Swift.max(shape[0] * groups, 1),
            affine: .parts(shape[1] / groups, cycle: groups))
        return standardised(blocks, weight: weight, bias: bias, epsilon: epsilon).result
    }

    /// Instance normalisation of `[N, C, …]`: each channel of each image is standardised over its places. Given
    /// `statistics` `[C]` are used instead of its own. Weight and bias are `[C]`. PyTorch's `F.instance_norm`.
    ///
    /// Source: Ulyanov, Vedaldi, Lempitsky, "Instance Normalization", 2016.
    public func instanceNorm(
        weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5,
        statistics: (mean: Tensor, variance: Tensor)? = nil
    ) -> Tensor {
        if let statistics {
            return batchNorm(statistics, weight: weight, bias: bias, epsilon: epsilon)
        }
        return instanceNormWithStatistics(weight: weight, bias: bias, epsilon: epsilon).result
    }

    /// `instanceNorm`, with the mean and the biased variance of each channel of each image, `[N C]`.
    public func instanceNormWithStatistics(
        weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
    ) -> (result: Tensor, mean: Tensor, variance: Tensor) {
        guard rank >= 3 else {
            let failed = stop("instance_norm", [spec], "[N, C, …] is expected", fallback: self)
            return (failed, failed, failed)
        }
        guard hasChannels("instance_norm", [weight, bias]) else { return (self, self, self) }
        let blocks = Groups(
            batches: 1, count: shape[0] * shape[1], length: Shape(shape.dropFirst(2)).elementCount,
            affine: .parts(1, cycle: shape[1]))
        return standardised(blocks, weight: weight, bias: bias, epsilon: epsilon)
    }

    /// Batch normalisation of `[N, C, …]` with known statistics `[C]`, as in evaluation: `(x - mean) /
    /// sqrt(variance + epsilon) * weight + bias` by channel. PyTorch's `F.batch_norm` with `training=False`.
    public func batchNorm(
        _ statistics: (mean: Tensor, variance: Tensor), weight: Tensor? = nil, bias: Tensor? = nil,
        epsilon: Double = 1e-5
    ) -> Tensor {
        guard let groups = channelGroups([statistics.mean, statistics.variance, weight, bias]) else { return self }
        return standardised(groups, weight: weight, bias: bias, epsilon: epsilon, statistics: statistics).result
    }

    /// Batch normalisation of `[N, C, …]` with the statistics of this batch, and these: mean and biased variance `[C]`.
    /// PyTorch's `F.batch_norm` with `training=True`; running averages are the caller's to keep.
    ///
    /// Source: Ioffe, Szegedy, "Batch Normalization", 2015.
    public func batchNorm(
        weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
    ) -> (result: Tensor, mean: Tensor, variance: Tensor) {
        guard let groups = channelGroups([weight, bias]) else { return (self, self, self) }
        return standardised(groups, weight: weight, bias: bias, epsilon: epsilon)
    }

    private func channelGroups(_ vectors: [Tensor?]) -> Groups? {
        guard rank >= 2 else {
            stop("batch_norm", [spec], "[N, C, …] is expected")
            return nil
        }
        guard hasChannels("batch_norm", vectors) else { return nil }
        return Groups(
            batches: shape[0], count: shape[1], length: Shape(shape.dropFirst(2)).elementCount,
            affine: .parts(1, cycle: shape[1]))
    }

    /// True when all vectors have an element for each channel of `[N, C, …]`; reports what has not.
    private func hasChannels(_ name: String, _ vectors: [Tensor?]) -> Bool {
        for vector in vectors.compactMap({ $0 }) where vector.shape != [shape[1]] {
            stop(name, [spec, vector.spec], "statistics, weight and bias must be [\(shape[1])]")
            return false
        }
        return true
    }

    /// Each element divided by `(k + alpha * mean of squares of neighbouring channels) ^ beta`, over `size` channels.
    /// PyTorch's `F.local_response_norm`.
    ///
    /// Source: Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012.
    public func localResponseNorm(_ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1) -> Tensor {
        guard rank >= 3, size > 0 else {
            return stop(
                "local_response_norm", [spec], "[N, C, …] and a positive size are expected", fallback: self)
        }
        var around = Array(repeating: 0, count: 2 * (rank - 1))
        around[2 * (rank - 2)] = size / 2
        around[2 * (rank - 2) + 1] = (size - 1) / 2
        let neighbours = square().pad(around).unfold(dim: 1, size: size, step: 1)
        return self / (neighbours.mean(dim: -1) * alpha + k).pow(beta)
    }
}

extension DType {
    /// The distance from 1 to the next larger number.
    fileprivate var machineEpsilon: Double {
        switch self {
        case .float64: Double.ulpOfOne
        case .float16: 0x1p-10
        case .bfloat16: 0x1p-7
        default: Double(Float.ulpOfOne)
        }
    }
}
