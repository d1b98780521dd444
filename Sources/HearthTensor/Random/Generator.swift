import CKernels
import Synchronization

/// A source of random numbers: a seed and a position in its sequence.
///
/// The numbers come from Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): each is
/// a function of seed and position alone, so the same seed gives the same numbers whatever the number of threads.
/// Safe to use from several threads, which then share one sequence.
public final class Generator: Sendable {
    /// A place in a sequence, to come back to. Savable.
    public struct State: Hashable, Sendable, Codable {
        /// What the sequence is made from.
        public var seed: UInt64
        /// How many blocks of four numbers have been used.
        public var offset: UInt64

        /// A place in the sequence of `seed`.
        public init(seed: UInt64, offset: UInt64 = 0) {
            self.seed = seed
            self.offset = offset
        }
    }

    /// What is used where no generator is given. Starts with a seed of its own in every process.
    public static var `default`: Generator {
        hk_thread().pointee.generator.map { Unmanaged<Generator>.fromOpaque($0).takeUnretainedValue() } ?? everywhere
    }

    private static let everywhere = Generator(seed: UInt64.random(in: 0...UInt64.max))

    private let current: Mutex<State>

    /// A generator at the start of the sequence of `seed`.
    public init(seed: UInt64) { current = Mutex(State(seed: seed)) }

    /// A generator at a place in a sequence.
    public init(state: State) { current = Mutex(state) }

    /// Where the generator is; setting it goes there.
    public var state: State {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    /// Starts the sequence of `seed`. PyTorch's `manual_seed`.
    public func seed(_ seed: UInt64) { state = State(seed: seed) }

    /// Goes to `state`, but not back in the same sequence, where others have drawn meanwhile.
    func advance(to state: State) {
        current.withLock { if $0.seed != state.seed || $0.offset < state.offset { $0 = state } }
    }

    /// Runs `body` with this generator as the default of the thread.
    func asDefault<Result>(_ body: () throws -> Result) rethrows -> Result {
        let outer = hk_thread().pointee.generator
        hk_thread().pointee.generator = Unmanaged.passUnretained(self).toOpaque()
        defer { hk_thread().pointee.generator = outer }
        return try withExtendedLifetime(self) { try body() }
    }

    /// Takes the next `count` numbers out of the sequence.
    package func take(_ count: Int) -> RandomStream {
        current.withLock { state in
            defer { state.offset &+= UInt64((count + 3) / 4) }
            return RandomStream(seed: state.seed, offset: state.offset)
        }
    }

    /// The next number, uniform in all 64 bits: two words of one block.
    public func next() -> UInt64 {
        let stream = take(4)
        let block = Philox.block(key: stream.seed, counter: stream.offset)
        return UInt64(block.0) | UInt64(block.1) << 32
    }

    /// An integer in `range`, uniform.
    public func next(in range: Range<Int>) -> Int {
        var source = source
        return Int.random(in: range, using: &source)
    }
}

extension Generator {
    /// The generator as a source for Swift's own random functions: `array.shuffle(using: &source)`.
    public struct Source: RandomNumberGenerator {
        private let generator: Generator

        init(_ generator: Generator) { self.generator = generator }

        /// The next number.
        public mutating func next() -> UInt64 { generator.next() }
    }

    /// This generator for Swift's own random functions.
    public var source: Source { Source(self) }
}

/// Starts the sequence of `seed` in the default generator: the same seed, the same numbers. PyTorch's
/// `torch.manual_seed`.
public func manualSeed(_ seed: UInt64) { Generator.default.seed(seed) }

/// The counter-based generator Philox 4x32-10, one block at a time; the backend's kernels compute the same blocks.
enum Philox {
    static func block(key: UInt64, counter: UInt64) -> (UInt32, UInt32, UInt32, UInt32) {
        var c = (UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32), UInt32(0), UInt32(0))
        var k = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
        for _ in 0..<10 {
            let (a, b) = (UInt64(0xD251_1F53) * UInt64(c.0), UInt64(0xCD9E_8D57) * UInt64(c.2))
            c = (
                UInt32(truncatingIfNeeded: b >> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: b),
                UInt32(truncatingIfNeeded: a >> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: a)
            )
            k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
        }
        return c
    }
}
