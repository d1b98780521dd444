#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The terminal that standard error is shown on.
public struct Terminal: Sendable, Hashable {
    /// How many characters fit side by side.
    public let columns: Int
    /// How many lines fit.
    public let rows: Int

    /// A terminal of a size.
    public init(columns: Int = 80, rows: Int = 24) { (self.columns, self.rows) = (columns, rows) }

    /// False where the environment has `NO_COLOR` (<https://no-color.org>).
    package static var showsColours: Bool { getenv("NO_COLOR").map { $0.pointee == 0 } ?? true }

    /// The terminal as it is now; nil where standard error goes elsewhere, or to one that cannot move its cursor.
    public static var current: Terminal? {
        guard isatty(STDERR_FILENO) == 1, getenv("TERM").map({ String(cString: $0) }) != "dumb" else { return nil }
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return Terminal()
        }
        return Terminal(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
}

private let writeBytes: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = { write($0, $1, $2) }

/// The last lines on a terminal, which are drawn anew again and again while others scroll away above them.
struct TerminalFooter {
    private var height = 0

    /// Draws the lines in the place of those that stand there.
    mutating func draw(_ lines: [String]) {
        Self.write(toTop + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J")
        height = lines.count
    }

    /// Writes a line that stays, where the footer begins; the footer is gone until it is drawn again.
    mutating func scroll(_ line: String) {
        Self.write(toTop + "\u{1B}[J" + line + "\n")
        height = 0
    }

    /// Leaves what stands there, and begins a line below, after an empty one where there is more than a bar.
    mutating func leave() {
        if height > 0 { Self.write(height > 1 ? "\n\n" : "\n") }
        height = 0
    }

    /// To the beginning of the first line.
    private var toTop: String { "\r" + (height > 1 ? "\u{1B}[\(height - 1)A" : "") }

    /// Writes on standard error. What cannot be shown is no reason to stop training.
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { writeBytes(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
