import HearthTensor

/// Samples by number: images with labels, rows of a table, pieces of text.
///
/// A dataset whose samples are in memory cannot fail: its `Failure` is `Never`, and a loader over it is walked with a
/// plain `for`. One that reads files throws, and is walked with `for try await`. A dataset must give the same sample
/// for the same index and random numbers, on any thread. PyTorch's `torch.utils.data.Dataset`.
///
/// In memory:
///
///     struct Sums: Dataset {
///         let count = 1000
///         func sample(at index: Int, random: Generator) -> (Tensor, Tensor) {
///             let numbers = Tensor.rand([2], generator: random)
///             return (numbers, numbers.sum(dim: 0, keepDim: true))
///         }
///     }
///
/// With a file for each sample; what reading it may throw is the `Failure`:
///
///     struct Spectra: Dataset {
///         let files: [String]
///         let classes: [Int]
///         typealias Batch = (Tensor, Tensor)   // classes become a tensor; a batch is a `Sample` unless it is said
///         var count: Int { files.count }
///         func sample(at index: Int, random: Generator) throws -> (Tensor, Int) {
///             (try NPY.read(files[index]), classes[index])
///         }
///     }
///
/// Rows of a table, read once; `TensorDataset` holds them:
///
///     let table = try CSV(contentsOf: "iris.csv")
///     let inputs = try table.tensor(columns: ["sepal_length", "sepal_width", "petal_length", "petal_width"])
///     let dataset = TensorDataset(inputs, try table.classes("species").labels)
public protocol Dataset<Sample>: Sendable, CustomStringConvertible {
    /// One sample: often an input and its target.
    associatedtype Sample: Sendable
    /// Several samples taken together: often their tensors stacked.
    associatedtype Batch: Sendable = Sample
    /// What reading a sample can throw.
    associatedtype Failure: Error = Never

    /// The number of samples.
    var count: Int { get }

    /// The sample at `index`. Random transforms draw from `random` alone, so a sample depends on the loader's seed, the
    /// epoch and the index, never on the thread.
    func sample(at index: Int, random: Generator) throws(Failure) -> Sample

    /// The samples at `indices` taken together. A dataset that holds its samples in one piece does better than to
    /// collate them one by one, which is the default.
    func batch(at indices: [Int], random: RandomSource) throws(Failure) -> Batch

    /// Takes samples together.
    static func collate(_ samples: [Sample]) -> Batch
}

extension Dataset {
    /// The type and the number of samples: `ImageFolder(1797 samples)`.
    public var description: String { "\(Self.self)(\(count) samples)" }

    /// The sample at `index`, with random numbers from the default generator.
    public subscript(index: Int) -> Sample {
        get throws(Failure) { try sample(at: checked(index), random: .default) }
    }

    fileprivate func checked(_ index: Int) -> Int {
        require((0..<count).contains(index), "\(Self.self)", "index \(index) is outside 0..<\(count)")
        return index
    }

    /// Reads the samples one by one and collates them.
    public func batch(at indices: [Int], random: RandomSource) throws(Failure) -> Batch {
        var samples: [Sample] = []
        samples.reserveCapacity(indices.count)
        for index in indices { samples.append(try sample(at: index, random: random.generator(for: index))) }
        return Self.collate(samples)
    }
}

extension Dataset where Failure == Never {
    // A second subscript beside the one that throws: the compiler of Swift 6.3 crashes over `let (x, y) = data[0]`
    // outside a throwing function when the getter's error type is `Never` by substitution.
    /// The sample at `index`, with random numbers from the default generator.
    public subscript(index: Int) -> Sample { sample(at: checked(index), random: .default) }
}

extension Dataset where Sample == (Tensor, Tensor), Batch == (Tensor, Tensor) {
    /// Inputs stacked and targets stacked.
    public static func collate(_ samples: [Sample]) -> Batch { defaultCollate(samples) }
}

extension Dataset where Sample == (Tensor, Tensor, Tensor), Batch == (Tensor, Tensor, Tensor) {
    /// The parts stacked, each with its like.
    public static func collate(_ samples: [Sample]) -> Batch { defaultCollate(samples) }
}

extension Dataset where Sample == (Tensor, Int), Batch == (Tensor, Tensor) {
    /// Inputs stacked, and classes in one tensor, int64.
    public static func collate(_ samples: [Sample]) -> Batch { defaultCollate(samples) }
}

extension Dataset where Sample == Tensor, Batch == Tensor {
    /// Samples stacked.
    public static func collate(_ samples: [Tensor]) -> Tensor { defaultCollate(samples) }
}

extension Dataset where Sample == [Tensor], Batch == [Tensor] {
    /// Each position stacked by itself.
    public static func collate(_ samples: [Sample]) -> Batch { defaultCollate(samples) }
}

extension Dataset where Sample == [String: Tensor], Batch == [String: Tensor] {
    /// Each name stacked by itself.
    public static func collate(_ samples: [Sample]) -> Batch { defaultCollate(samples) }
}

/// Where the random numbers of samples come from: a sequence of its own for each sample of each epoch.
public struct RandomSource: Sendable, Hashable {
    /// The loader's seed.
    public let seed: UInt64
    /// Which walk over the data it is, from 0.
    public let epoch: Int

    /// The random numbers of one epoch.
    public init(seed: UInt64, epoch: Int) {
        self.seed = seed
        self.epoch = epoch
    }

    /// The numbers for one sample.
    public func generator(for index: Int) -> Generator { Generator(seed: mixed(UInt64(index) &+ 1)) }

    /// The numbers for the order of the samples.
    var order: Generator { Generator(seed: mixed(0)) }

    /// The three numbers stirred into one (the finaliser of SplitMix64, Steele et al., 2014).
    private func mixed(_ index: UInt64) -> UInt64 {
        var z = seed
        for part in [UInt64(bitPattern: Int64(epoch)), index] {
            z = (z ^ part) &+ 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            z ^= z >> 31
        }
        return z
    }
}
