// The C library declares `stdout` as a variable; nobody sets it.
#if canImport(Glibc)
    @preconcurrency import Glibc
#elseif canImport(Musl)
    @preconcurrency import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where results are printed.
enum StandardOutput {
    /// Makes lines reach a pipe when they are whole, not when the program ends; a reader that has seen enough, as `head`
    /// has, ends its pipe and not the program.
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        setvbuf(stdout, nil, _IOLBF, 0)
    }

    /// True when something that was printed could not be written, as on a full disk or into a pipe that nobody reads.
    static var hasFailed: Bool { fflush(stdout) != 0 || ferror(stdout) != 0 }
}
