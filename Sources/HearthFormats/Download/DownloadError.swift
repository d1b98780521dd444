/// A file that no address would give.
///
///     cannot download 'data/MNIST/raw/t10k-labels-idx1-ubyte.gz':
///       https://a.org/t10k-labels-idx1-ubyte.gz: The requested URL returned error: 404
///       https://b.org/t10k-labels-idx1-ubyte.gz: MD5 ec29…, expected 8b1a…: the file is another, or damaged
public struct DownloadError: Error, Sendable, CustomStringConvertible {
    /// One address and why it did not give the file.
    public struct Attempt: Sendable {
        /// The address.
        public let url: String
        /// Why it did not give the file.
        public let reason: String
    }

    /// Where the file should have gone.
    public let path: String
    /// Every address that was tried, in order.
    public let attempts: [Attempt]

    /// The file, and a line for each address with what went wrong there.
    public var description: String {
        attempts.reduce("cannot download '\(path)':") { "\($0)\n  \($1.url): \($1.reason)" }
    }
}
