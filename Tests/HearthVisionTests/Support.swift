import HearthFormats
import HearthTensor

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The files that `Tests/Goldens/make_images.py` writes.
enum Golden {
    static let folder = FilePath.folder(of: #filePath) + "/Goldens"

    static func path(_ name: String) -> String { "\(folder)/\(name)" }

    static func array(_ name: String) throws -> Tensor { try NPY.read(path("\(name).npy")) }
}

/// True when both have the same shape, dtype and bits.
func isIdentical(_ a: Tensor, _ b: Tensor) -> Bool {
    guard a.spec == b.spec else { return false }
    return a.withUnsafeBytes { a in b.withUnsafeBytes { a.elementsEqual($0) } }
}

/// Runs `body` with a new folder that is gone afterwards.
func withTemporaryFolder<R>(_ body: (String) async throws -> R) async throws -> R {
    var template = Array("/tmp/hearth-vision-XXXXXX".utf8CString)
    let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    defer { remove(tree: folder) }
    return try await body(folder)
}

private func remove(tree path: String) {
    if let folder = opendir(path) {
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { remove(tree: "\(path)/\(name)") }
        }
        closedir(folder)
    }
    remove(path)
}

/// The value of an environment variable.
func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// The most memory that this process has held at once, in bytes; 0 where the system does not tell.
func peakMemory() -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let text = String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
}
