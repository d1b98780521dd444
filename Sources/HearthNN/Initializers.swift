import HearthTensor

/// Ways to fill a new tensor. PyTorch's `torch.nn.init`, with the same defaults and distributions.
///
///     linear.weight = Initialize.kaimingNormal([out, in], nonlinearity: .relu)
public enum Initialize {
    /// Which side of a layer keeps its variance.
    public enum Fan: Sendable { case `in`, out }

    /// The function that follows, which decides by how much weights are scaled.
    public enum Nonlinearity: Sendable {
        case linear, sigmoid, tanh, relu, selu
        case leakyReLU(slope: Double = 0.01)

        /// The recommended factor; PyTorch's `calculate_gain`.
        public var gain: Double {
            switch self {
            case .linear, .sigmoid: 1
            case .tanh: 5.0 / 3
            case .relu: 2.0.squareRoot()
            case .selu: 0.75
            case .leakyReLU(let slope): (2 / (1 + slope * slope)).squareRoot()
            }
        }
    }

    @TaskLocal private static var isOnMeta = false

    /// Runs `body`, in which weights that would be drawn at random get a shape but no elements: a large network is there
    /// at once, for its shapes to be looked at or for a file to be loaded into it.
    ///
    ///     let model = Initialize.onMeta { VGG(…) }
    ///     try model.loadStateDict(StateDict(contentsOf: "vgg16.pth"))
    ///
    /// What is filled with one number (biases and scales of normalisation) is made as ever. PyTorch's
    /// `with torch.device("meta")`.
    public static func onMeta<Result>(_ body: () throws -> Result) rethrows -> Result {
        try $isOnMeta.withValue(true, operation: body)
    }

    /// The inputs and outputs of one unit: for `[out, in, …]` both times the size of the receptive field.
    public static func fans(_ shape: Shape) -> (in: Int, out: Int) {
        require(shape.count >= 2, "Initialize", "fan-in and fan-out need at least 2 dimensions; the shape is \(shape)")
        let field = shape.dropFirst(2).reduce(1, *)
        return (in: shape[1] * field, out: shape[0] * field)
    }

    /// Uniform in `low ..< high`.
    public static func uniform(
        _ shape: Shape, low: Double = 0, high: Double = 1, generator: Generator? = nil
    ) -> Tensor { isOnMeta ? .meta(shape) : .uniform(shape, low: low, high: high, generator: generator) }

    /// Normal with a mean and a standard deviation.
    public static func normal(
        _ shape: Shape, mean: Double = 0, std: Double = 1, generator: Generator? = nil
    ) -> Tensor { isOnMeta ? .meta(shape) : .normal(shape, mean: mean, std: std, generator: generator) }

    /// Normal, cut off at `low` and `high`.
    public static func truncatedNormal(
        _ shape: Shape, mean: Double = 0, std: Double = 1, low: Double = -2, high: Double = 2,
        generator: Generator? = nil
    ) -> Tensor {
        if isOnMeta { return .meta(shape) }
        // Less than one value in 10^15 lies 8 deviations away, so bounds beyond that cut nothing off; the inverse of
        // the distribution would be slow.
        if low <= mean - 8 * std, high >= mean + 8 * std {
            return normal(shape, mean: mean, std: std, generator: generator).clamp(min: low, max: high)
        }
        // Uniform between the bounds' probabilities, turned into a normal by the inverse of its distribution.
        func probability(_ x: Double) -> Double {
            Tensor([(x - mean) / std / 2.0.squareRoot()], dtype: .float64).erf().item() / 2 + 0.5
        }
        let (p, q) = (probability(low), probability(high))
        let u = Tensor.uniform(shape, low: 2 * p - 1, high: 2 * q - 1, dtype: .float64, generator: generator)
        return (u.erfinv() * (std * 2.0.squareRoot()) + mean).clamp(min: low, max: high).to(.float32)
    }

    /// One value.
    public static func constant(_ shape: Shape, _ value: Double) -> Tensor { .full(shape, value) }
    /// Zeros.
    public static func zeros(_ shape: Shape) -> Tensor { .zeros(shape) }
    /// Ones.
    public static func ones(_ shape: Shape) -> Tensor { .ones(shape) }
    /// Ones on the diagonal of a matrix.
    public static func eye(_ rows: Int, _ columns: Int) -> Tensor { .eye(rows, columns) }

    /// Uniform with variance `2 gain² / (in + out)` (Glorot and Bengio, 2010).
    public static func xavierUniform(_ shape: Shape, gain: Double = 1, generator: Generator? = nil) -> Tensor {
        let bound = (3.0).squareRoot() * xavierDeviation(shape, gain)
        return uniform(shape, low: -bound, high: bound, generator: generator)
    }

