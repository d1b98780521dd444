import Synchronization

/// A piece of memory for one run at a time.
package final class ArenaMemory: Sendable {
    nonisolated(unsafe) fileprivate let start: UnsafeMutableRawPointer
    /// Its bytes.
    package let byteCount: Int
    private let blocksInUse = Atomic<Int>(0)

    /// A fresh piece.
    package init(byteCount: Int) {
        start = CachingAllocator.shared.allocate(byteCount)
        self.byteCount = byteCount
    }

    deinit { CachingAllocator.shared.release(start, byteCount) }

    /// True when nothing lies in it, so that another run may have it.
    package var isFree: Bool { inUse == 0 }

    /// The number of blocks that something lies in.
    fileprivate var inUse: Int { blocksInUse.load(ordering: .acquiring) }

    fileprivate func storage(_ byteCount: Int, at offset: Int) -> Storage {
        blocksInUse.wrappingAdd(1, ordering: .relaxed)
        return Storage(borrowing: start + offset, byteCount: byteCount, in: CachingAllocator.shared, isWritable: true) {
            self.blocksInUse.wrappingSubtract(1, ordering: .releasing)
        }
    }
}

/// Gives the blocks of one run their planned places.
package final class Arena: RunMemory {
    private let plan: MemoryPlan
    private let memory: ArenaMemory
    private let lent: [Int: UnsafeMutableRawPointer]
    private var next = 0
    private var fits = true

    /// - Parameter lent: Memory of the caller for some of the blocks, by number; it must live until the run has ended.
    package init(_ plan: MemoryPlan, in memory: ArenaMemory, lent: [Int: UnsafeMutableRawPointer] = [:]) {
        (self.plan, self.memory, self.lent) = (plan, memory, lent)
    }

    override func storage(_ byteCount: Int) -> Storage {
        let number = next
        next += 1
        // A run that asks for something else than the one that was recorded, or holds it longer, goes on with memory of its own.
        fits =
            fits && number < plan.blocks.count && plan.blocks[number].byteCount == byteCount
            && plan.inUse[number] == memory.inUse
        guard fits else { return super.storage(byteCount) }
        if let address = lent[number] {
            return Storage(
                borrowing: address, byteCount: byteCount, in: CachingAllocator.shared, isWritable: true, release: {})
        }
        guard let offset = plan.blocks[number].offset else { return super.storage(byteCount) }
        return memory.storage(byteCount, at: offset)
    }

    /// True when the run has asked for exactly what was planned.
    package var wasFollowed: Bool { fits && next == plan.blocks.count }
}
