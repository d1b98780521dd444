// Random tensors. Without a generator the default one is used; see `manualSeed`.
extension Tensor {
    /// Uniform in `0 ..< 1`.
    public static func rand(
        _ shape: Shape, dtype: DType = .float32, device: Device = .default, generator: Generator? = nil
    ) -> Tensor {
        uniform(shape, low: 0, high: 1, dtype: dtype, device: device, generator: generator)
    }
    /// Uniform in `0 ..< 1`.
    public static func rand(
        _ sizes: Int..., dtype: DType = .float32, device: Device = .default, generator: Generator? = nil
    ) -> Tensor {
        rand(Shape(sizes), dtype: dtype, device: device, generator: generator)
    }
    /// Uniform in `low ..< high`.
    public static func uniform(
        _ shape: Shape, low: Double, high: Double, dtype: DType = .float32, device: Device = .default,
        generator: Generator? = nil
    ) -> Tensor {
        let x = random(.uniform(low: low, high: high), shape, dtype, device, generator)
        // They are drawn in 32 bits, and rounding to 16 must not reach `high`.
        return dtype.isHalf && low < high ? x.clamp(max: dtype.largest(below: high)) : x
    }
    /// Normal, with mean 0 and standard deviation 1.
    public static func randn(
        _ shape: Shape, dtype: DType = .float32, device: Device = .default, generator: Generator? = nil
    ) -> Tensor {
        normal(shape, mean: 0, std: 1, dtype: dtype, device: device, generator: generator)
    }
    /// Normal, with mean 0 and standard deviation 1.
    public static func randn(
        _ sizes: Int..., dtype: DType = .float32, device: Device = .default, generator: Generator? = nil
    ) -> Tensor {
        randn(Shape(sizes), dtype: dtype, device: device, generator: generator)
    }
    /// Normal, with the given mean and standard deviation.
    public static func normal(
        _ shape: Shape, mean: Double, std: Double, dtype: DType = .float32, device: Device = .default,
        generator: Generator? = nil
    ) -> Tensor {
        random(.normal(mean: mean, deviation: std), shape, dtype, device, generator)
    }
    /// Integers, uniform in `range`.
    public static func randint(
        _ range: Range<Int>, _ shape: Shape, dtype: DType = .int64, device: Device = .default,
        generator: Generator? = nil
    ) -> Tensor {
        guard !range.isEmpty else {
            stop("randint", "the range \(range) is empty")
            return .meta(shape, dtype: dtype)
        }
        return random(.integers(low: range.lowerBound, high: range.upperBound), shape, dtype, device, generator)
    }
    /// Exponential with the given rate.
    public static func exponential(
        _ shape: Shape, rate: Double = 1, dtype: DType = .float32, device: Device = .default,
        generator: Generator? = nil
    ) -> Tensor {
        random(.exponential(rate: rate), shape, dtype, device, generator)
    }
    /// 1 with `probability`, else 0.
    public static func bernoulli(
        _ shape: Shape, probability: Double, dtype: DType = .float32, device: Device = .default,
        generator: Generator? = nil
    ) -> Tensor {
        guard (0...1).contains(probability) else {
            stop("bernoulli", "the probability \(probability) is not in 0...1")
            return .meta(shape, dtype: dtype)
        }
        return random(.bernoulli(probability: probability), shape, dtype, device, generator)
    }
    /// 1 with the probability that each element tells, else 0.
    public static func bernoulli(_ probabilities: Tensor, generator: Generator? = nil) -> Tensor {
        let p = probabilities.detach()
        return (rand(p.shape, dtype: p.dtype, device: p.device, generator: generator) < p).to(p.dtype)
    }

    /// Uniform in `0 ..< 1`, in the shape and dtype of another tensor.
    public static func rand(like other: Tensor, generator: Generator? = nil) -> Tensor {
        rand(other.shape, dtype: other.dtype, device: other.device, generator: generator)
    }
    /// Normal, in the shape and dtype of another tensor.
    public static func randn(like other: Tensor, generator: Generator? = nil) -> Tensor {
        randn(other.shape, dtype: other.dtype, device: other.device, generator: generator)
    }
    /// Integers, uniform in `range`, in the shape and dtype of another tensor.
    public static func randint(like other: Tensor, _ range: Range<Int>, generator: Generator? = nil) -> Tensor {
        randint(range, other.shape, dtype: other.dtype, device: other.device, generator: generator)
    }

