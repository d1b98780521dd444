#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Bytes that stay where they are as long as anyone refers to them: a mapped file, or memory.
///
/// A `ByteSource` reads a file with `pread`, since a mapped one that becomes shorter ends the program. Files of weights
/// are mapped all the same where tensors may lie in them: gigabytes then take no memory of their own, and nothing is read
/// that is not used. Whoever replaces such a file does so under its name, as `AtomicFile` does, which leaves what is
/// mapped as it was.
///
/// Unchecked because the address is raw; nothing is written there.
package final class ByteRegion: @unchecked Sendable {
    /// What errors call it.
    package let name: String
    /// All bytes.
    package let bytes: UnsafeRawBufferPointer
    private let isMapped: Bool

    /// The file at `path`, mapped. Throws `FileError`, and `FormatError` for what is no file.
    package init(mapping path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 { throw FileError.last("open", path) }
        defer { close(descriptor) }
        var status = stat()
        if fstat(descriptor, &status) != 0 { throw FileError.last("examine", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FormatError(file: path, expected: "a file", found: "a folder, pipe or device")
        }
        name = path
        let count = Int(status.st_size)
        guard count > 0 else {
            (bytes, isMapped) = (UnsafeRawBufferPointer(start: nil, count: 0), false)
            return
        }
        let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let address, address != MAP_FAILED else { throw FileError.last("map", path) }
        (bytes, isMapped) = (UnsafeRawBufferPointer(start: address, count: count), true)
    }

    /// A copy of bytes in memory.
    package init(_ source: [UInt8], name: String) {
        self.name = name
        isMapped = false
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
        memory.copyBytes(from: source)
        bytes = UnsafeRawBufferPointer(memory)
    }

    deinit {
        if isMapped {
            munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        } else {
            bytes.deallocate()
        }
    }
}

/// A part of a region, which it keeps alive.
package struct Bytes: Sendable {
    package let region: ByteRegion
    /// Where the part lies in the region.
    package let range: Range<Int>

    /// A part of `region`.
    package init(_ region: ByteRegion, _ range: Range<Int>) {
        (self.region, self.range) = (region, range.clamped(to: 0..<region.bytes.count))
    }

    /// A copy of bytes in memory.
    package init(_ bytes: [UInt8]) { self.init(ByteRegion(bytes, name: "memory"), 0..<bytes.count) }

    package var count: Int { range.count }

    /// Calls `body` with the bytes, where they are.
    package func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try withExtendedLifetime(region) { try body(UnsafeRawBufferPointer(rebasing: region.bytes[range])) }
    }

    /// The bytes as text; what is not UTF-8 is replaced.
    package var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
