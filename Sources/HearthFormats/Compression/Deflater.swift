import CVendor

/// Compresses bytes with DEFLATE (RFC 1951).
package enum Deflater {
    /// The pieces of `content`, one after another, compressed; bare or wrapped as a gzip file or for a picture.
    package static func compress(
        _ content: [UnsafeRawBufferPointer], wrapper: Inflater.Wrapper, level: Int32 = Z_DEFAULT_COMPRESSION
    ) -> [UInt8] {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        let status = deflateInit2_(
            stream, level, Z_DEFLATED, wrapper.windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        if status != Z_OK { fatalError("zlib \(ZLIB_VERSION) could not start (status \(status))") }
        defer { deflateEnd(stream) }

        var compressed: [UInt8] = []
        for piece in content {
            var rest = piece
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
                stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: part.assumingMemoryBound(to: UInt8.self).baseAddress)
                stream.pointee.avail_in = UInt32(part.count)
                drain(stream, Z_NO_FLUSH, into: &compressed)
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
            }
        }
        drain(stream, Z_FINISH, into: &compressed)
        return compressed
    }

    /// Takes from zlib all that it has to give now.
    private static func drain(_ stream: UnsafeMutablePointer<z_stream>, _ flush: Int32, into result: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 << 16) { buffer in
            repeat {
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(buffer.count)
                deflate(stream, flush)
                result.append(contentsOf: buffer.prefix(buffer.count - Int(stream.pointee.avail_out)))
            } while stream.pointee.avail_out == 0
        }
    }
}
