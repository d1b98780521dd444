import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// What looks at every operation of a thread. The door reads one byte to learn that nothing does.

/// Runs `body` with a scope that the door finds in the thread's state while it runs.
func withWatch<Scope: AnyObject, Result>(
    _ place: WritableKeyPath<hk_thread_state, UnsafeMutableRawPointer?>, _ scope: Scope, _ body: () throws -> Result
) rethrows -> Result {
    let thread = hk_thread()!
    let outer = thread.pointee[keyPath: place]
    thread.pointee[keyPath: place] = Unmanaged.passUnretained(scope).toOpaque()
    thread.pointee.watched = true
    defer {
        thread.pointee[keyPath: place] = outer
        thread.pointee.updateWatched()
    }
    return try withExtendedLifetime(scope, body)
}

extension hk_thread_state {
    /// Whether `HEARTH_LOG` asks for a line for each operation.
    private static let wantsLog =
        getenv("HEARTH_LOG").map { String(cString: $0).split(separator: ",").contains("ops") } ?? false

    /// Works out whether anything looks at the operations of this thread.
    fileprivate mutating func updateWatched() {
        watched =
            !environment_read || logs || shape_scope != nil || anomaly_scope != nil || profile_scope != nil
            || trace_scope != nil
    }

    /// Learns once for a thread whether `HEARTH_LOG` asks for a line for each operation.
    mutating func readEnvironment() {
        if environment_read { return }
        environment_read = true
        logs = Self.wantsLog
        updateWatched()
    }
}
