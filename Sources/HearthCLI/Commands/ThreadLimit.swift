import Hearth
import HearthRuns

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many threads a machine can make use of.
enum ThreadLimit {
    /// Twice the processors: more only wait for each other.
    static let most = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) * 2

    /// Sets the threads of operations; more than a machine can use are cut, with a word.
    static func set(_ wanted: Int) {
        if wanted > most { note("\(wanted) threads are more than this machine can use; going on with \(most)") }
        Threads.count = min(wanted, most)
    }

    /// Does the same for what the environment says, before it is read.
    static func checkEnvironment() {
        let name = "HEARTH_NUM_THREADS"
        guard let text = getenv(name).map({ String(cString: $0) }) else { return }
        guard let wanted = Int(text), wanted > 0 else {
            note("\(name) must be a number above 0, not '\(text.prefix(80))'; going on without")
            unsetenv(name)
            return
        }
        guard wanted > most else { return }
        note("\(name)=\(wanted) is more than this machine can use; going on with \(most)")
        setenv(name, String(most), 1)
    }
}
