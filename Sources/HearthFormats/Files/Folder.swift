#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Folders of the file system.
package enum Folder {
    /// Creates a folder, and those that it lies in, where they are missing, and gives those that it made, outer ones first.
    /// Throws `FileError`.
    @discardableResult
    package static func create(_ path: String) throws -> [String] {
        if mkdir(path, 0o777) == 0 { return [path] }
        if errno == EEXIST { return [] }
        guard errno == ENOENT else { throw FileError.last("create the folder", path) }
        let parent = FilePath.folder(of: path)
        guard parent != path, parent != "." else { throw FileError.last("create the folder", path) }
        let made = try create(parent)
        if mkdir(path, 0o777) == 0 { return made + [path] }
        if errno == EEXIST { return made }
        let error = FileError.last("create the folder", path)
        for folder in made.reversed() { rmdir(folder) }
        throw error
    }

    /// True when there is something at `path` that can be read.
    package static func hasFile(_ path: String) -> Bool { access(path, R_OK) == 0 }
}
