#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file that is being written, front to back. `AtomicFile.write` hands one out.
public final class OutputFile {
    /// Where the bytes go while they are written.
    let path: String
    /// The number of bytes written so far.
    public private(set) var position = 0
    private let descriptor: Int32
    private var pending: [UInt8] = []

    private static let pendingLimit = 1 << 16

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// A new file in the folder of `target`, under a name that no other file has, with the mode of `target`.
    static func temporary(beside target: String) throws -> OutputFile {
        var status = stat()
        let mode = stat(target, &status) == 0 ? status.st_mode & 0o777 : nil
        while true {
            let suffix = String(UInt64.random(in: 0 ... .max), radix: 36)
            let name = ".\(FilePath.name(of: target).prefix(100)).\(suffix)\(AtomicFile.unfinishedExtension)"
            let path = "\(FilePath.folder(of: target))/\(name)"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor >= 0 {
                // On a file system without modes this fails, which is no reason to lose the bytes.
                if let mode { fchmod(descriptor, mode) }
                return OutputFile(path: path, descriptor: descriptor)
            }
            if errno != EEXIST { throw FileError.last("create a file beside", target) }
        }
    }

    /// Adds bytes at the end. Throws `FileError`, for example when the disk is full.
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        position += bytes.count
        if pending.count + bytes.count <= Self.pendingLimit {
            pending.append(contentsOf: bytes)
        } else {
            try flush()
            try send(bytes)
        }
    }

    /// Adds bytes at the end. Throws `FileError`, for example when the disk is full.
    public func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

    /// Adds text at the end, as UTF-8. Throws `FileError`, for example when the disk is full.
    public func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// Forces every byte to the disk.
    func finish() throws {
        try flush()
        if fsync(descriptor) != 0 { throw FileError.last("sync", path) }
    }

    private func flush() throws {
        try pending.withUnsafeBytes { try send($0) }
        pending.removeAll(keepingCapacity: true)
    }

    private func send(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            #if canImport(Darwin)
                let sent = Darwin.write(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
            #elseif canImport(Musl)
                let sent = Musl.write(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
            #else
                let sent = Glibc.write(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
            #endif
            if sent < 0 {
                if errno == EINTR { continue }
                throw FileError.last("write", path)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[sent...])
        }
    }
}
