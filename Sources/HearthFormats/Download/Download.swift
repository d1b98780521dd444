import Dispatch
import HearthTensor

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Gets files over HTTP and HTTPS, from several mirrors, checked and whole.
///
///     try await Download.file(
///         "data/MNIST/raw/t10k-labels-idx1-ubyte.gz",
///         from: ["https://a.org/t10k-labels-idx1-ubyte.gz", "https://b.org/t10k-labels-idx1-ubyte.gz"],
///         md5: "ec29112dd5afa0611ce80d1b7f02629c")
///
/// Addresses are HTTPS, and so is what they redirect to; plain HTTP is taken with a whole SHA-256 alone, and from this
/// machine. The mirrors are tried in order. The bytes go to a file with `.part` at the end of its name; when a line is cut, or
/// the program is killed, the next attempt asks for the rest alone. The file gets its name when its MD5 is right. This
/// is done by libcurl, which is opened when the first download starts (see `NativeLibrary.curl`).
public enum Download {
    /// When a server is given up.
    public struct Timeouts: Sendable {
        /// The seconds that a connection may take to come about.
        public var connecting: Int
        /// The seconds in which nothing arrives.
        public var silence: Int

        /// By default 20 seconds to connect, and 30 of silence.
        public init(connecting: Int = 20, silence: Int = 30) {
            self.connecting = connecting
            self.silence = silence
        }
    }

    /// Is told how many bytes are there, and how many there will be (0 while the server has not said).
    public typealias Progress = @Sendable (_ done: Int, _ total: Int) -> Void

    /// Downloads the file at `path` from the first of `urls` that gives it. Its folder is created.
    ///
    /// A file that is there already with the right checksum is left as it is. Without a checksum the file is downloaded
    /// anew, from its start.
    ///
    /// - Parameters:
    ///   - path: Where the file goes.
    ///   - urls: Its addresses, the best first.
    ///   - md5: The MD5 of the file as 32 hexadecimal digits.
    ///   - sha256: The SHA-256 of the file in hexadecimal digits, or its beginning.
    ///   - showsProgress: Whether standard error shows a bar (on a terminal) or a line at the end.
    ///   - timeouts: When a server is given up.
    ///   - progress: Is called on a thread of the download whenever bytes have come.
    ///
    /// Throws `DownloadError` with every address and what went wrong there, `FileError` when the file cannot be
    /// written, and `CancellationError`.
    public static func file(
        _ path: String, from urls: [String], md5: String? = nil, sha256: String? = nil, showsProgress: Bool = true,
        timeouts: Timeouts = Timeouts(), progress: Progress? = nil
    ) async throws {
        let isCancelled = Flag()
        let job = Job(
            path: path, urls: urls, checksum: FileChecksum(md5: md5, sha256: sha256), showsProgress: showsProgress,
            timeouts: timeouts, report: progress, isCancelled: isCancelled)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                // libcurl waits on sockets, which Swift's own threads must not do.
                DispatchQueue.global().async { continuation.resume(with: Result { try job.run() }) }
            }
        } onCancel: {
            isCancelled.set()
        }
    }
}

extension Download {
    /// True for an address on this very machine.
    package static func isThisMachine(_ url: String) -> Bool {
        guard url.lowercased().hasPrefix("http://") else { return false }
        let host = url.dropFirst("http://".count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !host.contains("@") else { return false }
        let name = host.hasPrefix("[") ? host.dropFirst().prefix { $0 != "]" } : host.prefix { $0 != ":" }
        return ["localhost", "127.0.0.1", "::1"].contains(String(name))
    }
}

/// One file to download.
private struct Job: Sendable {
    let path: String
    let urls: [String]
    let checksum: FileChecksum?
    let showsProgress: Bool
    let timeouts: Download.Timeouts
    let report: Download.Progress?
    let isCancelled: Flag

    /// How often one mirror is asked again for the rest after the line was cut.
    private static let resumptions = 3

