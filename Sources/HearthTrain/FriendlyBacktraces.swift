#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes the report of a mistake that stops the program the message and the program's own lines, without registers and
/// loaded files: Swift's `SWIFT_BACKTRACE=preset=friendly`.
///
///     useFriendlyBacktraces()   // the first line of a program
///
/// Swift reads the variable when a program starts, so the program is started again with it, in its place. Does nothing
/// where the variable is set already, and on systems other than Linux.
public func useFriendlyBacktraces() {
    #if os(Linux)
        guard getenv("SWIFT_BACKTRACE") == nil else { return }
        setenv("SWIFT_BACKTRACE", "preset=friendly", 0)
        // Where it cannot be started again, it goes on as it is.
        execv("/proc/self/exe", CommandLine.unsafeArgv)
    #endif
}
