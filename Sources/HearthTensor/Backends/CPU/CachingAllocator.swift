/// Hands out aligned memory.
final class CachingAllocator: Sendable {
    static let shared = CachingAllocator()
    func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        .allocate(byteCount: byteCount, alignment: 64)
    }
    func release(_ pointer: UnsafeMutableRawPointer, _ byteCount: Int) { pointer.deallocate() }
}
