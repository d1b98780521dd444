#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Bytes that are read at any place: a file, memory, or a part of either.
///
/// Every read is checked against the size. A file is read with `pread` and not mapped, because a mapped file that
/// another process truncates kills the program (SIGBUS).
package struct ByteSource: Sendable {
    /// What errors call it.
    package let name: String
    package let byteCount: Int
    private let start: Int
    private let backing: Backing

    private enum Backing: Sendable {
        case file(OpenFile)
        case memory([UInt8])
        case region(ByteRegion)
    }

    /// The file at `path`. Throws `FileError` when it cannot be opened.
    package init(path: String) throws {
        let file = try OpenFile(path)
        name = path
        start = 0
        byteCount = try file.byteCount()
        backing = .file(file)
    }

    /// Bytes in memory.
    package init(_ bytes: [UInt8], name: String) {
        self.name = name
        start = 0
        byteCount = bytes.count
        backing = .memory(bytes)
    }

    /// Bytes of a region.
    package init(_ bytes: Bytes, name: String) {
        self.name = name
        start = bytes.range.lowerBound
        byteCount = bytes.count
        backing = .region(bytes.region)
    }

    private init(_ whole: ByteSource, _ range: Range<Int>, name: String) {
        self.name = name
        start = whole.start + range.lowerBound
        byteCount = range.count
        backing = whole.backing
    }

    /// A part of these bytes as a source of its own.
    func slice(at offset: Int, count: Int, name: String) throws -> ByteSource {
        try check(offset, count)
        return ByteSource(self, offset..<(offset + count), name: name)
    }

    /// Fills `buffer` with the bytes from `offset`.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        try check(offset, buffer.count)
        switch backing {
        case .memory(let bytes):
            bytes.withUnsafeBytes {
                buffer.copyMemory(from: .init(rebasing: $0[(start + offset)...].prefix(buffer.count)))
            }
        case .region(let region):
            buffer.copyMemory(from: .init(rebasing: region.bytes[(start + offset)...].prefix(buffer.count)))
        case .file(let file):
            let done = try file.read(at: start + offset, into: buffer)
            if done < buffer.count {
                throw error("\(buffer.count) bytes", "\(done): the file became shorter while it was read", at: offset)
            }
        }
    }

    /// `count` bytes from `offset`.
    package func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        try check(offset, count)
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }

    private func check(_ offset: Int, _ count: Int) throws {
        guard offset >= 0, count >= 0, count <= byteCount, offset <= byteCount - count else {
            throw error("\(count) bytes", "\(max(0, byteCount - max(0, offset))) left of \(byteCount)", at: offset)
        }
    }

    /// An error about these bytes.
    package func error(_ expected: String, _ found: String, at offset: Int? = nil) -> FormatError {
        FormatError(file: name, expected: expected, found: found, offset: offset)
    }
}

/// A file that is open for reading, closed with the last reference.
private final class OpenFile: Sendable {
    private let descriptor: Int32
    private let path: String

    init(_ path: String) throws {
        self.path = path
        // A pipe without a writer would be waited for.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 { throw FileError.last("open", path) }
    }

    deinit { close(descriptor) }

    func byteCount() throws -> Int {
        var status = stat()
        if fstat(descriptor, &status) != 0 { throw FileError.last("examine", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FormatError(file: path, expected: "a file", found: "a folder, pipe or device")
        }
        return Int(status.st_size)
    }

    /// Reads until the buffer is full or the file ends, and returns the number of bytes read.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var done = 0
        while done < buffer.count {
            // The system reads at most 2 GiB a call.
            let wanted = min(buffer.count - done, 1 << 30)
            let got = pread(descriptor, buffer.baseAddress! + done, wanted, off_t(offset + done))
            if got < 0 {
                if errno == EINTR { continue }
                throw FileError.last("read", path)
            }
            if got == 0 { break }
            done += got
        }
        return done
    }
}
