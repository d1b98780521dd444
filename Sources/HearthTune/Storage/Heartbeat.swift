import Dispatch

/// Calls a function again and again, on a thread that no trial keeps busy, until it is let go of.
final class Heartbeat: Sendable {
    private let queue = DispatchQueue(label: "hearth.heartbeat")
    /// Set up before anyone else sees it, and then only cancelled.
    nonisolated(unsafe) private let timer: any DispatchSourceTimer

    init(every interval: Duration, _ body: @escaping @Sendable () -> Void) {
        timer = DispatchSource.makeTimerSource(queue: queue)
        let nanoseconds = DispatchTimeInterval.nanoseconds(Int(interval / .nanoseconds(1)))
        timer.schedule(deadline: .now() + nanoseconds, repeating: nanoseconds)
        timer.setEventHandler(handler: body)
        timer.activate()
    }

    deinit { timer.cancel() }
}
