import CVendor

/// Decompresses DEFLATE data (RFC 1951), bare as in a zip or wrapped as in a gzip file or a picture, piece by piece.
///
/// It never holds more than the caller's buffer and a window, so the size of what is asked for is the caller's choice
/// and a small hostile file cannot fill the memory.
package final class Inflater {
    package enum Wrapper {
        case none, gzip, zlib

        /// What zlib calls it.
        var windowBits: Int32 {
            switch self {
            case .none: -MAX_WBITS
            case .gzip: MAX_WBITS + 16
            case .zlib: MAX_WBITS
            }
        }
    }

    /// DEFLATE turns at most 1,032 bytes into one; a file that promises more is wrong.
    package static let largestRatio = 1032

    private let source: ByteSource
    private let wrapper: Wrapper
    // zlib keeps a pointer to this structure, so it must not move.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let window = UnsafeMutablePointer<UInt8>.allocate(capacity: windowSize)
    private var position = 0
    private var isAtEnd = false

    private static let windowSize = 1 << 16

    /// Decompresses the whole of `source`.
    init(_ source: ByteSource, wrapper: Wrapper) {
        self.source = source
        self.wrapper = wrapper
        stream.initialize(to: z_stream())
        let status = inflateInit2_(stream, wrapper.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if status != Z_OK { fatalError("zlib \(ZLIB_VERSION) could not start (status \(status))") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        window.deallocate()
    }

    /// Fills `buffer`, or the front of it when the data ends before. Returns the number of bytes written.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var done = 0
        while done < buffer.count, !isAtEnd {
            let room = min(buffer.count - done, 1 << 30)
            stream.pointee.next_out = (buffer.baseAddress! + done).assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room)
            try step()
            done += room - Int(stream.pointee.avail_out)
        }
        return done
    }

    /// Decompresses `bytes`; `name` is what errors call them.
    package convenience init(_ bytes: [UInt8], name: String, wrapper: Wrapper) {
        self.init(ByteSource(bytes, name: name), wrapper: wrapper)
    }

    /// Fills the whole of `buffer`; throws when there is less.
    package func readExactly(into buffer: UnsafeMutableRawBufferPointer) throws {
        let done = try read(into: buffer)
        guard done == buffer.count else {
            throw source.error("\(buffer.count) bytes of decompressed data", "\(done)")
        }
    }

    /// Throws unless all data has been read and nothing follows it.
    package func expectEnd() throws {
        var extra: UInt8 = 0
        let more = try withUnsafeMutableBytes(of: &extra) { try read(into: $0) }
        guard more == 0 else { throw source.error("the end of the decompressed data", "more of it") }
        let unread = source.byteCount - position + Int(stream.pointee.avail_in)
        guard unread == 0 || wrapper == .gzip else {
            throw source.error("the end of the compressed data", "\(unread) bytes more")
        }
    }

    private func step() throws {
        if stream.pointee.avail_in == 0 { try refill() }
        switch inflate(stream, Z_NO_FLUSH) {
        case Z_OK: break
        case Z_STREAM_END: try finishMember()
        case Z_BUF_ERROR where position < source.byteCount || stream.pointee.avail_out == 0: break
        case Z_BUF_ERROR: throw source.error("compressed data", "the end of the file", at: position)
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "damaged data"
            throw source.error("compressed data", reason, at: position - Int(stream.pointee.avail_in))
        }
    }

    private func refill() throws {
        let count = min(Self.windowSize, source.byteCount - position)
        try source.read(at: position, into: UnsafeMutableRawBufferPointer(start: window, count: count))
        position += count
        stream.pointee.next_in = window
        stream.pointee.avail_in = UInt32(count)
    }

    /// A gzip file may be several members one after another; zeros may pad the last one.
    private func finishMember() throws {
        isAtEnd = true
        guard wrapper == .gzip else { return }
        if stream.pointee.avail_in == 0 { try refill() }
        while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
            if stream.pointee.avail_in == 0 { try refill() }
        }
        if stream.pointee.avail_in > 0 {
            inflateReset(stream)
            isAtEnd = false
        }
    }
}
