import CKernels

/// What gives the memory of tensors on one thread while a program runs that has planned it.
package class RunMemory {
    /// Memory for what a run has not planned: every block for itself.
    nonisolated(unsafe) package static let unplanned = RunMemory()

    /// The next block that the run asks for.
    func storage(_ byteCount: Int) -> Storage {
        Storage(byteCount: byteCount, in: CachingAllocator.shared)
    }

    /// Runs `body`, whose tensors on this thread get their memory here.
    package func use<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let thread = hk_thread()!
        let outer = thread.pointee.run_memory
        thread.pointee.run_memory = Unmanaged.passUnretained(self).toOpaque()
        defer { thread.pointee.run_memory = outer }
        return try body()
    }

    /// That of this thread.
    @inline(__always)
    static var current: RunMemory? {
        hk_thread().pointee.run_memory.map { Unmanaged<RunMemory>.fromOpaque($0).takeUnretainedValue() }
    }
}
