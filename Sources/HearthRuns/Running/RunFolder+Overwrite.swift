#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension RunFolder {
    /// Takes away the files of the run that was here, and nothing else, so that another one can take its place.
    func removeRun() throws {
        for path in [configuration, options, checkpoint, best, metrics, report, model, safetensors] {
            guard unlink(path) == 0 || errno == ENOENT else {
                throw RunError("cannot remove '\(path)': \(String(cString: strerror(errno)))")
            }
        }
    }
}
