/// The memory of tensors on the processor.
public enum Memory {
    /// What the allocator has handed out and what it keeps.
    public struct Statistics: Sendable, Hashable {
        /// Bytes in blocks that tensors hold now.
        public var inUse = 0
        /// The most bytes that were in use at once, since the start or since `Memory.resetPeak()`.
        public var peak = 0
        /// Bytes in free blocks that are kept for reuse.
        public var cached = 0
        /// How often memory was asked for.
        public var allocations = 0
        /// How often a kept block served.
        public var reuses = 0
    }

    /// What is in use and what is kept at this moment; PyTorch's `torch.cuda.memory_stats`, for the processor.
    public static var statistics: Statistics { CachingAllocator.shared.statistics }

    /// Gives the memory that is kept for reuse back to the system; PyTorch's `torch.cuda.empty_cache`.
    public static func emptyCache() { CachingAllocator.shared.empty() }

    /// Begins to measure `Statistics.peak` anew.
    public static func resetPeak() { CachingAllocator.shared.resetPeak() }
}
