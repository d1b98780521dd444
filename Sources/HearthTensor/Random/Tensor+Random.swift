// Random tensors. Without a generator the default one is used; see `manualSeed`.
extension Tensor {
    /// Uniform in `0 ..< 1`.
    public static func rand(_ shape: Shape, dtype: DType = .float32, generator: Generator? = nil) -> Tensor {
        uniform(shape, low: 0, high: 1, dtype: dtype, generator: generator)
    }
    /// Uniform in `0 ..< 1`.
    public static func rand(_ sizes: Int..., dtype: DType = .float32, generator: Generator? = nil) -> Tensor {
        rand(Shape(sizes), dtype: dtype, generator: generator)
    }
    /// Uniform in `low ..< high`.
    public static func uniform(
        _ shape: Shape, low: Double, high: Double, dtype: DType = .float32, generator: Generator? = nil
    ) -> Tensor {
        let x = random(.uniform(low: low, high: high), shape, dtype, generator)
        // They are drawn in 32 bits, and rounding to 16 must not reach `high`.
        return dtype.isHalf && low < high ? x.clamp(max: dtype.largest(below: high)) : x
    }
    /// Normal, with mean 0 and standard deviation 1.
    public static func randn(_ shape: Shape, dtype: DType = .float32, generator: Generator? = nil) -> Tensor {
        normal(shape, mean: 0, std: 1, dtype: dtype, generator: generator)
    }
    /// Normal, with mean 0 and standard deviation 1.
    public static func randn(_ sizes: Int..., dtype: DType = .float32, generator: Generator? = nil) -> Tensor {
        randn(Shape(sizes), dtype: dtype, generator: generator)
    }
    /// Normal, with the given mean and standard deviation.
    public static func normal(
        _ shape: Shape, mean: Double, std: Double, dtype: DType = .float32, generator: Generator? = nil
    ) -> Tensor {
        random(.normal(mean: mean, deviation: std), shape, dtype, generator)
    }
    /// Integers, uniform in `range`.
    public static func randint(
        _ range: Range<Int>, _ shape: Shape, dtype: DType = .int64, generator: Generator? = nil
    ) -> Tensor {
        guard !range.isEmpty else { fatalError("randint: the range \(range) is empty") }
        return random(.integers(low: range.lowerBound, high: range.upperBound), shape, dtype, generator)
    }
    /// Exponential with the given rate.
    public static func exponential(
        _ shape: Shape, rate: Double = 1, dtype: DType = .float32, generator: Generator? = nil
    ) -> Tensor {
        random(.exponential(rate: rate), shape, dtype, generator)
    }
    /// 1 with `probability`, else 0.
    public static func bernoulli(
        _ shape: Shape, probability: Double, dtype: DType = .float32, generator: Generator? = nil
    ) -> Tensor {
        guard (0...1).contains(probability) else { fatalError("bernoulli: probability \(probability) is not in 0...1") }
        return random(.bernoulli(probability: probability), shape, dtype, generator)
    }
    /// 1 with the probability that each element tells, else 0.
    public static func bernoulli(_ probabilities: Tensor, generator: Generator? = nil) -> Tensor {
        let p = probabilities.detach()
        return (rand(p.shape, dtype: p.dtype, generator: generator) < p).to(p.dtype)
    }

    /// Uniform in `0 ..< 1`, in the shape and dtype of another tensor.
    public static func rand(like other: Tensor, generator: Generator? = nil) -> Tensor {
        rand(other.shape, dtype: other.dtype, generator: generator)
    }
    /// Normal, in the shape and dtype of another tensor.
    public static func randn(like other: Tensor, generator: Generator? = nil) -> Tensor {
        randn(other.shape, dtype: other.dtype, generator: generator)
    }
    /// Integers, uniform in `range`, in the shape and dtype of another tensor.
    public static func randint(like other: Tensor, _ range: Range<Int>, generator: Generator? = nil) -> Tensor {
        randint(range, other.shape, dtype: other.dtype, generator: generator)
    }

