#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Folders of the file system.
package enum Folder {
    /// Creates a folder, and those that it lies in, where they are missing. Throws `FileError`.
    package static func create(_ path: String) throws {
        if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
        guard errno == ENOENT else { throw FileError.last("create the folder", path) }
        let parent = FilePath.folder(of: path)
        guard parent != path, parent != "." else { throw FileError.last("create the folder", path) }
        try create(parent)
        if mkdir(path, 0o777) != 0, errno != EEXIST { throw FileError.last("create the folder", path) }
    }

    /// True when there is something at `path` that can be read.
    package static func hasFile(_ path: String) -> Bool { access(path, R_OK) == 0 }
}
