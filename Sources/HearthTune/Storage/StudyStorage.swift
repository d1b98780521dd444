import Synchronization

/// Where the trials of a study are kept. Every function may be called from any thread.
protocol StudyStorage: Sendable {
    /// All trials in the order of their numbers.
    func trials() throws -> [TrialRecord]
    /// Takes the first waiting trial, or begins a new one.
    func begin() throws -> TrialRecord
    /// Replaces what is known of a trial that this process has begun.
    func update(_ trial: TrialRecord) throws
    /// Adds a waiting trial with given parameters.
    func enqueue(_ given: [String: ParameterValue], retries: Int) throws
    /// Marks running trials of processes that are gone as failed, and gives them.
    func markCrashed() throws -> [TrialRecord]
}

/// Trials in memory, which end with the program.
final class MemoryStorage: StudyStorage {
    private let state = Mutex<[TrialRecord]>([])

    func trials() -> [TrialRecord] { state.withLock { $0 } }

    func begin() -> TrialRecord {
        state.withLock { trials in
            if let index = trials.firstIndex(where: { $0.state == .waiting }) {
                trials[index].state = .running
                trials[index].started = Clock.now
                return trials[index]
            }
            var trial = TrialRecord(number: trials.count, state: .running)
            trial.started = Clock.now
            trials.append(trial)
            return trial
        }
    }

    func update(_ trial: TrialRecord) { state.withLock { $0[trial.number] = trial } }

    func enqueue(_ given: [String: ParameterValue], retries: Int) {
        state.withLock { trials in
            var trial = TrialRecord(number: trials.count, state: .waiting)
            trial.given = given
            trial.retries = retries
            trials.append(trial)
        }
    }

    /// None: they would be in this process.
    func markCrashed() -> [TrialRecord] { [] }
}
