import Synchronization

/// Notes in which order a run asks for memory, and how long it holds each block.
package final class MemoryRecording: RunMemory {
    /// A block: its size, and when it was asked for and given back, counted in such events.
    struct Life: Sendable {
        let byteCount: Int
        let start: Int
        var end = Int.max
    }

    private struct Notes {
        var lives: [Life] = []
        var events = 0
    }

    /// Blocks may be given back on another thread than the run's.
    private final class Ledger: Sendable {
        let notes = Mutex(Notes())
    }

    private let ledger = Ledger()
    private var addresses: [UnsafeMutableRawPointer: Int] = [:]

    /// Nothing noted yet.
    package override init() {}

    override func storage(_ byteCount: Int) -> Storage {
        let memory = CachingAllocator.shared
        let address = memory.allocate(byteCount)
        let number = ledger.notes.withLock { notes in
            notes.lives.append(Life(byteCount: byteCount, start: notes.events))
            notes.events += 1
            return notes.lives.count - 1
        }
        addresses[address] = number
        let ledger = ledger
        return Storage(borrowing: address, byteCount: byteCount, in: memory, isWritable: true) {
            ledger.notes.withLock { notes in
                notes.lives[number].end = notes.events
                notes.events += 1
            }
            memory.release(address, byteCount)
        }
    }

    /// Where the blocks of the next run may lie. To be asked for when of this run only its results are left.
    package var plan: MemoryPlan { MemoryPlan(ledger.notes.withLock { $0.lives }) }

    /// The number of the block that a result of the run fills; nil for one that lies elsewhere, or in a part of a block.
    package func block(of result: Tensor) -> Int? {
        guard result.isContiguous, result.layout.offset == 0,
            let number = addresses[result.storage.address]
        else { return nil }
        let byteCount = ledger.notes.withLock { $0.lives[number].byteCount }
        return byteCount == result.count * result.dtype.byteCount ? number : nil
    }
}
