import HearthFormats
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The files in a model's folder that hold elements of its constants, each mapped once.
final class ExternalFiles: Sendable {
    private let folder: String?
    private let regions = Mutex<[String: ByteRegion]>([:])

    /// The files beside the model at `path`; nil for a model in memory, which has none.
    init(besideModel path: String?) { folder = path.map(FilePath.folder(of:)) }

    /// The bytes that `entries` (`location`, `offset`, `length`) name. Throws `ONNXError` for a place outside the folder.
    func bytes(_ entries: [StringEntry], of tensor: String) throws -> Bytes {
        func entry(_ key: String) -> String? { entries.first { $0.key == key }?.value }
        guard let location = entry("location"), !location.isEmpty else {
            throw ONNXError(expected: "the location of the elements of '\(tensor)'", found: "none")
        }
        let region = try region(location, of: tensor)
        let offset = try number(entry("offset"), "offset", tensor) ?? 0
        let length = try number(entry("length"), "length", tensor) ?? max(region.bytes.count - offset, 0)
        guard offset <= region.bytes.count, length <= region.bytes.count - offset else {
            throw ONNXError(
                expected: "\(length) bytes at \(offset) of '\(location)' for '\(tensor)'",
                found: "\(region.bytes.count) bytes in all")
        }
        return Bytes(region, offset..<(offset + length))
    }

    private func number(_ text: String?, _ key: String, _ tensor: String) throws(ONNXError) -> Int? {
        guard let text, !text.isEmpty else { return nil }
        guard let value = Int(text), value >= 0 else {
            throw ONNXError(expected: "a number as \(key) of '\(tensor)'", found: "'\(text)'")
        }
        return value
    }

    private func region(_ location: String, of tensor: String) throws -> ByteRegion {
        guard let folder else {
            throw ONNXError(expected: "elements of '\(tensor)' in the model", found: "the file '\(location)'")
        }
        let parts = location.split(separator: "/", omittingEmptySubsequences: false)
        guard !location.hasPrefix("/"), !parts.contains(".."), !location.utf8.contains(0) else {
            throw ONNXError(expected: "a file in the model's folder for '\(tensor)'", found: "'\(location)'")
        }
        let path = "\(folder)/\(location)"
        return try regions.withLock { known in
            if let region = known[path] { return region }
            // A link may lead out of the folder as well as a name.
            guard let resolved = Self.resolved(path) else { throw FileError.last("open", path) }
            guard let root = Self.resolved(folder), resolved.hasPrefix(root == "/" ? root : root + "/") else {
                throw ONNXError(
                    expected: "a file in the model's folder for '\(tensor)'", found: "'\(location)', a link out of it")
            }
            let region = try ByteRegion(mapping: resolved)
            known[path] = region
            return region
        }
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
