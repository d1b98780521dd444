/// A file whose content is not what its format asks for: cut short, damaged, hostile, or of a kind that is not read.
///
///     model.pth: expected a tensor inside its storage of 12 elements, found elements 0 to 99 (at byte 812)
public struct FormatError: Error, Sendable, CustomStringConvertible {
    /// The file, with the part of it in question where it has parts: `model.pth/data.pkl`.
    public let file: String
    /// What the format asks for.
    public let expected: String
    /// What was there instead.
    public let found: String
    /// Where it was, in bytes from the start of `file`, when that helps.
    public let offset: Int?

    /// An error about `file`.
    public init(file: String, expected: String, found: String, offset: Int? = nil) {
        self.file = file
        self.expected = expected
        self.found = found
        self.offset = offset
    }

    /// One line: the file, what was expected, what was found, and where.
    public var description: String {
        let place = offset.map { " (at byte \($0))" } ?? ""
        return "\(file): expected \(expected), found \(found)\(place)".safeInMessages
    }
}