    /// Normal with variance `2 gain² / (in + out)` (Glorot and Bengio, 2010).
    public static func xavierNormal(_ shape: Shape, gain: Double = 1, generator: Generator? = nil) -> Tensor {
        normal(shape, std: xavierDeviation(shape, gain), generator: generator)
    }

    private static func xavierDeviation(_ shape: Shape, _ gain: Double) -> Double {
        let fans = fans(shape)
        return gain * (2 / Double(fans.in + fans.out)).squareRoot()
    }

    /// Uniform with variance `gain² / fan` (He et al., 2015, <https://arxiv.org/abs/1502.01852>).
    public static func kaimingUniform(
        _ shape: Shape, fan: Fan = .in, nonlinearity: Nonlinearity = .leakyReLU(slope: 0), generator: Generator? = nil
    ) -> Tensor {
        let bound = (3.0).squareRoot() * kaimingDeviation(shape, fan, nonlinearity)
        return uniform(shape, low: -bound, high: bound, generator: generator)
    }

    /// Normal with variance `gain² / fan` (He et al., 2015, <https://arxiv.org/abs/1502.01852>).
    public static func kaimingNormal(
        _ shape: Shape, fan: Fan = .in, nonlinearity: Nonlinearity = .leakyReLU(slope: 0), generator: Generator? = nil
    ) -> Tensor {
        normal(shape, std: kaimingDeviation(shape, fan, nonlinearity), generator: generator)
    }

    private static func kaimingDeviation(_ shape: Shape, _ fan: Fan, _ nonlinearity: Nonlinearity) -> Double {
        let fans = fans(shape)
        return nonlinearity.gain / Double(max(fan == .in ? fans.in : fans.out, 1)).squareRoot()
    }

    /// What PyTorch's linear and convolutional layers start with: uniform within `1 / sqrt(fan-in)`, weight and bias.
    static func uniformByFanIn(_ shape: Shape, fanIn: Int, generator: Generator? = nil) -> Tensor {
        let bound = fanIn > 0 ? 1 / Double(fanIn).squareRoot() : 0
        return uniform(shape, low: -bound, high: bound, generator: generator)
    }

    /// A matrix with orthonormal rows or columns, whichever are fewer (Saxe et al., 2013); dimensions after the first
    /// are taken together.
    public static func orthogonal(_ shape: Shape, gain: Double = 1, generator: Generator? = nil) -> Tensor {
        require(shape.count >= 2, "Initialize.orthogonal", "at least 2 dimensions; not \(shape)")
        let (rows, columns) = (shape[0], shape.elementCount / max(shape[0], 1))
        let random = Tensor.randn([max(rows, columns), min(rows, columns)], dtype: .float64, generator: generator)
        let q = orthonormalColumns(random)
        return ((rows < columns ? q.t() : q) * gain).to(.float32).reshape(shape)
    }

    /// Gram–Schmidt, twice, which is as accurate as a QR factorisation for well-conditioned columns.
    private static func orthonormalColumns(_ x: Tensor) -> Tensor {
        var columns: [Tensor] = []
        for column in x.unbind(dim: 1) {
            var v = column
            for _ in 0..<2 { for q in columns { v = v - q * q.dot(v) } }
            columns.append(v / v.norm())
        }
        return columns.isEmpty ? x : Tensor.stack(columns, dim: 1)
    }

    /// Normal with a fraction of each column set to 0 (Martens, 2010).
    public static func sparse(
        _ shape: Shape, sparsity: Double, std: Double = 0.01, generator: Generator? = nil
    ) -> Tensor {
        require(shape.count == 2, "Initialize.sparse", "2 dimensions are expected; not \(shape)")
        let zeros = Int((sparsity * Double(shape[0])).rounded(.up))
        let order = Tensor.rand(shape, generator: generator).argsort(dim: 0).narrow(0, start: 0, length: zeros)
        return Tensor.normal(shape, mean: 0, std: std, generator: generator).scatter(0, order.contiguous(), 0)
    }

    /// A convolution kernel that passes its input through: 1 in the middle of each matching pair of channels.
    public static func dirac(_ shape: Shape, groups: Int = 1) -> Tensor {
        require(
            (3...5).contains(shape.count) && shape[0] % groups == 0, "Initialize.dirac",
            "3 to 5 dimensions, the first divisible by \(groups); not \(shape)")
        var kernel = Tensor.zeros(shape)
        let perGroup = shape[0] / groups
        for group in 0..<groups {
            for channel in 0..<min(perGroup, shape[1]) {
                let middle = shape.dropFirst(2).map { $0 / 2 }
                let items: [IndexItem] = ([group * perGroup + channel, channel] + middle).map { .position($0) }
                kernel.fill(1, at: items)
            }
        }
        return kernel
    }
}
