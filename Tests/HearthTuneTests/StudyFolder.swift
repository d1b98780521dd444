#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Runs `body` with the name of a file in a folder of its own, which is gone afterwards.
func withFile(_ body: (String) async throws -> Void) async throws {
    var template = Array("/tmp/hearth-tune-XXXXXX".utf8CString)
    let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    defer {
        for ending in ["", "-wal", "-shm"] { unlink("\(folder)/study.sqlite\(ending)") }
        rmdir(folder)
    }
    try await body("\(folder)/study.sqlite")
}
