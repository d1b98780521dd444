import HearthTensor

/// The order in which samples are visited.
public protocol Sampler: Sendable, CustomStringConvertible {
    /// How many samples one epoch visits.
    var count: Int { get }
    /// The numbers of the samples of one epoch, in order; chance comes from `generator` alone.
    func order(_ generator: Generator) -> [Int]
}

extension Sampler {
    /// The sampler with its options: `SequentialSampler(count: 10)`.
    public var description: String { optionsDescription(of: self) }
}

/// All samples from first to last.
public struct SequentialSampler: Sampler {
    /// The number of samples.
    public let count: Int

    /// Visits `0 ..< count`.
    public init(count: Int) { self.count = count }

    /// The numbers of the samples of one epoch.
    public func order(_ generator: Generator) -> [Int] { Array(0..<count) }
}

/// Samples at random, each once, or drawn with replacement.
public struct RandomSampler: Sampler {
    /// The number of samples.
    public let count: Int
    private let population: Int
    private let replacement: Bool

    /// Visits the numbers below `population`; without `count`, as many as there are.
    public init(population: Int, replacement: Bool = false, count: Int? = nil) {
        require(
            replacement || (count ?? population) <= population, "RandomSampler",
            "\(count ?? 0) of \(population) samples without replacement")
        self.population = population
        self.replacement = replacement
        self.count = count ?? population
    }

    /// The numbers of the samples of one epoch.
    public func order(_ generator: Generator) -> [Int] {
        if replacement { return Tensor.randint(0..<population, [count], generator: generator).array(of: Int.self) }
        return Array(Tensor.randperm(population, generator: generator).array(of: Int.self).prefix(count))
    }
}

/// Samples drawn with probabilities in proportion to weights.
public struct WeightedRandomSampler: Sampler {
    /// The number of samples.
    public let count: Int
    private let weights: [Double]
    private let replacement: Bool

    /// Visits `count` numbers below the number of weights.
    public init(weights: [Double], count: Int, replacement: Bool = true) {
        self.weights = weights
        self.count = count
        self.replacement = replacement
    }

    /// The numbers of the samples of one epoch.
    public func order(_ generator: Generator) -> [Int] {
        let weights = Tensor(weights, dtype: .float64)
        if !replacement {
            return Tensor.multinomial(weights, count: count, generator: generator).array(of: Int.self)
        }
        let steps = weights.cumsum(dim: 0).array(of: Double.self)
        let draws = Tensor.rand([count], dtype: .float64, device: .cpu, generator: generator).array(of: Double.self)
        return draws.map { draw in
            var (low, high) = (0, steps.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if steps[middle] <= draw * steps[steps.count - 1] { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }
}

/// Given samples in random order.
public struct SubsetRandomSampler: Sampler {
    private let indices: [Int]

    /// Visits these numbers.
    public init(_ indices: [Int]) { self.indices = indices }

    /// The number of samples.
    public var count: Int { indices.count }

    /// The numbers of the samples of one epoch.
    public func order(_ generator: Generator) -> [Int] {
        Tensor.randperm(count, generator: generator).array(of: Int.self).map { indices[$0] }
    }
}

/// The order of another sampler, cut into batches.
public struct BatchSampler: Sendable {
    /// The order of the samples.
    public let sampler: any Sampler
    /// The samples of a batch.
    public let batchSize: Int
    /// Whether a last batch that is not full is left out.
    public let dropLast: Bool

    /// Batches of `batchSize` samples.
    public init(_ sampler: any Sampler, batchSize: Int, dropLast: Bool = false) {
        require(batchSize > 0, "BatchSampler", "the batch size must be positive; it is \(batchSize)")
        self.sampler = sampler
        self.batchSize = max(batchSize, 1)
        self.dropLast = dropLast
    }

    /// The number of batches of an epoch.
    public var count: Int { dropLast ? sampler.count / batchSize : (sampler.count + batchSize - 1) / batchSize }

    /// The batches of one epoch.
    public func batches(_ generator: Generator) -> [[Int]] {
        let order = sampler.order(generator)
        return (0..<count).map { Array(order[($0 * batchSize)..<min(($0 + 1) * batchSize, order.count)]) }
    }
}
