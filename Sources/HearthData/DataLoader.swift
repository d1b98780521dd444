import HearthTensor
import Synchronization

/// Walks over a dataset in batches, shuffled and read ahead by threads where asked for. PyTorch's `DataLoader`.
///
///     let loader = DataLoader(dataset, batchSize: 64, shuffle: true)
///     for (inputs, labels) in loader { … }                   // a dataset in memory
///     for try await (inputs, labels) in imageLoader { … }    // one that reads files
///
/// Every walk is another epoch, with another order and other random transforms, all determined by the seed: neither
/// the number of workers nor leaving a loop early changes what later epochs see. Workers are threads that share memory;
/// they stop when the loop is left.
public final class DataLoader<Data: Dataset, Batch: Sendable>: Sendable {
    /// Where the samples come from.
    public let dataset: Data
    /// Which samples go together.
    public let batches: BatchSampler
    /// How many batches are made at the same time as the loop runs; 0 makes each when it is asked for.
    public let workers: Int
    /// How many batches each worker may be ahead.
    public let prefetch: Int
    /// What shuffling and random transforms derive from.
    public let seed: UInt64
    private let make: @Sendable (Data, [Int], RandomSource) throws(Data.Failure) -> Batch
    private let nextEpoch = Mutex(0)

    private init(
        _ dataset: Data, _ batches: BatchSampler, workers: Int, prefetch: Int, seed: UInt64?,
        _ make: @escaping @Sendable (Data, [Int], RandomSource) throws(Data.Failure) -> Batch
    ) {
        require(workers >= 0 && prefetch > 0, "DataLoader", "\(workers) workers with \(prefetch) batches ahead")
        self.dataset = dataset
        self.batches = batches
        self.workers = workers
        self.prefetch = prefetch
        self.seed = seed ?? HearthTensor.Generator.default.next()
        self.make = make
    }

    /// A loader whose batches the dataset makes.
    ///
    /// - Parameters:
    ///   - dataset: Where the samples come from.
    ///   - batchSize: The samples of a batch.
    ///   - shuffle: Whether every epoch has a random order.
    ///   - sampler: An order of its own, instead of `shuffle`.
    ///   - dropLast: Whether a last batch that is not full is left out.
    ///   - workers: How many batches are made at the same time as the loop runs.
    ///   - prefetch: How many batches each worker may be ahead.
    ///   - seed: What chance derives from; drawn from the default generator when left out.
    public convenience init(
        _ dataset: Data, batchSize: Int = 1, shuffle: Bool = false, sampler: (any Sampler)? = nil,
        dropLast: Bool = false, workers: Int = 0, prefetch: Int = 2, seed: UInt64? = nil
    ) where Batch == Data.Batch {
        let order = Self.order(dataset, shuffle, sampler)
        self.init(
            dataset, BatchSampler(order, batchSize: batchSize, dropLast: dropLast), workers: workers,
            prefetch: prefetch, seed: seed
        ) { dataset, indices, random throws(Data.Failure) in
            // Samples are made in the processor's memory, whatever the device of the model.
            try withDevice(.cpu) { () throws(Data.Failure) in try dataset.batch(at: indices, random: random) }
        }
    }

    /// A loader whose batches `collate` makes of samples. Other parameters as above.
    public convenience init(
        _ dataset: Data, batchSize: Int = 1, shuffle: Bool = false, sampler: (any Sampler)? = nil,
        dropLast: Bool = false, workers: Int = 0, prefetch: Int = 2, seed: UInt64? = nil,
        collate: @escaping @Sendable ([Data.Sample]) -> Batch
    ) {
        let order = Self.order(dataset, shuffle, sampler)
        self.init(
            dataset, BatchSampler(order, batchSize: batchSize, dropLast: dropLast), workers: workers,
            prefetch: prefetch, seed: seed
        ) { dataset, indices, random throws(Data.Failure) in
            try withDevice(.cpu) { () throws(Data.Failure) in
                var samples: [Data.Sample] = []
                samples.reserveCapacity(indices.count)
                for index in indices {
                    samples.append(try dataset.sample(at: index, random: random.generator(for: index)))
                }
                return collate(samples)
            }
        }
    }

    private static func order(_ dataset: Data, _ shuffle: Bool, _ sampler: (any Sampler)?) -> any Sampler {
        require(sampler == nil || !shuffle, "DataLoader", "a sampler decides the order; shuffle cannot")
        return sampler
            ?? (shuffle ? RandomSampler(population: dataset.count) : SequentialSampler(count: dataset.count))
    }

    /// The number of batches of an epoch.
    public var count: Int { batches.count }

    /// The number of the next epoch; setting it makes the next walk that epoch's.
    public var epoch: Int {
        get { nextEpoch.withLock { $0 } }
        set { nextEpoch.withLock { $0 = newValue } }
    }

    /// One epoch's batches from number `start` on, to go on in the middle of an epoch; with another seed than the
    /// loader's when one is given.
    public func walk(epoch: Int, from start: Int = 0, seed: UInt64? = nil) -> EpochWalk<Data, Batch> {
        let (dataset, make) = (dataset, make)
        let random = RandomSource(seed: seed ?? self.seed, epoch: epoch)
        return EpochWalk(
            batches.batches(random.order).dropFirst(start), workers: workers, ahead: workers * prefetch
        ) { indices throws(Data.Failure) in try make(dataset, indices, random) }
    }

    fileprivate func nextWalk() -> EpochWalk<Data, Batch> {
        walk(
            epoch: nextEpoch.withLock { epoch in
                defer { epoch += 1 }
                return epoch
            })
    }
}

extension DataLoader: CustomStringConvertible {
    /// What is loaded and how: `DataLoader(ImageSet(1797 samples), batchSize: 64, RandomSampler(…), workers: 2)`.
    public var description: String {
        "DataLoader(\(dataset), batchSize: \(batches.batchSize), \(batches.sampler), dropLast: \(batches.dropLast), "
            + "workers: \(workers))"
    }
}

extension DataLoader: Sequence where Data.Failure == Never {
    /// Starts the next epoch.
    public func makeIterator() -> BatchIterator<Data, Batch> { nextWalk().makeIterator() }
    /// The number of batches.
    public var underestimatedCount: Int { count }
}

extension DataLoader: AsyncSequence {
    /// Starts the next epoch.
    public func makeAsyncIterator() -> AsyncBatchIterator<Data, Batch> { nextWalk().makeAsyncIterator() }
}