    func run() throws {
        // What is there already needs no library.
        if let checksum, access(path, F_OK) == 0, try checksum.mismatch(path) == nil { return }
        guard let curl = Curl.shared else {
            let library = NativeLibrary.curl
            let reason = "libcurl was not found (\(library.installation)); \(library.problem ?? "it lacks functions")"
            throw DownloadError(path: path, attempts: urls.map { .init(url: $0, reason: reason) })
        }
        let made = try Folder.create(FilePath.folder(of: path))
        do { try fill(with: curl) } catch {
            // A folder that was made in vain is not left behind; one with something in it stays.
            for folder in made.reversed() { rmdir(folder) }
            throw error
        }
    }

    /// Brings the file from the first address that gives it.
    private func fill(with curl: Curl) throws {
        let part = try PartialFile(for: path)
        // Another process may have brought the file while this one waited for the lock.
        if let checksum, access(path, F_OK) == 0, try checksum.mismatch(path) == nil {
            part.remove()
            return
        }
        // Without a checksum nothing tells whether the bytes of an earlier attempt belong to the same file.
        if checksum == nil { try part.empty() }
        let progress = DownloadProgress(FilePath.name(of: path), isShown: showsProgress)
        var attempts: [DownloadError.Attempt] = []
        for url in urls {
            if let reason = transport(of: url) {
                attempts.append(.init(url: url, reason: reason))
                continue
            }
            guard let reason = try fetch(url, into: part, curl, progress) else {
                try part.finish(as: path)
                progress.finish()
                return
            }
            progress.stop()
            attempts.append(.init(url: url, reason: reason))
            if checksum == nil { try part.empty() }
        }
        if try part.byteCount() == 0 { part.remove() }
        throw DownloadError(path: path, attempts: attempts)
    }

    /// Why an address is not asked; nil when it may be. What comes over plain HTTP can have been changed on its way, so it
    /// must have a SHA-256; MD5 does not withstand an attacker.
    private func transport(of url: String) -> String? {
        if url.lowercased().hasPrefix("https://") || Download.isThisMachine(url) { return nil }
        return checksum?.isProof == true ? nil : "not HTTPS, and no SHA-256 tells whether what comes is right"
    }

    /// Fills `part` from one mirror. Returns why that failed, nil when the file is right.
    private func fetch(
        _ url: String, into part: PartialFile, _ curl: Curl, _ progress: DownloadProgress
    ) throws -> String? {
        var resumptionsLeft = checksum == nil ? 0 : Self.resumptions
        while true {
            let start = try part.byteCount()
            let transfer = Transfer(
                descriptor: part.descriptor, path: part.path, start: start, isCancelled: isCancelled,
                report: { done, total in
                    progress.report(done, total)
                    report?(done, total)
                })
            switch try transfer.run(url, with: curl, timeouts: timeouts) {
            case .finished:
                guard let problem = try checksum?.mismatch(part.path) else { return nil }
                try part.empty()
                // What an earlier attempt left may have been of another file.
                if start == 0 { return problem }
            case .notResumable(let reason):
                // The partial file may be complete already, so that there are no more bytes for the server to send.
                if let checksum, try checksum.mismatch(part.path) == nil { return nil }
                try part.empty()
                if start == 0 { return reason }
            case .interrupted(let reason):
                guard resumptionsLeft > 0, try part.byteCount() > start else { return reason }
                resumptionsLeft -= 1
            case .failed(let reason):
                return reason
            }
        }
    }
}

/// What tells that a file is the right one.
private struct FileChecksum: Sendable {
    private let name: String
    private let expected: String
    private let digest: @Sendable (_ path: String) throws -> String

    /// Nil when neither is known.
    init?(md5: String?, sha256: String?) {
        if let sha256 {
            (name, expected) = ("SHA-256", sha256.lowercased())
            digest = { try SHA256.hexDigest(ofFile: $0) }
        } else if let md5 {
            (name, expected) = ("MD5", md5.lowercased())
            digest = { try MD5.hexDigest(ofFile: $0) }
        } else {
            return nil
        }
    }

    /// True for a whole SHA-256, which nobody can find another file for.
    var isProof: Bool { name == "SHA-256" && expected.count == 64 }

    /// Why the file is not the right one, nil when it is.
    func mismatch(_ path: String) throws -> String? {
        let found = try digest(path)
        guard !found.hasPrefix(expected) else { return nil }
        return "\(name) \(found), expected \(expected): the file is another, or damaged"
    }
}
