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

@Suite(.enabled(if: NativeLibrary.curl.isFound, "libcurl is not installed")) struct DownloadTests {
    private let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    private var md5: String { MD5.hexDigest(of: content) }

    /// Downloads from these pages, in order, and hands out what came of it.
    private func download(
        _ pages: KeyValuePairs<String, TinyServer.Page>, md5: String?, part: [UInt8]? = nil,
        _ check: (_ path: String, _ server: TinyServer, _ error: (any Error)?) throws -> Void
    ) async throws {
        let server = TinyServer(Dictionary(uniqueKeysWithValues: pages.map { ($0.key, $0.value) }))
        server.start()
        defer { server.stop() }
        let folder = "/tmp/hearth-download-\(UInt64.random(in: 0 ... .max))"
        let path = "\(folder)/a/b/file.bin"
        defer { for name in ["/a/b/file.bin", "/a/b/file.bin.part", "/a/b", "/a", ""] { remove(folder + name) } }
        if let part {
            try Folder.create(FilePath.folder(of: path))
            try AtomicFile.write(part, to: path + ".part")
        }
        var failure: (any Error)?
        do {
            try await Download.file(
                path, from: pages.map { server.url($0.key) }, md5: md5, showsProgress: false,
                timeouts: .init(connecting: 5, silence: 1))
        } catch {
            failure = error
        }
        try check(path, server, failure)
    }

    private func isWhole(_ path: String) -> Bool {
        (try? MD5.hexDigest(ofFile: path)) == md5 && access(path + ".part", F_OK) != 0
    }

    @Test(arguments: [true, false]) func aFileArrives(checked: Bool) async throws {
        try await download(["/file": .init(content: content)], md5: checked ? md5 : nil) { path, server, error in
            #expect(error == nil && isWhole(path))
            #expect(server.requests == [.init(path: "/file")])
        }
    }

    @Test func afterACutOnlyTheRestIsAskedFor() async throws {
        let page = TinyServer.Page(content: content, cutAfter: 70_000, cuts: 1)
        try await download(["/file": page], md5: md5) { path, server, error in
            #expect(error == nil && isWhole(path), "\(error.debugDescription)")
            #expect(server.requests.map(\.start) == [nil, 70_000])
        }
    }

    @Test func theNextMirrorGoesOnWhereOneWasCut() async throws {
        let cut = TinyServer.Page(content: content, cutAfter: 70_000)
        try await download(["/cut": cut, "/whole": .init(content: content)], md5: md5) { path, server, error in
            #expect(error == nil && isWhole(path), "\(error.debugDescription)")
            #expect(server.requests.last == .init(path: "/whole", start: 70_000))
        }
    }

    @Test func aServerThatIgnoresRangesSendsAllAgain() async throws {
        var page = TinyServer.Page(content: content, cutAfter: 70_000, cuts: 1)
        page.honoursRange = false
        try await download(["/file": page], md5: md5) { path, server, error in
            #expect(error == nil && isWhole(path), "\(error.debugDescription)")
            #expect(server.requests.map(\.start) == [nil, 70_000, nil])
        }
    }

    @Test func whatAnEarlierProgramLeftIsUsed() async throws {
        try await download(["/file": .init(content: content)], md5: md5, part: Array(content[..<150_000])) {
            path, server, error in
            #expect(error == nil && isWhole(path))
            #expect(server.requests.map(\.start) == [150_000])
        }
    }

    @Test func aWholeLeftoverNeedsNoBytes() async throws {
        try await download(["/file": .init(content: content)], md5: md5, part: content) { path, _, error in
            #expect(error == nil && isWhole(path))
        }
    }

    @Test(arguments: [1_000, 300_000]) func aLeftoverOfAnotherFileIsThrownAway(count: Int) async throws {
        let other = [UInt8](repeating: 7, count: count)
        try await download(["/file": .init(content: content)], md5: md5, part: other) { path, server, error in
            #expect(error == nil && isWhole(path), "\(error.debugDescription)")
            #expect(server.requests.map(\.start) == [count, nil])
        }
    }

    @Test func withoutAChecksumNothingIsResumed() async throws {
        try await download(["/file": .init(content: content)], md5: nil, part: [1, 2, 3]) { path, server, error in
            #expect(error == nil && isWhole(path))
            #expect(server.requests.map(\.start) == [nil])
        }
    }

    @Test func everyAddressIsNamedWhenAllFail() async throws {
        let pages: KeyValuePairs<String, TinyServer.Page> = [
            "/missing": .init(status: "404 Not Found"), "/wrong": .init(content: [1, 2, 3]),
            "/broken": .init(status: "500 Internal Server Error"), "/silent": .init(isSilent: true),
        ]
        try await download(pages, md5: md5) { path, server, error in
            let error = try #require(error as? DownloadError)
            #expect(error.path == path && error.attempts.count == 4)
            #expect(error.attempts.map(\.url) == pages.map { server.url($0.key) })
            #expect(error.attempts[0].reason.contains("404") && error.attempts[1].reason.contains("MD5"))
            #expect(error.attempts[2].reason.contains("500"))
            #expect(error.description.contains(server.url("/silent")))
            #expect(access(path, F_OK) != 0 && access(path + ".part", F_OK) != 0)
        }
    }

    @Test func redirectsAreFollowedToTheWebAlone() async throws {
        let here = TinyServer.Page(location: "/file")
        try await download(["/here": here, "/file": .init(content: content)], md5: md5) { path, server, error in
            #expect(error == nil && isWhole(path))
            #expect(server.requests.map(\.path) == ["/here", "/file"])
        }
        try await download(["/file": .init(location: "file:///etc/hostname")], md5: nil) { path, _, error in
            #expect(error is DownloadError && access(path, F_OK) != 0)
        }
        let error = await #expect(throws: DownloadError.self) {
            try await Download.file("/tmp/hearth-never", from: ["file:///etc/hostname"], showsProgress: false)
        }
        #expect(error?.attempts.count == 1)
    }

    @Test func aFileThatIsThereIsLeftAlone() async throws {
        let server = TinyServer(["/file": .init(content: content)])
        server.start()
        defer { server.stop() }
        let path = "/tmp/hearth-there-\(UInt64.random(in: 0 ... .max))"
        defer { remove(path) }
        // Two at once: one downloads, the other waits for it.
        let (url, md5) = (server.url("/file"), md5)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask { try await Download.file(path, from: [url], md5: md5, showsProgress: false) }
            }
            try await group.waitForAll()
        }
        #expect(isWhole(path) && server.requests.count == 1)
    }

    @Test func cancellingStops() async throws {
        let server = TinyServer(["/silent": .init(isSilent: true)])
        server.start()
        defer { server.stop() }
        let path = "/tmp/hearth-cancelled-\(UInt64.random(in: 0 ... .max))"
        defer { remove(path + ".part") }
        let url = server.url("/silent")
        let task = Task { try await Download.file(path, from: [url], showsProgress: false) }
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aFolderThatCannotBeWrittenIsNamed() async throws {
        let error = await #expect(throws: FileError.self) {
            try await Download.file("/dev/null/a/b", from: ["http://127.0.0.1:1/"], showsProgress: false)
        }
        #expect(error?.path == "/dev/null/a")
    }
}
