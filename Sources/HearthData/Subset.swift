import HearthTensor

/// Some samples of another dataset, in an order of their own. PyTorch's `Subset`.
public struct Subset<Base: Dataset>: Dataset {
    /// Where the samples come from.
    public let base: Base
    /// Their numbers in `base`.
    public let indices: [Int]

    /// The samples of `base` with these numbers. Stops the program when one is out of range.
    public init(_ base: Base, _ indices: [Int]) {
        if let wrong = indices.first(where: { !(0..<base.count).contains($0) }) {
            fatalError("Subset: index \(wrong) is outside 0..<\(base.count)")
        }
        self.base = base
        self.indices = indices
    }

    /// The number of samples.
    public var count: Int { indices.count }

    /// The sample at `index`.
    public func sample(at index: Int, random: Generator) throws(Base.Failure) -> Base.Sample {
        try base.sample(at: indices[index], random: random)
    }

    /// The samples at `indices` taken together.
    public func batch(at positions: [Int], random: RandomSource) throws(Base.Failure) -> Base.Batch {
        try base.batch(at: positions.map { indices[$0] }, random: random)
    }

    /// Takes samples together.
    public static func collate(_ samples: [Base.Sample]) -> Base.Batch { Base.collate(samples) }
}

extension Dataset {
    /// The dataset divided at random into parts of these sizes, which must sum to `count`. PyTorch's `random_split`.
    public func randomSplit(_ counts: [Int], seed: UInt64? = nil) -> [Subset<Self>] {
        require(
            counts.allSatisfy({ $0 >= 0 }) && counts.reduce(0, +) == count, "randomSplit",
            "the counts \(counts) do not sum to \(count)")
        let generator = seed.map { Generator(seed: $0) } ?? .default
        let order = Tensor.randperm(count, generator: generator).array(of: Int.self)
        var start = 0
        return counts.map { size in
            defer { start += size }
            return Subset(self, Array(order[start..<(start + size)]))
        }
    }

    /// The dataset divided at random into these fractions, which must sum to 1. Samples that rounding leaves over go to
    /// the first parts, one each.
    public func randomSplit(_ fractions: [Double], seed: UInt64? = nil) -> [Subset<Self>] {
        require(
            fractions.allSatisfy({ (0...1).contains($0) }) && abs(fractions.reduce(0, +) - 1) < 1e-6, "randomSplit",
            "the fractions \(fractions) do not sum to 1")
        // The Double 0.7 is a little less than 7/10, so a product that should be a whole number may lie just below it.
        var counts = fractions.map { Int(($0 * Double(count) + 1e-6).rounded(.down)) }
        for extra in 0..<(count - counts.reduce(0, +)) { counts[extra % counts.count] += 1 }
        return randomSplit(counts, seed: seed)
    }
}

/// Datasets one after another. PyTorch's `ConcatDataset`.
public struct ConcatDataset<Base: Dataset>: Dataset {
    /// The datasets, in order.
    public let parts: [Base]
    /// The number of samples before the end of each part.
    private let ends: [Int]

    /// The samples of all parts, in order.
    public init(_ parts: [Base]) {
        self.parts = parts
        var total = 0
        ends = parts.map { part in
            total += part.count
            return total
        }
    }

    /// The number of samples.
    public var count: Int { ends.last ?? 0 }

    /// The sample at `index`.
    public func sample(at index: Int, random: Generator) throws(Base.Failure) -> Base.Sample {
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] <= index { low = middle + 1 } else { high = middle }
        }
        return try parts[low].sample(at: index - (low == 0 ? 0 : ends[low - 1]), random: random)
    }

    /// Takes samples together.
    public static func collate(_ samples: [Base.Sample]) -> Base.Batch { Base.collate(samples) }
}
