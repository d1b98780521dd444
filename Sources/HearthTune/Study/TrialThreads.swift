import Dispatch

/// Threads for trials, as many as are needed: an objective computes for minutes, and would keep other tasks waiting on the
/// few threads that Swift has for all of them.
final class TrialThreads: TaskExecutor {
    static let shared = TrialThreads()
    private let queue = DispatchQueue(label: "hearth.trials", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
