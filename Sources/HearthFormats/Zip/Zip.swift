/// Zip archives of others, of which a few files are wanted.
package enum Zip {
    /// The files of the archive at `path` with these names, by the last part of their path, at most `limit` bytes together.
    ///
    /// Throws `FileError`, and `FormatError` when the archive is damaged or lacks one of the names.
    package static func files(_ names: [String], in path: String, limit: Int) throws -> [String: [UInt8]] {
        let archive = try ZipArchive(ByteSource(path: path), inflatedLimit: limit)
        var found: [String: [UInt8]] = [:]
        for entry in archive.entries {
            let name = FilePath.name(of: entry.name)
            if names.contains(name) { found[name] = try archive.bytes(of: entry) }
        }
        if let missing = names.first(where: { found[$0] == nil }) {
            throw FormatError(file: path, expected: "a file '\(missing)' in the archive", found: "none")
        }
        return found
    }
}
