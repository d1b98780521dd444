import Hearth

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Keeps other programs out of a run's folder while one writes it. The system lets go of it with the program, however
/// that ends.
final class RunLock {
    private let path: String
    private let descriptor: Int32

    /// Throws `RunError` when another program has the folder, or when a file of it leads out of it.
    init(_ folder: RunFolder) throws {
        path = folder.path + "/.lock"
        descriptor = try Self.acquire(path, folder)
        try folder.refuseLinksOut()
    }

    deinit {
        unlink(path)
        close(descriptor)
    }

    private static func acquire(_ path: String, _ folder: RunFolder) throws -> Int32 {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else {
                throw RunError("cannot write into '\(folder.path)': \(String(cString: strerror(errno)))")
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let reason = errno
                close(descriptor)
                guard reason == EWOULDBLOCK else {
                    throw RunError("cannot lock '\(folder.path)': \(String(cString: strerror(reason)))")
                }
                throw RunError("another program is writing the run '\(folder.path)'; wait for it, or use another --out")
            }
            // The one that had it before may have taken the file away in between.
            if isSameFile(descriptor, path) { return descriptor }
            close(descriptor)
        }
    }

    private static func isSameFile(_ descriptor: Int32, _ path: String) -> Bool {
        var (held, named) = (stat(), stat())
        return fstat(descriptor, &held) == 0 && lstat(path, &named) == 0 && held.st_ino == named.st_ino
            && held.st_dev == named.st_dev
    }
}

extension RunFolder {
    /// Throws `RunError` when something in the folder that a run writes is a link to somewhere else: what is written would
    /// go there.
    func refuseLinksOut() throws {
        guard let root = resolved(path) else { return }
        for file in [configuration, options, checkpoint, best, metrics, report, model, safetensors, tensorBoard] {
            var status = stat()
            guard lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { continue }
            guard let target = resolved(file), target.hasPrefix(root + "/") else {
                throw RunError("'\(file)' is a link that leads out of the run's folder")
            }
        }
    }
}

/// The path without links in it; nil where nothing is there.
private func resolved(_ path: String) -> String? {
    guard let place = realpath(path, nil) else { return nil }
    defer { free(place) }
    return String(cString: place)
}
