#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Waits for another program that writes to a study file, and says so once a second has gone by.
final class Waiting {
    private let path: String
    private let patience: Double
    private var start = 0.0
    private var hasSaid = false

    init(_ path: String, patience: Double) { (self.path, self.patience) = (path, patience) }

    /// What SQLite calls before each attempt; 0 gives up.
    static let goesOn: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Int32 = { context, attempts in
        guard let context else { return 0 }
        return Unmanaged<Waiting>.fromOpaque(context).takeUnretainedValue().waits(attempts) ? 1 : 0
    }

    private func waits(_ attempts: Int32) -> Bool {
        if attempts == 0 { start = Clock.now }
        let time = Clock.now - start
        guard time < patience else { return false }
        if time > 1, !hasSaid {
            hasSaid = true
            let bytes = Array("waiting for another program that writes to '\(path)'\n".utf8)
            _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
        usleep(UInt32.random(in: 1000...20_000))
        return true
    }
}
