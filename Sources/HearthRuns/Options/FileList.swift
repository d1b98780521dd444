#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files by their place.
package enum FileList {
    /// True for a folder.
    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder, sorted, without those that begin with a dot. Throws `RunError` when it cannot be read.
    package static func names(in folder: String) throws -> [String] {
        guard let handle = opendir(folder) else {
            throw RunError("cannot read the folder '\(folder)': \(String(cString: strerror(errno)))")
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// The files in a folder and those in it, to a depth of 16, with one of these endings. Throws `RunError` when a folder
    /// cannot be read.
    static func files(in folder: String, endings: Set<String>, depth: Int = 16) throws -> [String] {
        try names(in: folder).flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            if isFolder(path) { return depth > 0 ? try files(in: path, endings: endings, depth: depth - 1) : [] }
            return endings.contains(name.split(separator: ".").last.map { $0.lowercased() } ?? "") ? [path] : []
        }
    }
}
