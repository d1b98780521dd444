/// A block of memory that tensors view. Shared by reference; freed, or returned to its owner, with the last tensor.
///
/// Unchecked because the pointer is raw: a storage is written only while one tensor alone refers to it.
final class Storage: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    let byteCount: Int
    private let release: (() -> Void)?

    /// Fresh memory, aligned to 64 bytes, its content undefined.
    init(byteCount: Int) {
        self.byteCount = byteCount
        pointer = CachingAllocator.shared.allocate(byteCount)
        release = nil
    }

    /// Memory that somebody else owns (a mapped file, a buffer): `release` runs when the last tensor is gone.
    init(borrowing pointer: UnsafeMutableRawPointer, byteCount: Int, release: @escaping () -> Void) {
        self.pointer = pointer
        self.byteCount = byteCount
        self.release = release
    }

    /// True when writing in place is allowed by the owner of the memory.
    var isOwned: Bool { release == nil }

    deinit {
        if let release { release() } else { CachingAllocator.shared.release(pointer, byteCount) }
    }

    /// The storage of every tensor on the `meta` device.
    static let none = Storage(byteCount: 0)
}
