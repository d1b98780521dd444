#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Replaces a file as a whole or not at all.
///
///     try AtomicFile.write(to: "checkpoint.pth") { file in
///         try file.write(header)
///         try file.write(weights)
///     }
///
/// The bytes go to a new file in the same folder, which is forced to the disk and then takes the name. A program that
/// is killed, a full disk or an error in the closure leaves the old file as it was.
public enum AtomicFile {
    /// How the name of a file ends that is being written, or whose writer was killed; such a name starts with a dot.
    public static let unfinishedExtension = ".part"

    /// Writes the file at `path` with what `body` writes. The mode of an existing file is kept, and a symbolic link is
    /// followed. Throws what `body` throws, or `FileError` when the folder cannot be written or the disk is full.
    public static func write<R>(to path: String, _ body: (OutputFile) throws -> R) throws -> R {
        let target = resolvingLinks(path)
        let file = try OutputFile.temporary(beside: target)
        var isInPlace = false
        defer { if !isInPlace { unlink(file.path) } }
        let result = try body(file)
        try file.finish()
        guard rename(file.path, target) == 0 else { throw FileError.last("replace", target) }
        isInPlace = true
        try syncFolder(of: target)
        return result
    }

    /// Writes `bytes` to the file at `path`, whole or not at all. Throws `FileError`.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        try write(to: path) { try $0.write(bytes) }
    }

    /// Where the bytes really go: renaming onto a link would replace the link instead.
    private static func resolvingLinks(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The new name is on the disk only when the folder is.
    static func syncFolder(of path: String) throws {
        let folder = FilePath.folder(of: path)
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError.last("open", folder) }
        defer { close(descriptor) }
        // Some network file systems refuse to sync a folder (EINVAL), and offer nothing else that could be called
        // instead.
        if fsync(descriptor) != 0, errno != EINVAL { throw FileError.last("sync", folder) }
    }
}

/// The parts of a path, by its text alone.
package enum FilePath {
    /// The folder of a path: `models` of `models/a.pth`, `.` of `a.pth`.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part of a path: `a.pth` of `models/a.pth`.
    package static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// What follows the last dot of the name, in lower case: `pth` of `models/a.PTH`; empty when there is none.
    package static func pathExtension(of path: String) -> String {
        let name = name(of: path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    /// The name without its last extension: `a` of `models/a.pth`.
    package static func stem(of path: String) -> String {
        let name = name(of: path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }
}