    /// The integers below `count` in random order: int64.
    public static func randperm(_ count: Int, device: Device = .default, generator: Generator? = nil) -> Tensor {
        let stream = (generator ?? .default).take(4 * Swift.max(count, 0), for: device)
        return apply(Permutation(count: count, stream: stream), on: device)
    }

    /// `count` positions drawn from each row of weights (`[classes]` or `[n, classes]`, not negative): int64. Without
    /// replacement a position is drawn once at most, and needs a weight above 0.
    public static func multinomial(
        _ weights: Tensor, count: Int, replacement: Bool = false, generator: Generator? = nil
    ) -> Tensor {
        guard (1...2).contains(weights.rank), weights.dtype.isFloatingPoint else {
            return stop(
                "multinomial", [weights.spec], "floating-point weights with 1 or 2 dimensions are expected",
                fallback: weights)
        }
        let w = apply(CheckWeights(count: replacement ? 1 : count), to: weights.detach())
        if replacement {
            let steps = w.to(.float64).cumsum(dim: -1)
            let total = steps.narrow(-1, start: w.shape[-1] - 1, length: 1)
            var shape = w.shape
            shape[-1] = count
            let draws = rand(shape, dtype: .float64, device: w.device, generator: generator) * total
            return steps.searchSorted(draws, right: true)
        }
        // Of exponential waiting times whose rates are the weights, each is the shortest with a probability in
        // proportion to its weight.
        let times = exponential(w.shape, dtype: .float64, device: w.device, generator: generator) / w.to(.float64)
        return times.topK(count, dim: -1, largest: false).indices
    }

    private static func random(
        _ distribution: Distribution, _ shape: Shape, _ dtype: DType, _ device: Device, _ generator: Generator?
    ) -> Tensor {
        // A shape that no tensor has is refused by the operation, before a number is drawn for it.
        let count = (try? Spec(checking: shape, dtype))?.shape.elementCount ?? 0
        let stream = (generator ?? .default).take(count, for: device)
        return apply(
            RandomNumbers(distribution: distribution, shape: shape, dtype: dtype, stream: stream), on: device)
    }
}

extension DType {
    /// The largest number of a half type below `bound`.
    fileprivate func largest(below bound: Double) -> Double {
        if self == .float16 {
            let nearest = Float16(bound)
            return Double(Double(nearest) < bound ? nearest : nearest.nextDown)
        }
        let nearest = BFloat16(Float(bound))
        if Double(nearest.float) < bound { return Double(nearest.float) }
        // The next representable number below: nearer to 0 for positive numbers, away from it for negative ones.
        let bits = nearest.bitPattern
        let next: UInt16 = nearest.float > 0 ? bits - 1 : nearest.float == 0 ? 0x8001 : bits + 1
        return Double(BFloat16(bitPattern: next).float)
    }
}

/// Elements set to 0 at random, the others scaled so that the mean stays.
struct Dropout: TensorOperation {
    static let name = "dropout"
    let probability: Double
    let stream: RandomStream

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[0].dtype.isFloatingPoint else { throw ShapeError("a floating-point dtype is expected") }
        return x[0].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.dropout(x[0], probability: probability, stream)
    }

    /// The same elements are dropped again from the same numbers, so no mask is kept.
    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(apply(self, to: g)) }
}

extension Dropout {
    var attributes: Attributes { ["probability": probability, "stream": stream] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(probability: try attributes["probability"], stream: try attributes["stream"])
    }
}

extension Tensor {
    /// Every element 0 with `probability`, else divided by `1 - probability`. PyTorch's `F.dropout(training=True)`.
    ///
    /// Source: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014.
    public func dropout(_ probability: Double = 0.5, generator: Generator? = nil) -> Tensor {
        guard (0...1).contains(probability) else {
            return stop("dropout", [spec], "the probability \(probability) is not in 0...1", fallback: self)
        }
        if probability == 0 { return self }
        return dropout(probability, stream: (generator ?? .default).take(count, for: device))
    }

    /// The same from a given place in a random sequence.
    func dropout(_ probability: Double, stream: RandomStream) -> Tensor {
        probability == 1 ? self * 0 : apply(Dropout(probability: probability, stream: stream), to: self)
    }
}
