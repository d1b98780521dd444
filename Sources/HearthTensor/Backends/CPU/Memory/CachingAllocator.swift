import CKernels
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Hands out aligned memory and keeps what comes back, because fresh pages cost more than most work done in them.
///
/// Sizes are rounded up to one of four classes a doubling (64, 80, 96, 112, 128, 160, … bytes), so at most a fifth of a
/// block is unused. Each class has a list of free blocks, linked through their first words.
package final class CachingAllocator: DeviceMemory, @unchecked Sendable {
    static let shared = CachingAllocator()

    /// Everything that changes, guarded by `lock`.
    private struct State {
        var free: InlineArray<192, UnsafeMutableRawPointer?> = .init(repeating: nil)
        var statistics = Memory.Statistics()
    }

    private let lock = Atomic<Bool>(false)
    /// Behind a pointer, where the lock alone guards it and the language's own checks cost nothing.
    private let guarded: UnsafeMutablePointer<State>
    /// Free blocks beyond this many bytes go back to the system.
    private let bound: Int

    package init(bound: Int = CachingAllocator.quarterOfMemory) {
        self.bound = bound
        guarded = .allocate(capacity: 1)
        guarded.initialize(to: State())
    }

    deinit {
        empty()
        guarded.deallocate()
    }

    package var device: Device { .cpu }

    static var quarterOfMemory: Int {
        sysconf(Int32(_SC_PHYS_PAGES)) / 4 * sysconf(Int32(_SC_PAGESIZE))
    }

    /// The class of a size, and the size of that class's blocks.
    @inline(__always)
    private static func sizeClass(_ byteCount: Int) -> (index: Int, byteCount: Int) {
        if byteCount <= 64 { return (0, 64) }
        // With 2^power < byteCount <= 2^(power + 1), four steps of 2^(power - 2) each.
        let power = Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount
        let step = 1 << (power - 2)
        let quarter = (byteCount - 1 - (1 << power)) >> (power - 2)
        return ((power - 6) * 4 + quarter + 1, (1 << power) + (quarter + 1) * step)
    }

    /// Memory for `byteCount` bytes, aligned to 64 bytes, its content undefined.
    package func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let block = Self.sizeClass(byteCount)
        acquire()
        guarded.pointee.statistics.allocations &+= 1
        guarded.pointee.statistics.inUse &+= block.byteCount
        guarded.pointee.statistics.peak = max(guarded.pointee.statistics.peak, guarded.pointee.statistics.inUse)
        if let pointer = guarded.pointee.free[block.index] {
            guarded.pointee.free[block.index] = pointer.load(as: UnsafeMutableRawPointer?.self)
            guarded.pointee.statistics.reuses &+= 1
            guarded.pointee.statistics.cached &-= block.byteCount
            unlock()
            return pointer
        }
        unlock()
        return fresh(block.byteCount)
    }

    /// Takes back the memory that `allocate(byteCount)` gave.
    package func release(_ pointer: UnsafeMutableRawPointer, _ byteCount: Int) {
        let block = Self.sizeClass(byteCount)
        acquire()
        guarded.pointee.statistics.inUse &-= block.byteCount
        let isKept = guarded.pointee.statistics.cached &+ block.byteCount <= bound
        if isKept {
            pointer.storeBytes(of: guarded.pointee.free[block.index], as: UnsafeMutableRawPointer?.self)
            guarded.pointee.free[block.index] = pointer
            guarded.pointee.statistics.cached &+= block.byteCount
        }
        unlock()
        if !isKept { free(pointer) }
    }

    /// Gives all free blocks back to the system.
    package func empty() {
        acquire()
        let lists = guarded.pointee.free
        guarded.pointee.free = .init(repeating: nil)
        guarded.pointee.statistics.cached = 0
        unlock()
        for index in lists.indices {
            var next = lists[index]
            while let pointer = next {
                next = pointer.load(as: UnsafeMutableRawPointer?.self)
                free(pointer)
            }
        }
    }

    package var statistics: Memory.Statistics {
        acquire()
        defer { unlock() }
        return guarded.pointee.statistics
    }

    func resetPeak() {
        acquire()
        guarded.pointee.statistics.peak = guarded.pointee.statistics.inUse
        unlock()
    }

    @inline(__always)
    private func acquire() {
        if lock.exchange(true, ordering: .acquiring) { wait() }
    }

    /// The lock is held for some ten nanoseconds: spinning is cheaper than sleeping, unless its holder was preempted.
    @inline(never)
    private func wait() {
        var attempts = 0
        while lock.load(ordering: .relaxed) || lock.exchange(true, ordering: .acquiring) {
            attempts += 1
            if attempts % 64 == 0 { sched_yield() }
        }
    }

    @inline(__always)
    private func unlock() { lock.store(false, ordering: .releasing) }

    private static let hugePage = 1 << 21

    /// Memory from the system; large blocks begin at a page that may be a huge one.
    private func fresh(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let isHuge = byteCount >= 2 * Self.hugePage
        let alignment = isHuge ? Self.hugePage : byteCount >= 1 << 16 ? 4096 : 64
        var pointer: UnsafeMutableRawPointer?
        var status = posix_memalign(&pointer, alignment, byteCount)
        if status != 0 {
            empty()
            status = posix_memalign(&pointer, alignment, byteCount)
        }
        guard status == 0, let pointer else {
            fatalError("out of memory: a tensor needs \(byteCount) bytes; in use are \(statistics.inUse)")
        }
        #if os(Linux)
            if isHuge { madvise(pointer, byteCount, MADV_HUGEPAGE) }
        #endif
        return pointer
    }
}

extension CachingAllocator {
    package func upload(_ source: UnsafeRawBufferPointer, to address: UnsafeMutableRawPointer) {
        if let start = source.baseAddress { address.copyMemory(from: start, byteCount: source.count) }
    }

    package func download(_ address: UnsafeRawPointer, into destination: UnsafeMutableRawBufferPointer) {
        destination.baseAddress?.copyMemory(from: address, byteCount: destination.count)
    }

    /// Every operation of the processor has run when it returns.
    package func synchronize() {}

    package func hostAddress(of address: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? { address }
}
