import HearthFormats

/// What is wrong with a file of layers, with its place.
///
///     net.yaml:7:12: unknown option 'out_chanels' of Conv2d; did you mean 'out_channels'?
public struct DescriptionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let file: String
    /// Where the mistake is.
    public let place: Place
    /// What was expected and what was found.
    public let rule: String

    /// A place in a text; lines and columns begin at 1.
    public struct Place: Hashable, Sendable {
        /// The line.
        public let line: Int
        /// The character of the line.
        public let column: Int
    }

    /// One line: the file, the line, the column, and what is wrong.
    public var description: String { "\(file):\(place.line):\(place.column): \(rule)".safeInMessages }
}
