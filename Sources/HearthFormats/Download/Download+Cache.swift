#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension Download {
    /// The path of a file that is downloaded once and kept.
    ///
    ///     let path = try await Download.cached("https://download.pytorch.org/models/resnet18-f37072fd.pth")
    ///
    /// Digits between the last hyphen and the extension of its name, eight or more, are taken for the beginning of its
    /// SHA-256 and checked when it arrives, as PyTorch's `torch.hub` does.
    ///
    /// - Parameters:
    ///   - url: Its address.
    ///   - folder: Where it is kept; by default `cacheFolder` with `/checkpoints`.
    ///   - showsProgress: Whether standard error shows how far the download is.
    ///   - progress: Is called whenever bytes have come.
    ///
    /// Throws `DownloadError`, `FileError` and `CancellationError`.
    public static func cached(
        _ url: String, folder: String? = nil, showsProgress: Bool = true, progress: Progress? = nil
    ) async throws -> String {
        let name = FilePath.name(of: String(url.prefix { $0 != "?" && $0 != "#" }))
        let path = "\(folder ?? cacheFolder + "/checkpoints")/\(name)"
        // A file gets its final name only after its checksum was right, so it need not be checked again.
        if Folder.hasFile(path) { return path }
        try await file(path, from: [url], sha256: digest(in: name), showsProgress: showsProgress, progress: progress)
        return path
    }

    /// Where downloads are kept: the environment's `HEARTH_CACHE`, else `hearth` in `XDG_CACHE_HOME`, else
    /// `~/.cache/hearth`.
    public static var cacheFolder: String {
        func variable(_ name: String) -> String? {
            guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
            return value
        }
        return variable("HEARTH_CACHE") ?? variable("XDG_CACHE_HOME").map { "\($0)/hearth" }
            ?? "\(variable("HOME") ?? ".")/.cache/hearth"
    }

    /// The beginning of a digest in a file's name: `f37072fd` in `resnet18-f37072fd.pth`.
    package static func digest(in name: String) -> String? {
        guard let hyphen = name.lastIndex(of: "-") else { return nil }
        let digits = name[name.index(after: hyphen)...].prefix { $0 != "." }
        return digits.count >= 8 && digits.allSatisfy { "0123456789abcdef".contains($0) } ? String(digits) : nil
    }
}
