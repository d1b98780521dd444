#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Shows on standard error how far a download is: a bar where that is a terminal, else one line at the end.
final class DownloadProgress {
    private let name: String
    private let isShown: Bool
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var lastPercent = -1
    private var done = 0

    private static let width = 30

    init(_ name: String, isShown: Bool) {
        self.name = name
        self.isShown = isShown
    }

    func report(_ done: Int, _ total: Int) {
        self.done = done
        guard isShown, isTerminal, total > 0 else { return }
        let percent = min(done * 100 / total, 100)
        guard percent != lastPercent else { return }
        lastPercent = percent
        let full = percent * Self.width / 100
        let bar = String(repeating: "█", count: full) + String(repeating: "·", count: Self.width - full)
        let number = String(repeating: " ", count: 3 - String(percent).count) + "\(percent)"
        show("\r\(name) \(bar) \(number) % of \(Self.size(total))")
    }

    func finish() {
        guard isShown else { return }
        show(isTerminal && lastPercent >= 0 ? "\n" : "downloaded \(name) (\(Self.size(done)))\n")
    }

    /// Leaves the bar's line, for an error to follow.
    func stop() {
        if isShown, isTerminal, lastPercent >= 0 { show("\n") }
        lastPercent = -1
    }

    /// Three digits are enough: `9.91 MB`.
    private static func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1_000: "\(bytes) bytes"
        case ..<1_000_000: "\(tenths(bytes, 1_000)) kB"
        default: "\(tenths(bytes, 1_000_000)) MB"
        }
    }

    private static func tenths(_ bytes: Int, _ unit: Int) -> String {
        "\(bytes / unit).\(bytes % unit * 10 / unit)"
    }

    private func show(_ text: String) {
        let bytes = Array(text.utf8)
        // Errors are ignored: a closed standard error must not stop the download.
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
