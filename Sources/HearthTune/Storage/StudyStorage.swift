import Synchronization

/// Where the trials of a study are kept. Every function may be called from any thread.
protocol StudyStorage: Sendable {
    /// All trials in the order of their numbers.
    func trials() throws -> [TrialRecord]
    /// Takes the first waiting trial, or begins a new one; nil when `total` have been taken, however many begin at once.
    func begin(total: Int?) throws -> TrialRecord?
    /// Replaces what is known of a trial that this process has begun.
    func update(_ trial: TrialRecord) throws
    /// Adds a waiting trial with given parameters.
    func enqueue(_ given: [String: ParameterValue]) throws
    /// Marks running trials of programs that are gone as failed, and adds a waiting trial for each that has been tried again
    /// fewer than `maxRetries` times.
    func retryCrashed(maxRetries: Int) throws
}

/// Trials in memory, which end with the program.
final class MemoryStorage: StudyStorage {
    private let state = Mutex<[TrialRecord]>([])

    func trials() -> [TrialRecord] { state.withLock { $0 } }

    func begin(total: Int?) -> TrialRecord? {
        state.withLock { trials in
            if let total, trials.taken >= total { return nil }
            let number = trials.firstIndex { $0.state == .waiting } ?? trials.count
            if number == trials.count { trials.append(TrialRecord(number: number, state: .running)) }
            trials[number].state = .running
            trials[number].started = Clock.now
            return trials[number]
        }
    }

    func update(_ trial: TrialRecord) { state.withLock { $0[trial.number] = trial } }

    func enqueue(_ given: [String: ParameterValue]) {
        state.withLock { $0.append(TrialRecord(number: $0.count, enqueued: given)) }
    }

    /// None has crashed: it would be in this process.
    func retryCrashed(maxRetries: Int) {}
}
