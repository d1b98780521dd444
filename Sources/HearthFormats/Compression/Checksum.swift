import CVendor

/// The CRC-32 of bytes that come in pieces, as zip and gzip use it.
package struct CRC32 {
    package private(set) var value: UInt32 = 0

    /// The checksum of no bytes so far.
    package init() {}

    /// Takes in more bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        value = UInt32(
            truncatingIfNeeded: crc32_z(uLong(value), start.assumingMemoryBound(to: UInt8.self), bytes.count))
    }
}