    /// The integers below `count` in random order: int64.
    public static func randperm(_ count: Int, generator: Generator? = nil) -> Tensor {
        guard count >= 0 else { fatalError("randperm: the count \(count) is negative") }
        let generator = generator ?? .default
        // One draw in 64 bits for each exchange: the bias is below 2^-40 for any count that fits memory.
        let stream = generator.take(4 * count)
        return make([count], .int64) { bytes in
            let order = bytes.bindMemory(to: Int.self)
            for i in 0..<count { order[i] = i }
            for i in stride(from: count - 1, to: 0, by: -1) {
                let block = Philox.block(key: stream.seed, counter: stream.offset &+ UInt64(i))
                let word = UInt64(block.0) | UInt64(block.1) << 32
                order.swapAt(i, Int(word.multipliedFullWidth(by: UInt64(i + 1)).high))
            }
        }
    }

    /// `count` positions drawn from each row of weights (`[classes]` or `[n, classes]`, not negative): int64. Without
    /// replacement a position is drawn once at most, and needs a weight above 0.
    public static func multinomial(
        _ weights: Tensor, count: Int, replacement: Bool = false, generator: Generator? = nil
    ) -> Tensor {
        guard (1...2).contains(weights.rank), weights.dtype.isFloatingPoint else {
            fatalError("multinomial: floating-point weights with 1 or 2 dimensions are expected, not \(weights.spec)")
        }
        let w = weights.detach()
        guard !((w < 0) | w.isFinite().logicalNot()).any().item(as: Bool.self) else {
            fatalError("multinomial: a weight is negative or not finite")
        }
        guard (w.sum(dim: -1) > 0).all().item(as: Bool.self) else { fatalError("multinomial: all weights are 0") }
        if replacement {
            let steps = w.to(.float64).cumsum(dim: -1)
            let total = steps.narrow(-1, start: w.shape[-1] - 1, length: 1)
            var shape = w.shape
            shape[-1] = count
            let draws = rand(shape, dtype: .float64, generator: generator) * total
            return (steps.unsqueeze(-2) <= draws.unsqueeze(-1)).sum(dim: -1)
        }
        let available = (w > 0).sum(dim: -1).min().item(as: Int.self)
        guard count <= available else {
            fatalError("multinomial: \(count) draws without replacement from \(available) weights above 0")
        }
        // Of exponential waiting times whose rates are the weights, each is the shortest with a probability in
        // proportion to its weight.
        let times = exponential(w.shape, dtype: .float64, generator: generator) / w.to(.float64)
        return times.topK(count, dim: -1, largest: false).indices
    }

    private static func random(
        _ distribution: Distribution, _ shape: Shape, _ dtype: DType, _ generator: Generator?
    ) -> Tensor {
        let spec = Spec(shape, dtype)
        let stream = (generator ?? .default).take(shape.elementCount)
        return Device.cpu.backend.random(distribution, spec, stream)
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
private struct Dropout: Operation {
    static let name = "dropout"
    let probability: Double
    let stream: RandomStream

    func result(of x: Operands) -> Spec { x[0].spec }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.dropout(x[0], probability: probability, stream)
    }

    /// The same elements are dropped again from the same numbers, so no mask is kept.
    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(apply(self, to: g)) }
}

extension Tensor {
    /// Every element 0 with `probability`, else divided by `1 - probability`. PyTorch's `F.dropout(training=True)`.
    ///
    /// Source: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014.
    public func dropout(_ probability: Double = 0.5, generator: Generator? = nil) -> Tensor {
        guard (0...1).contains(probability) else { fatalError("dropout: probability \(probability) is not in 0...1") }
        if probability == 0 || device == .meta { return self }
        return dropout(probability, stream: (generator ?? .default).take(count))
    }

    /// The same from a given place in a random sequence.
    func dropout(_ probability: Double, stream: RandomStream) -> Tensor {
        probability == 1 ? self * 0 : apply(Dropout(probability: probability, stream: stream), to: self)
    }
}
