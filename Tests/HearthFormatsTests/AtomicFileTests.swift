import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

import HearthFormats

@Suite struct AtomicFileTests {
    private struct Interrupted: Error {}

    private func content(_ path: String) throws -> [UInt8] {
        let source = try ByteSource(path: path)
        return try source.bytes(at: 0, count: source.byteCount)
    }

    @Test func replacesAFile() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a"
            try AtomicFile.write([1, 2], to: path)
            let large = [UInt8](repeating: 7, count: 200_000)
            try AtomicFile.write(to: path) { file in
                try file.write([3])
                try file.write(large)
                try file.write("end")
                #expect(file.position == 200_004)
            }
            #expect(try content(path) == [3] + large + Array("end".utf8))
            #expect(fileNames(in: folder) == ["a"])
        }
    }

    @Test func leavesTheOldFileWhenTheWriterFails() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a"
            try AtomicFile.write([1, 2], to: path)
            #expect(throws: Interrupted.self) {
                try AtomicFile.write(to: path) { file in
                    try file.write([9])
                    throw Interrupted()
                }
            }
            #expect(try content(path) == [1, 2])
            #expect(fileNames(in: folder) == ["a"])
        }
    }

    @Test func keepsModesAndFollowsLinks() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write([1], to: "\(folder)/a")
            chmod("\(folder)/a", 0o640)
            symlink("\(folder)/a", "\(folder)/link")
            try AtomicFile.write([2], to: "\(folder)/link")
            #expect(try content("\(folder)/a") == [2])
            var status = stat()
            lstat("\(folder)/link", &status)
            #expect(status.st_mode & S_IFMT == S_IFLNK)
            stat("\(folder)/a", &status)
            #expect(status.st_mode & 0o777 == 0o640)
        }
    }

    @Test func saysWhatTheSystemSaid() {
        #expect(message { try AtomicFile.write([1], to: "/nowhere/a") }.contains("'/nowhere/a': No such file"))
        #if os(Linux)
            // A file system without room: every write to /dev/full fails, but a folder is needed, so /proc stands in.
            #expect(message { try AtomicFile.write([1], to: "/proc/a") } != "")
        #endif
    }

    /// A limit on the size of files stands in for a full disk. It holds for the whole process, so it is set in a child.
    @Test func leavesTheOldFileWhenTheDiskIsFull() async throws {
        await #expect(processExitsWith: .success) {
            try withTemporaryFolder { folder in
                let path = "\(folder)/a"
                try AtomicFile.write([1, 2], to: path)
                signal(SIGXFSZ, SIG_IGN)
                var limit = rlimit(rlim_cur: 1 << 16, rlim_max: rlim_t.max)
                #if canImport(Glibc)
                    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                #else
                    setrlimit(RLIMIT_FSIZE, &limit)
                #endif
                let failure = message { try AtomicFile.write([UInt8](repeating: 0, count: 1 << 20), to: path) }
                guard failure.contains("cannot write"), fileNames(in: folder) == ["a"],
                    try MD5.hexDigest(ofFile: path) == MD5.hexDigest(of: [1, 2])
                else { exit(1) }
            }
        }
    }
}
