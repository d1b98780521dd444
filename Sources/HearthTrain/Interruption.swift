import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Turns Ctrl-C (SIGINT) and SIGTERM into a request that training answers after the batch at hand: it saves a
/// checkpoint and stops. A second Ctrl-C ends the program at once.
public enum Interruption {
    private static let requested = Atomic<Bool>(false)
    private static let installed = Atomic<Bool>(false)

    /// Starts to listen; more calls change nothing.
    public static func listen() {
        guard !installed.exchange(true, ordering: .relaxed) else { return }
        for number in [SIGINT, SIGTERM] { signal(number, handler) }
    }

    /// True once the user has asked to stop.
    public static var isRequested: Bool { requested.load(ordering: .relaxed) }

    /// Asks to stop, as Ctrl-C does.
    public static func request() { requested.store(true, ordering: .relaxed) }

    /// Forgets a request.
    public static func reset() { requested.store(false, ordering: .relaxed) }

    /// Only an atomic store happens in the handler, which is all that may.
    private static let handler: @convention(c) (Int32) -> Void = { number in
        requested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
    }
}
