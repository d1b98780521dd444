import HearthTensor

/// Samples that come one after another and cannot be asked for by number: lines of a log, a generator's output.
///
///     struct Countdown: IterableDataset {
///         func samples(random: RandomSource) -> some Sequence<Tensor> { (0..<5).lazy.map { Tensor(5 - $0) } }
///     }
///     for batch in Countdown().batches(of: 2) { … }   // [5, 4], [3, 2], [1]
///
/// PyTorch's `IterableDataset`.
public protocol IterableDataset<Sample>: Sendable {
    /// One sample.
    associatedtype Sample: Sendable
    /// What one walk gives.
    associatedtype Samples: Sequence<Sample>

    /// The samples of one epoch; chance comes from `random` alone.
    func samples(random: RandomSource) -> Samples
}

/// Streams one after another. PyTorch's `ChainDataset`.
public struct ChainDataset<Base: IterableDataset>: IterableDataset {
    /// The streams, in order.
    public let parts: [Base]

    /// The samples of all parts, in order.
    public init(_ parts: [Base]) { self.parts = parts }

    /// The samples of one epoch.
    public func samples(random: RandomSource) -> some Sequence<Base.Sample> {
        parts.lazy.map { $0.samples(random: random) }.joined()
    }
}

extension IterableDataset {
    /// The samples of one epoch in batches that `collate` makes.
    ///
    /// - Parameters:
    ///   - size: The samples of a batch.
    ///   - dropLast: Whether a last batch that is not full is left out.
    ///   - shuffleBuffer: How many samples are held, of which one is drawn at random for the next place; 1 keeps the
    ///     order.
    ///   - random: What chance derives from; drawn from the default generator when left out.
    ///   - collate: Makes a batch of samples.
    public func batches<Batch>(
        of size: Int, dropLast: Bool = false, shuffleBuffer: Int = 1, random: RandomSource? = nil,
        collate: @escaping ([Sample]) -> Batch
    ) -> some Sequence<Batch> {
        require(
            size > 0 && shuffleBuffer > 0, "batches",
            "\(size) samples of a buffer of \(shuffleBuffer); both must be positive")
        let random = random ?? RandomSource(seed: Generator.default.next(), epoch: 0)
        var stream = samples(random: random).makeIterator()
        var buffer: [Sample] = []
        let generator = random.generator(for: 0)
        func next() -> Sample? {
            while buffer.count < shuffleBuffer, let sample = stream.next() { buffer.append(sample) }
            guard !buffer.isEmpty else { return nil }
            buffer.swapAt(buffer.count == 1 ? 0 : generator.next(in: 0..<buffer.count), buffer.count - 1)
            return buffer.removeLast()
        }
        return AnyIterator {
            var samples: [Sample] = []
            while samples.count < size, let sample = next() { samples.append(sample) }
            return samples.isEmpty || (dropLast && samples.count < size) ? nil : collate(samples)
        }
    }

    /// The samples of one epoch in batches, stacked.
    public func batches(
        of size: Int, dropLast: Bool = false, shuffleBuffer: Int = 1, random: RandomSource? = nil
    ) -> some Sequence<Tensor> where Sample == Tensor {
        batches(of: size, dropLast: dropLast, shuffleBuffer: shuffleBuffer, random: random) {
            defaultCollate($0)
        }
    }

    /// The samples of one epoch in batches: inputs stacked and targets stacked.
    public func batches(
        of size: Int, dropLast: Bool = false, shuffleBuffer: Int = 1, random: RandomSource? = nil
    ) -> some Sequence<(Tensor, Tensor)> where Sample == (Tensor, Tensor) {
        batches(of: size, dropLast: dropLast, shuffleBuffer: shuffleBuffer, random: random) {
            defaultCollate($0)
        }
    }
}
