import HearthTensor
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

import HearthFormats

/// Files that need not end are refused by every reader, and a pipe is not waited for.
@Suite struct EndlessFileTests {
    @Test func everyReaderRefusesPipesAndDevices() throws {
        let folder = "/tmp/hearth-endless-\(UInt64.random(in: 0 ... .max))"
        try Folder.create(folder)
        defer { rmdir(folder) }
        let readers: [(String, (String) throws -> Void)] = [
            ("pth", { _ = try StateDict(contentsOf: $0) }), ("safetensors", { _ = try StateDict(contentsOf: $0) }),
            ("npz", { _ = try StateDict(contentsOf: $0) }), ("npy", { _ = try NPY.read($0) }),
            ("idx", { _ = try IDX.read($0) }), ("csv", { _ = try CSV(contentsOf: $0) }),
            ("gz", { _ = try Gzip.decompress(contentsOf: $0, limit: 1000) }),
            ("md5", { _ = try MD5.hexDigest(ofFile: $0) }), ("sha256", { _ = try SHA256.hexDigest(ofFile: $0) }),
        ]
        for (ending, read) in readers {
            let (pipe, device) = ("\(folder)/pipe.\(ending)", "\(folder)/zero.\(ending)")
            try #require(mkfifo(pipe, 0o600) == 0 && symlink("/dev/zero", device) == 0)
            defer { for path in [pipe, device] { unlink(path) } }
            for path in [pipe, device] {
                #expect(throws: FormatError.self, "\(path)") { try read(path) }
            }
        }
    }
}
