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
    /// SHA-256 and checked when it arrives and whenever it is asked for, as PyTorch's `torch.hub` does.
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
        let digest = digest(in: name)
        // Where a checksum is known, a file that is there is checked as well: it may have been put there by others.
        if Folder.hasFile(path), digest == nil { return path }
        try await file(path, from: [url], sha256: digest, showsProgress: showsProgress, progress: progress)
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
