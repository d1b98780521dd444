#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file that a test expects and that is not there.
struct NoFile: Error { let path: String }

/// The bytes of a file.
func bytes(of path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw NoFile(path: path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return bytes
}

/// The text of a file.
func text(of path: String) throws -> String { String(decoding: try bytes(of: path), as: UTF8.self) }

/// Writes a text file.
func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "wb") else { throw NoFile(path: path) }
    defer { fclose(file) }
    fputs(text, file)
}

func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// The value of an environment variable.
func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// The names of all files in a folder, sorted.
func fileNames(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// Runs `body` with a new folder that is gone afterwards.
func withTemporaryFolder<R>(_ body: (String) throws -> R) throws -> R {
    let folder = makeTemporaryFolder()
    defer { remove(tree: folder) }
    return try body(folder)
}

/// Runs `body` with a new folder that is gone afterwards.
func withTemporaryFolder<R>(_ body: (String) async throws -> R) async throws -> R {
    let folder = makeTemporaryFolder()
    defer { remove(tree: folder) }
    return try await body(folder)
}

private func makeTemporaryFolder() -> String {
    var template = Array("/tmp/hearth-cli-XXXXXX".utf8CString)
    return template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
}

private func remove(tree path: String) {
    for name in fileNames(in: path) { remove(tree: "\(path)/\(name)") }
    remove(path)
}

/// Makes a folder; the one above it exists.
func makeFolder(_ path: String) { mkdir(path, 0o700) }

extension String {
    /// The text with its first `old` replaced.
    func replacingFirst(_ old: String, with new: String) -> String {
        var result = self
        if let range = result.firstRange(of: old) { result.replaceSubrange(range, with: new) }
        return result
    }
}
