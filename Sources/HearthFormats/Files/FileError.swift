#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A call to the operating system about a file that failed: no such file, no permission, a full disk.
public struct FileError: Error, Sendable, CustomStringConvertible {
    /// The file or folder.
    public let path: String
    /// What was being done: `open`, `write`.
    public let action: String
    /// The system's error number, as in `errno.h`.
    public let code: Int32

    /// The system's message: `No space left on device`.
    public var reason: String { String(cString: strerror(code)) }

    /// One line: the action, the path and the system's message.
    public var description: String { "cannot \(action) '\(path)': \(reason)" }

    /// The error that the last system call of this thread left behind.
    package static func last(_ action: String, _ path: String) -> FileError {
        FileError(path: path, action: action, code: errno)
    }
}
