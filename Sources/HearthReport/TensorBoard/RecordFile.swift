import HearthFormats
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file of records that grows at its end: TensorFlow's TFRecord, which event files are. Each record stands with its
/// length and with checksums of both, so that a reader detects a record that a kill has cut short.
final class RecordFile: Sendable {
    let path: String
    private let state: Mutex<State>

    private struct State {
        let descriptor: Int32
        var pending: [UInt8] = []
        var isClosed = false
    }

    /// A new file. Throws `FileError` when it cannot be made, or is there already.
    init(_ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError.last("create", path) }
        self.path = path
        state = Mutex(State(descriptor: descriptor))
    }

    /// Adds a record, which reaches the file with the next `flush`. Stops the program after `close`.
    func append(_ record: [UInt8]) {
        var framed: [UInt8] = []
        let length = withUnsafeBytes(of: UInt64(record.count).littleEndian) { Array($0) }
        framed += length
        framed += Self.checksum(length)
        framed += record
        framed += Self.checksum(record)
        state.withLock { state in
            guard !state.isClosed else { fatalError("a closed event file cannot be written to") }
            state.pending += framed
        }
    }

    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: CRC32C.masked(bytes).littleEndian) { Array($0) }
    }

    /// Gives all records to the system. Throws `FileError`; what could not be written is tried again the next time.
    func flush() throws(FileError) {
        try state.withLock { (state) throws(FileError) in try Self.write(&state, path) }
    }

    /// Flushes, and closes the file. Throws `FileError`.
    func close() throws {
        try state.withLock { state in
            guard !state.isClosed else { return }
            try Self.write(&state, path)
            state.isClosed = true
            _ = systemClose(state.descriptor)
        }
    }

    private static func write(_ state: inout State, _ path: String) throws(FileError) {
        var done = 0
        defer { state.pending.removeFirst(done) }
        while done < state.pending.count {
            let written = state.pending.withUnsafeBytes {
                systemWrite(state.descriptor, $0.baseAddress! + done, $0.count - done)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw FileError.last("write", path)
            }
            done += written
        }
    }

    deinit { try? close() }
}

// `write` and `close` are also methods here.
private let systemWrite: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = { write($0, $1, $2) }
private let systemClose: @Sendable (Int32) -> Int32 = { close($0) }

/// The cyclic redundancy check with Castagnoli's polynomial (RFC 3720, appendix B.4).
package enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82f6_3b78 : value >> 1 }
    }

    package static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }

    /// As records have it: turned and moved, so that the checksum of data that holds checksums is worth something.
    package static func masked(_ bytes: [UInt8]) -> UInt32 {
        let value = checksum(bytes)
        return (value >> 15 | value << 17) &+ 0xa282_ead8
    }
}
