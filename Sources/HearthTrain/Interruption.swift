import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Turns Ctrl-C (SIGINT), SIGTERM and the end of a terminal (SIGHUP) into a request that training answers after the batch
/// at hand: it saves a checkpoint and stops. A second Ctrl-C ends the program at once.
public enum Interruption {
    /// The signal that came first; 0 while none has. A request by `request()` counts as Ctrl-C.
    private static let received = Atomic<Int32>(0)
    private static let installed = Atomic<Bool>(false)

    /// Starts to listen; more calls change nothing.
    public static func listen() {
        guard !installed.exchange(true, ordering: .relaxed) else { return }
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, handler) }
    }

    /// True once the user has asked to stop.
    public static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

    /// With what a program ends that was asked to stop: 128 and the number of the signal, as shells count; 130 for
    /// Ctrl-C.
    public static var exitCode: Int32 { 128 + (isRequested ? received.load(ordering: .relaxed) : SIGINT) }

    /// Asks to stop, as Ctrl-C does.
    public static func request() { received.store(SIGINT, ordering: .relaxed) }

    /// Forgets a request.
    public static func reset() { received.store(0, ordering: .relaxed) }

    /// Only an atomic store happens in the handler, which is all that may.
    private static let handler: @convention(c) (Int32) -> Void = { number in
        received.store(number, ordering: .relaxed)
        signal(number, SIG_DFL)
    }
}
