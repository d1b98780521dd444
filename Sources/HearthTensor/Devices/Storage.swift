/// A block of a device's memory that tensors view. Shared by reference; freed, or returned to its owner, with the last
/// tensor.
///
/// Unchecked because the address is raw: a storage is written only while one tensor alone refers to it.
package final class Storage: @unchecked Sendable {
    /// Where the block begins, in the terms of its device: only the device's backend may follow it.
    package let address: UnsafeMutableRawPointer
    package let byteCount: Int
    /// Where the block is.
    package let device: Device
    // A device's memory is never given up, so it needs no counting of references.
    unowned(unsafe) let memory: any DeviceMemory
    /// True when the last tensor that refers to the block may write in place.
    let isWritable: Bool
    private let release: (() -> Void)?
    /// By what number the trace of a program calls the block.
    var mark = Mark(trace: 0, number: 0)

    /// A trace, and a number in it.
    struct Mark {
        let trace: UInt32
        private let short: UInt32

        init(trace: UInt32, number: Int) { (self.trace, short) = (trace, UInt32(number)) }

        var number: Int { Int(short) }
    }

    /// A fresh block, aligned to 64 bytes, its content undefined.
    convenience init(byteCount: Int, in memory: any DeviceMemory) {
        self.init(memory.allocate(byteCount), byteCount: byteCount, of: memory, memory.device)
    }

    /// A block that `memory` has just given.
    init(_ address: UnsafeMutableRawPointer, byteCount: Int, of memory: any DeviceMemory, _ device: Device) {
        self.address = address
        self.byteCount = byteCount
        self.memory = memory
        self.device = device
        isWritable = true
        release = nil
    }

    /// A block that has another owner (a mapped file, a buffer): `release` runs when the last tensor is gone.
    /// - Parameter isWritable: Whether the owner lets the last tensor write in place.
    package init(
        borrowing address: UnsafeMutableRawPointer, byteCount: Int, in memory: any DeviceMemory,
        isWritable: Bool = false, release: @escaping () -> Void
    ) {
        self.address = address
        self.byteCount = byteCount
        self.memory = memory
        device = memory.device
        self.isWritable = isWritable
        self.release = release
    }

    deinit {
        if let release { release() } else { memory.release(address, byteCount) }
    }

    /// The storage of every tensor on the `meta` device.
    static let none = Storage(
        borrowing: NoMemory.shared.allocate(0), byteCount: 0, in: NoMemory.shared, release: {})
}
