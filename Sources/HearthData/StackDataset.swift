import HearthTensor

/// Two datasets of one length side by side: sample `i` is the pair of their samples `i`. PyTorch's `StackDataset`.
public struct StackDataset<First: Dataset, Second: Dataset>: Dataset where First.Failure == Second.Failure {
    /// A sample of each.
    public typealias Sample = (First.Sample, Second.Sample)
    /// A batch of each.
    public typealias Batch = (First.Batch, Second.Batch)
    /// What reading a sample can throw.
    public typealias Failure = First.Failure

    /// The datasets.
    public let first: First, second: Second

    /// These datasets; stops the program when their lengths differ.
    public init(_ first: First, _ second: Second) {
        require(first.count == second.count, "StackDataset", "the lengths \(first.count) and \(second.count) differ")
        self.first = first
        self.second = second
    }

    /// The number of samples.
    public var count: Int { first.count }

    /// The samples at `index`.
    public func sample(at index: Int, random: Generator) throws(First.Failure) -> Sample {
        (try first.sample(at: index, random: random), try second.sample(at: index, random: random))
    }

    /// The samples at `indices` taken together.
    public func batch(at indices: [Int], random: RandomSource) throws(First.Failure) -> Batch {
        (try first.batch(at: indices, random: random), try second.batch(at: indices, random: random))
    }

    /// Takes samples together.
    public static func collate(_ samples: [Sample]) -> Batch {
        (First.collate(samples.map(\.0)), Second.collate(samples.map(\.1)))
    }
}
