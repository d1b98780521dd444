import HearthTensor

/// Normalisation layers.
enum Normalisations {
    static let rows: OperatorRows = [
        "BatchNormalization": batch,
        "InstanceNormalization": { n in
            let x = try n[0]
            return n.like(
                0, x.instanceNorm(weight: try n[1], bias: try n[2], epsilon: n.float("epsilon", 1e-5)))
        },
        "LayerNormalization": layer,
        "RMSNormalization": rms,
        "GroupNormalization": group,
        "LRN": { n in
            let x = try n[0]
            let size = n.int("size", 1)
            try n.check(x.rank >= 3 && size > 0 && size < 1 << 20, "[N, C, …] and a size", "\(x.shape) and \(size)")
            _ = try n.shape([x.shape[0], x.shape[1] + size] + Array(x.shape.dropFirst(2)), x.dtype)
            // One more neighbour stands behind than before where the size is even, which PyTorch has the other way round.
            let around = Array(repeating: 0, count: 2 * (x.rank - 2)) + [(size - 1) / 2, size / 2]
            let sum = x.square().pad(around).unfold(dim: 1, size: size, step: 1).sum(dim: -1)
            let scale = sum * (n.float("alpha", 1e-4) / Double(size)) + n.float("bias", 1)
            return n.like(0, x / scale.pow(n.float("beta", 0.75)))
        },
        "LpNormalization": { n in
            let x = try n[0]
            let axis = try n.axis(n.int("axis", -1), rank: x.rank)
            let norm =
                n.int("p", 2) == 1
                ? x.abs().sum(dim: axis, keepDim: true) : x.square().sum(dim: axis, keepDim: true).sqrt()
            return n.like(0, Tensor.where(norm == 0, 0, x / norm))
        },
        "MeanVarianceNormalization": { n in
            let x = try n[0]
            let axes = try n.axes(n.intList("axes") ?? [0, 2, 3], rank: x.rank)
            let centred = x - x.mean(dims: axes, keepDim: true)
            return n.like(0, centred / (centred.square().mean(dims: axes, keepDim: true).sqrt() + 1e-9))
        },
    ]

    private static func batch(_ n: NodeContext) throws -> [Value] {
        let (x, scale, bias, mean, variance) = (try n[0], try n[1], try n[2], try n[3], try n[4])
        try n.check(x.rank >= 2, "[N, C, …]", "\(x.shape)")
        let epsilon = n.float("epsilon", 1e-5)
        let isTraining = n.version >= 14 ? n.bool("training_mode") : n.version < 7 && !n.bool("is_test", true)
        let wide = mean.dtype.promoted(with: x.dtype)
        func column(_ t: Tensor) -> Tensor {
            t.to(wide).reshape(Shape([t.count] + Array(repeating: 1, count: x.rank - 2)))
        }
        guard isTraining else {
            let parameters = [scale, bias, mean, variance]
            if parameters.allSatisfy({ $0.dtype == x.dtype && $0.shape == [x.shape[1]] }) {
                return n.like(
                    0, x.batchNorm((mean: mean, variance: variance), weight: scale, bias: bias, epsilon: epsilon))
            }
            let factor = column(scale) * (column(variance) + epsilon).rsqrt()
            return n.like(0, ((x.to(wide) - column(mean)) * factor + column(bias)).to(x.dtype))
        }
        let dims = [0] + Array(2..<x.rank)
        let current = x.to(wide).mean(dims: dims)
        let spread = x.to(wide).variance(dims: dims, correction: 0)
        let factor = column(scale) * (column(spread) + epsilon).rsqrt()
        let y = ((x.to(wide) - column(current)) * factor + column(bias)).to(x.dtype)
        let momentum = n.float("momentum", 0.9)
        let running = mean * momentum + current.to(mean.dtype) * (1 - momentum)
        let runningVariance = variance * momentum + spread.to(variance.dtype) * (1 - momentum)
        return n.like(0, y) + n.like(3, running) + n.like(4, runningVariance)
    }

    /// The type in which statistics are computed.
    private static func stash(_ n: NodeContext) throws -> DType {
        guard let dtype = try n.elementType(number: n.int("stash_type", 1)).dtype else { return .float32 }
        return dtype
    }

    private static func layer(_ n: NodeContext) throws -> [Value] {
        let (x, scale, bias) = (try n[0], try n[1], try n.optional(2))
        let axis = try n.axis(n.int("axis", -1), rank: x.rank)
        let dtype = try stash(n)
        let epsilon = n.float("epsilon", 1e-5)
        let sizes = Shape(x.shape.dropFirst(axis))
        let isPlain = scale.shape == sizes && (bias.map { $0.shape == sizes } ?? true) && x.dtype == dtype
        if isPlain, !n.wants(1), !n.wants(2), x.count > 0 {
            return n.like(0, x.layerNorm(sizes, weight: scale, bias: bias, epsilon: epsilon))
        }
        let dims = Array(axis..<x.rank)
        let wide = x.to(dtype)
        let mean = wide.mean(dims: dims, keepDim: true)
        let centred = wide - mean
        let inverse = (centred.square().mean(dims: dims, keepDim: true) + epsilon).sqrt().reciprocal()
        var y = (centred * inverse).to(x.dtype) * scale
        if let bias { y = y + bias }
        return n.like(0, y) + n.native(mean, inverse)
    }

    private static func rms(_ n: NodeContext) throws -> [Value] {
        let (x, scale) = (try n[0], try n[1])
        let axis = try n.axis(n.int("axis", -1), rank: x.rank)
        let epsilon = n.float("epsilon", 1e-5)
        let dtype = try stash(n)
        let sizes = Shape(x.shape.dropFirst(axis))
        if scale.shape == sizes, x.dtype == dtype, x.count > 0 {
            return n.like(0, x.rmsNorm(sizes, weight: scale, epsilon: epsilon))
        }
        let wide = x.to(dtype)
        let mean = wide.square().mean(dims: Array(axis..<x.rank), keepDim: true)
        return n.like(0, (wide / (mean + epsilon).sqrt()).to(x.dtype) * scale)
    }

    private static func group(_ n: NodeContext) throws -> [Value] {
        let (x, scale, bias) = (try n[0], try n[1], try n[2])
        let groups = n.int("num_groups", 1)
        try n.check(
            x.rank >= 2 && groups > 0 && x.shape[1] % groups == 0, "[N, C, …] with C a multiple of \(groups)",
            "\(x.shape)")
        let epsilon = n.float("epsilon", 1e-5)
        let dtype = n.version >= 21 ? try stash(n) : x.dtype
        let isPerChannel = n.version >= 21
        if isPerChannel, x.dtype == dtype {
            return n.like(0, x.groupNorm(groups, weight: scale, bias: bias, epsilon: epsilon))
        }
        let normal = x.to(dtype).groupNorm(groups, epsilon: epsilon).to(x.dtype)
        // The first version has one scale and bias for each group.
        let (factor, shift) =
            isPerChannel
            ? (scale, bias)
            : (
                scale.repeatInterleave(x.shape[1] / groups, dim: 0), bias.repeatInterleave(x.shape[1] / groups, dim: 0)
            )
        let column = Shape([x.shape[1]] + Array(repeating: 1, count: x.rank - 2))
        return n.like(0, normal * factor.reshape(column) + shift.reshape(column))
    }
}
