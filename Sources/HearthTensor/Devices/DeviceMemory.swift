/// The memory of one device: where blocks come from, and how bytes get in and out.
///
/// An address means something to its device alone: only the device's own backend may read what is there.
package protocol DeviceMemory: AnyObject, Sendable {
    /// The device whose memory this is.
    var device: Device { get }
    /// A block of at least `byteCount` bytes, aligned to 64, its content undefined.
    func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer
    /// Takes back the block that `allocate(byteCount)` gave.
    func release(_ address: UnsafeMutableRawPointer, _ byteCount: Int)
    /// Copies bytes of this machine's memory to the device.
    func upload(_ source: UnsafeRawBufferPointer, to address: UnsafeMutableRawPointer)
    /// Copies bytes of the device to this machine's memory, once everything that writes them has run.
    func download(_ address: UnsafeRawPointer, into destination: UnsafeMutableRawBufferPointer)
    /// Waits until everything that was asked of the device has run.
    func synchronize()
    /// The bytes at `address` where the processor can read and write them in place; nil where they must be copied.
    func hostAddress(of address: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer?
}

/// What holds the tensors of `meta`: nothing.
final class NoMemory: DeviceMemory {
    static let shared = NoMemory()

    var device: Device { .meta }
    func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer { UnsafeMutableRawPointer(bitPattern: 64)! }
    func release(_ address: UnsafeMutableRawPointer, _ byteCount: Int) {}
    func upload(_ source: UnsafeRawBufferPointer, to address: UnsafeMutableRawPointer) {}
    func download(_ address: UnsafeRawPointer, into destination: UnsafeMutableRawBufferPointer) {}
    func synchronize() {}
    func hostAddress(of address: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? { nil }
}
