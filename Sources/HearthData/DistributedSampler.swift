import HearthTensor

/// The part of all samples that one of several processes visits: together they visit everything, each as many.
///
/// Each process makes one with the same seed and its own `rank`, so that all agree on the order. PyTorch's
/// `DistributedSampler`; the order of an epoch comes from the loader's generator, so there is no `set_epoch` to forget.
public struct DistributedSampler: Sampler {
    private let population: Int
    private let replicas: Int
    private let rank: Int
    private let shuffle: Bool
    private let dropLast: Bool

    /// Visits part `rank` of `replicas` of the numbers below `population`. Where they do not divide evenly, the first
    /// samples are visited again, or with `dropLast` the last ones not at all.
    public init(population: Int, replicas: Int, rank: Int, shuffle: Bool = true, dropLast: Bool = false) {
        require(
            replicas > 0 && (0..<replicas).contains(rank), "DistributedSampler",
            "rank \(rank) is not in 0..<\(replicas)")
        self.population = population
        self.replicas = replicas
        self.rank = rank
        self.shuffle = shuffle
        self.dropLast = dropLast
    }

    /// The number of samples of this process.
    public var count: Int { dropLast ? population / replicas : (population + replicas - 1) / replicas }

    /// The numbers of the samples of one epoch.
    public func order(_ generator: Generator) -> [Int] {
        let all =
            shuffle ? Tensor.randperm(population, generator: generator).array(of: Int.self) : Array(0..<population)
        guard population > 0 else { return [] }
        return (0..<count).map { all[($0 * replicas + rank) % population] }
    }
}
