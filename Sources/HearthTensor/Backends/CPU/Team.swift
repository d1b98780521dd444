import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The threads that all loops of the processor's backend run on.
///
/// They are libgomp's where it is found, because oneDNN runs on those and they spin for a while after each loop: a
/// second set would fight them for the same cores. Elsewhere a small pool of our own does the same.
package struct Team: Sendable {
    package static let shared = Team()

    private init() {
        hk_team_set_size(Int32(clamping: Self.initialSize))
        let library = NativeLibrary.openMP
        guard
            let parallel = library.function("GOMP_parallel", as: Parallel.self),
            let number = library.function("omp_get_thread_num", as: Number.self),
            let count = library.function("omp_get_num_threads", as: Number.self),
            let setCount = library.function("omp_set_num_threads", as: SetNumber.self)
        else { return }
        hk_team_use_openmp(
            hk_openmp(parallel: parallel, thread_number: number, thread_count: count, set_thread_count: setCount))
    }

    private typealias Parallel =
        @convention(c) ((@convention(c) (UnsafeMutableRawPointer?) -> Void)?, UnsafeMutableRawPointer?, UInt32, UInt32)
        -> Void
    private typealias Number = @convention(c) () -> Int32
    private typealias SetNumber = @convention(c) (Int32) -> Void

    /// `HEARTH_NUM_THREADS`, or the number of processors that are online.
    private static var initialSize: Int {
        if let text = getenv("HEARTH_NUM_THREADS"), let count = Int(String(cString: text)), count > 0 { return count }
        return max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)
    }

    /// The number of threads, the caller's included.
    var size: Int {
        get { Int(hk_team_size()) }
        nonmutating set { hk_team_set_size(Int32(clamping: newValue)) }
    }

    /// Tells OpenMP the team's size on behalf of a library that the calling thread is about to call.
    func adopt() { hk_team_adopt() }

    /// Calls `body` with ranges that together are `0..<count`, at the same time on several threads if each gets at
    /// least `grain`. Small work, and work inside another parallel loop, runs on the calling thread.
    @inline(__always)
    package func parallel(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
        if count < 2 * grain {
            if count > 0 { body(0..<count) }
        } else {
            spread(count, grain: grain, body)
        }
    }

    @inline(never)
    private func spread(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
        withoutActuallyEscaping(body) { body in
            var body = body
            withUnsafeMutablePointer(to: &body) { pointer in
                hk_parallel(
                    Int64(count), Int64(grain),
                    { context, start, end in
                        context.unsafelyUnwrapped.assumingMemoryBound(to: ((Range<Int>) -> Void).self)
                            .pointee(Int(start)..<Int(end))
                    }, pointer)
            }
        }
    }
}

/// The threads that operations on the processor use.
public enum Threads {
    /// How many threads one operation runs on, the caller's included. At first the environment variable
    /// `HEARTH_NUM_THREADS`, or the number of processors; PyTorch's `torch.set_num_threads`. Results do not depend
    /// on it, but for the rounding of matrix products in a library.
    public static var count: Int {
        get { Team.shared.size }
        set {
            guard newValue > 0 else { fatalError("Threads.count must be positive; got \(newValue)") }
            Team.shared.size = newValue
        }
    }
}
