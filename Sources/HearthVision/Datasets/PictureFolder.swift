import HearthFormats
import HearthTensor

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A folder of pictures and of folders. Names that begin with a point are not seen.
struct PictureFolder {
    /// The endings of names that count as pictures.
    static let endings = [".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".pgm", ".pbm"]

    private let path: String

    init(_ path: String) { self.path = path }

    /// The names of the folders in it, sorted. Throws `FileError`.
    func folders() throws -> [String] { try entries().filter(\.isFolder).map(\.name).sorted() }

    /// The paths of the pictures in it and in all folders below, folder by folder, sorted. Links are followed. Throws
    /// `FileError`.
    func pictures() throws -> [String] {
        var found: [(folder: String, names: [String])] = []
        try collect(into: &found, below: [])
        return found.sorted { $0.folder < $1.folder }.flatMap { part in
            part.names.sorted().map { "\(part.folder)/\($0)" }
        }
    }

    private func collect(into found: inout [(folder: String, names: [String])], below ancestors: [Identity]) throws {
        // A link may lead back to a folder above it.
        let identity = Identity(path)
        if let identity, ancestors.contains(identity) { return }
        let entries = try entries()
        found.append((path, entries.filter { !$0.isFolder && Self.isPicture($0.name) }.map(\.name)))
        for entry in entries where entry.isFolder {
            try PictureFolder("\(path)/\(entry.name)").collect(
                into: &found, below: ancestors + [identity].compactMap(\.self))
        }
    }

    private static func isPicture(_ name: String) -> Bool {
        let name = name.lowercased()
        return endings.contains { name.hasSuffix($0) }
    }

    private func entries() throws -> [(name: String, isFolder: Bool)] {
        guard let folder = opendir(path) else { throw FileError.last("open the folder", path) }
        defer { closedir(folder) }
        var entries: [(name: String, isFolder: Bool)] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            // Where `readdir` says that it is a link, or does not say what it is, `stat` has to find out.
            let kind = Int(entry.pointee.d_type)
            let isFolder =
                kind == Int(DT_DIR) || (kind != Int(DT_REG) && Identity("\(path)/\(name)")?.isFolder == true)
            entries.append((name, isFolder))
        }
        return entries
    }

    /// What a path leads to, by whatever name.
    private struct Identity: Equatable {
        let device: UInt64
        let number: UInt64
        let isFolder: Bool

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(truncatingIfNeeded: status.st_dev)
            number = UInt64(truncatingIfNeeded: status.st_ino)
            isFolder = status.st_mode & S_IFMT == S_IFDIR
        }
    }
}
