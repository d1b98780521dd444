#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The file beside its target that a download fills: kept when the program is killed, so that the next one goes on
/// where this one stopped, and locked, so that two programs do not write it at once.
final class PartialFile {
    let path: String
    let descriptor: Int32

    /// Opens or creates `target` + `.part` and waits until no other process has it.
    init(for target: String) throws {
        path = target + ".part"
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw FileError.last("create", path) }
            // Some network file systems have no locks. Two downloads at once then mix their bytes, which the checksum
            // finds.
            flock(descriptor, LOCK_EX)
            // The process that held the lock may have renamed or removed the file meanwhile; the descriptor would then
            // be one of a file without a name, so the path is opened again.
            var (held, named) = (stat(), stat())
            if fstat(descriptor, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino {
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
    }

    deinit { close(descriptor) }

    func byteCount() throws -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError.last("examine", path) }
        return Int(status.st_size)
    }

    func empty() throws {
        guard ftruncate(descriptor, 0) == 0 else { throw FileError.last("shorten", path) }
    }

    func remove() { unlink(path) }

    /// Forces the bytes to the disk and gives them the name of the target.
    func finish(as target: String) throws {
        guard fsync(descriptor) == 0 else { throw FileError.last("sync", path) }
        guard rename(path, target) == 0 else { throw FileError.last("replace", target) }
        try AtomicFile.syncFolder(of: target)
    }
}
