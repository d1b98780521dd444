import Hearth

/// Reads small text files.
enum TextFile {
    /// All bytes of a file of at most 256 MB. Throws `FileError` when it cannot be read, and `FormatError` when it is larger
    /// or no file.
    static func read(_ path: String, limit: Int = 1 << 28) throws -> [UInt8] {
        let source = try ByteSource(path: path)
        guard source.byteCount <= limit else {
            throw FormatError(
                file: path, expected: "a text of at most \(Memory.text(Double(limit)))",
                found: Memory.text(Double(source.byteCount)))
        }
        return try source.bytes(at: 0, count: source.byteCount)
    }
}
