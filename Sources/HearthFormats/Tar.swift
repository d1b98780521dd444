/// Archives of the Unix program tar (POSIX.1-1988, "ustar", and what GNU's writes of plain files), compressed with gzip or
/// not, read from the front to the back.
package struct Tar {
    private static let block = 512

    /// The files of an archive with the wanted names, by the last part of their path. Others are passed over, links and
    /// folders too.
    ///
    /// Throws `FileError`, and `FormatError` when the archive is damaged, cut short, or lacks one of the names.
    package static func files(_ names: [String], in path: String, limit: Int) throws -> [String: [UInt8]] {
        let bytes = try plainBytes(path, limit: limit)
        var found: [String: [UInt8]] = [:]
        var position = 0
        while position + block <= bytes.count, found.count < names.count {
            let header = bytes[position..<(position + block)]
            // Two empty blocks end an archive.
            if header.allSatisfy({ $0 == 0 }) { break }
            let size = try checkedSize(of: Array(header), path, position)
            guard size <= bytes.count - position - block else {
                throw FormatError(
                    file: path, expected: "\(size) bytes of a file", found: "\(bytes.count - position - block)",
                    offset: position)
            }
            let start = position + block
            let name = FilePath.name(of: text(header.prefix(100)))
            let isFile = header[position + 156] == 0 || header[position + 156] == UInt8(ascii: "0")
            if isFile, names.contains(name) { found[name] = Array(bytes[start..<(start + size)]) }
            position = start + (size + block - 1) / block * block
        }
        if let missing = names.first(where: { found[$0] == nil }) {
            throw FormatError(file: path, expected: "a file '\(missing)' in the archive", found: "none")
        }
        return found
    }

    private static func plainBytes(_ path: String, limit: Int) throws -> [UInt8] {
        let source = try ByteSource(path: path)
        let start = try source.bytes(at: 0, count: min(2, source.byteCount))
        if start == [0x1f, 0x8b] { return try Gzip.decompress(contentsOf: path, limit: limit) }
        return try source.bytes(at: 0, count: source.byteCount)
    }

    private static func checkedSize(of header: [UInt8], _ path: String, _ position: Int) throws -> Int {
        // The sum of all bytes, its own field taken as spaces.
        let sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
        guard octal(header[148..<156]) == sum, let size = octal(header[124..<136]) else {
            throw FormatError(
                file: path, expected: "a header of tar with its checksum", found: "other bytes", offset: position)
        }
        return size
    }

    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        Int(text(field).filter { $0 != " " }, radix: 8)
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }
}
