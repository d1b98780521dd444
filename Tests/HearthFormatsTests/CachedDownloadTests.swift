import HearthTensor
import Synchronization
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

import HearthFormats

@Suite struct SHA256Tests {
    /// FIPS 180-4's examples, and lengths around the ends of blocks, from Python's hashlib.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (String(repeating: "a", count: 55), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
        (String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func digestsAsTheStandardSays(text: String, digest: String) {
        let bytes = Array(text.utf8)
        #expect(SHA256.hexDigest(of: bytes) == digest)
        var pieces = SHA256()
        for start in stride(from: 0, to: bytes.count, by: 37_777) {
            pieces.update(Array(bytes[start..<min(start + 37_777, bytes.count)]))
        }
        #expect(pieces.hexadecimal == digest)
    }
}

@Suite(.enabled(if: NativeLibrary.curl.isFound, "libcurl is not installed")) struct CachedDownloadTests {
    private let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 9) }

    private func withServer(
        _ names: [String], _ body: (_ server: TinyServer, _ folder: String) async throws -> Void
    ) async throws {
        let pages = names.map { ("/\($0)", TinyServer.Page(content: content)) }
        let server = TinyServer(Dictionary(uniqueKeysWithValues: pages))
        server.start()
        defer { server.stop() }
        let folder = "/tmp/hearth-cache-\(UInt64.random(in: 0 ... .max))"
        defer { for name in names.flatMap({ ["/\($0)", "/\($0).part"] }) + [""] { remove(folder + name) } }
        try await body(server, folder)
    }

    @Test func aFileIsDownloadedOnceAndChecked() async throws {
        let name = "model-\(SHA256.hexDigest(of: content).prefix(8)).pth"
        try await withServer([name]) { server, folder in
            let last = Mutex((0, 0))
            let path = try await Download.cached(server.url("/" + name), folder: folder, showsProgress: false) {
                done, total in
                last.withLock { $0 = (done, total) }
            }
            #expect(path == "\(folder)/\(name)")
            #expect(try MD5.hexDigest(ofFile: path) == MD5.hexDigest(of: content))
            #expect(last.withLock { $0 } == (content.count, content.count))
            #expect(try await Download.cached(server.url("/" + name), folder: folder, showsProgress: false) == path)
            #expect(server.requests.count == 1)
        }
    }

    @Test func anotherFileUnderTheNameIsRefused() async throws {
        try await withServer(["model-00000000.pth"]) { server, folder in
            let error = await #expect(throws: DownloadError.self) {
                try await Download.cached(server.url("/model-00000000.pth"), folder: folder, showsProgress: false)
            }
            #expect(error?.description.contains("expected 00000000") == true)
            #expect(access(folder + "/model-00000000.pth", F_OK) != 0)
        }
    }

    @Test(arguments: [
        ("resnet18-f37072fd.pth", "f37072fd"), ("mnasnet0.5_top1_67.823-3ffadce67e.pth", "3ffadce67e"),
        ("alexnet-owt-7be5be79.pth", "7be5be79"), ("model.pth", nil), ("my-model.pth", nil), ("a-1234567.pth", nil),
    ])
    func namesCarryDigests(name: String, digest: String?) {
        #expect(Download.digest(in: name) == digest)
    }
}
