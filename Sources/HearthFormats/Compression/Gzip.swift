/// Gzip files (RFC 1952), in memory.
///
///     let packed = Gzip.compress(Array("hello".utf8))
///     let bytes = try Gzip.decompress(packed, limit: 1 << 20)
public enum Gzip {
    /// The bytes that `bytes` decompress to, with their checksum compared; several members are joined.
    ///
    /// Throws `FormatError` when the data is damaged or cut short, and when it decompresses to more than `limit` bytes,
    /// so that a small hostile file cannot fill the memory. `name` is what errors call the data.
    public static func decompress(_ bytes: [UInt8], limit: Int, name: String = "gzip data") throws -> [UInt8] {
        try decompress(ByteSource(bytes, name: name), limit: limit)
    }

    /// The content of the gzip file at `path`. Throws as `decompress(_:limit:name:)` does, and `FileError` when the
    /// file cannot be read.
    public static func decompress(contentsOf path: String, limit: Int) throws -> [UInt8] {
        try decompress(ByteSource(path: path), limit: limit)
    }

    /// `bytes` as a gzip file of one member.
    public static func compress(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { Deflater.compress([$0], wrapper: .gzip) }
    }

    /// True when the bytes start as a gzip file does.
    static func isGzip(_ source: ByteSource) throws -> Bool {
        guard source.byteCount >= 2 else { return false }
        return try source.bytes(at: 0, count: 2) == [0x1f, 0x8b]
    }

    private static func decompress(_ source: ByteSource, limit: Int) throws -> [UInt8] {
        let inflater = Inflater(source, wrapper: .gzip)
        var result: [UInt8] = []
        var part = [UInt8](repeating: 0, count: min(max(limit, 1), 1 << 18))
        while true {
            let count = try part.withUnsafeMutableBytes { try inflater.read(into: $0) }
            guard count <= limit - result.count else {
                throw source.error("at most \(limit) bytes of decompressed data", "more")
            }
            result.append(contentsOf: part[..<count])
            if count < part.count { return result }
        }
    }
}
