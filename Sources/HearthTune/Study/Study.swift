import Synchronization

/// A search for good parameters: trials of an objective, chosen by a sampler and stopped early by a pruner.
///
///     let study = try Study("mnist", storage: "tune.sqlite", direction: .maximize, sampler: .tpe(seed: 0), pruner: .median())
///     try await study.optimize(trials: 50, parallel: 2) { trial in
///         let hidden = trial.suggestInt("hidden", 32...512, log: true)
///         let rate = trial.suggestFloat("lr", 1e-4...1e-1, log: true)
///         …
///         try trial.report(accuracy, step: epoch)
///         return accuracy
///     }
///     print(study.bestParameters)
///
/// With a storage, trials are in a file of SQLite: a program that was killed goes on where it was, and several programs
/// may work on one study. Optuna's `Study`.
public final class Study: Sendable {
    /// Tells studies of one file apart.
    public let name: String
    /// Whether small or large values are good, for each value of the objective.
    public let directions: [Direction]
    private let storage: any StudyStorage
    private let sampler: any Sampler
    private let pruner: any Pruner
    private let maxRetries: Int
    /// What could not be stored where nothing could be thrown.
    private let failure = Mutex<StudyError?>(nil)

    /// A study of one value.
    ///
    /// - Parameters:
    ///   - name: Tells studies of one file apart.
    ///   - storage: The file, made where it is missing; nil keeps trials in memory.
    ///   - direction: Whether small or large values are good.
    ///   - sampler: What chooses parameters.
    ///   - pruner: What stops trials early.
    ///   - maxRetries: How often the parameters of a trial whose process has gone are tried again.
    ///
    /// Throws `StudyError` when the file cannot be used, or holds a study of this name with another direction.
    public convenience init(
        _ name: String, storage: String? = nil, direction: Direction = .minimize, sampler: SamplerChoice = .tpe(),
        pruner: PrunerChoice = .none, maxRetries: Int = 1
    ) throws {
        try self.init(
            name, storage: storage, directions: [direction], sampler: sampler, pruner: pruner, maxRetries: maxRetries)
    }

    /// A study of several values, whose best trials are those that no other trial surpasses in every one. Parameters as
    /// above; trials of several values are not pruned.
    public init(
        _ name: String, storage: String? = nil, directions: [Direction], sampler: SamplerChoice = .tpe(),
        pruner: PrunerChoice = .none, maxRetries: Int = 1
    ) throws {
        guard !directions.isEmpty else { fatalError("Study '\(name)': one direction or more are needed") }
        self.name = name
        self.directions = directions
        self.storage = try storage.map { try SQLiteStorage($0, study: name, directions: directions) } ?? MemoryStorage()
        self.sampler = try sampler.make()
        self.pruner = pruner.make()
        self.maxRetries = maxRetries
    }

    /// A study that is in a file already, to look at or to go on with; the name can be left out where there is but one.
    /// Optuna's `load_study`. Throws `StudyError` when the file is none of studies, or has no such study.
    public static func load(
        _ name: String? = nil, storage: String, sampler: SamplerChoice = .tpe(), pruner: PrunerChoice = .none
    ) throws -> Study {
        let studies = try SQLiteStorage.studies(in: storage)
        let names = studies.map { "'\($0.name)'" }.joined(separator: ", ")
        guard let found = name == nil && studies.count == 1 ? studies[0] : studies.first(where: { $0.name == name })
        else {
            throw StudyError(
                name.map { "'\(storage)' has no study '\($0)'; there are \(names)" }
                    ?? "'\(storage)' has \(studies.count) studies; a name is needed: \(names)")
        }
        return try Study(found.name, storage: storage, directions: found.directions, sampler: sampler, pruner: pruner)
    }

    /// All trials in the order of their numbers. Throws `StudyError` when they cannot be read.
    public func trials() throws -> [TrialRecord] { try storage.trials() }

    /// Gives the parameters of a trial that is yet to come; what is missing, or is no value that the objective asks for, the
    /// sampler chooses. Throws `StudyError`.
    public func enqueue(_ parameters: [String: ParameterValue]) throws { try storage.enqueue(parameters, retries: 0) }
}

// What trials ask of their study.
extension Study {
    func history() throws -> History { History(directions: directions, trials: try storage.trials()) }

    func sampleAlone(_ name: String, _ distribution: Distribution, _ trial: TrialRecord) -> ParameterValue {
        // A history that cannot be read is told when the trial ends; a trial goes on without.
        let history = (try? history()) ?? History(directions: directions, trials: [])
        return sampler.alone(name, distribution, trial, history)
    }

    func store(_ trial: Trial) throws {
        try storage.update(trial.snapshot)
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Stores where nothing can be thrown; the next `store` throws.
    func save(_ trial: Trial) {
        do { try storage.update(trial.snapshot) } catch {
            failure.withLock { $0 = error as? StudyError ?? StudyError("\(error)") }
        }
    }

    func shouldPrune(_ trial: TrialRecord) throws -> Bool {
        guard directions.count == 1 else { return false }
        return pruner.prunes(trial, try history())
    }
}

extension Study {
    /// Runs trials.
    ///
    /// - Parameters:
    ///   - trials: How many more trials are run.
    ///   - parallel: How many run at the same time, each on a thread of its own.
    ///   - objective: Gives the value of a trial. What it throws marks the trial as failed, `TrialPruned` as pruned, and the
    ///     study goes on.
    ///
    /// A task that is cancelled begins no more trials, and those that end with `CancellationError` are put back, to be run the
    /// next time. Throws `StudyError` when trials cannot be stored.
    public func optimize(
        trials count: Int, parallel: Int = 1, _ objective: @escaping @Sendable (Trial) async throws -> Double
    ) async throws {
        try await run(.more(count), parallel: parallel) { [try await objective($0)] }
    }

    /// Runs trials until the study has `total` that have ended, those of earlier and other programs included.
    public func optimize(
        untilTotal total: Int, parallel: Int = 1, _ objective: @escaping @Sendable (Trial) async throws -> Double
    ) async throws {
        try await run(.total(total), parallel: parallel) { [try await objective($0)] }
    }

    /// Runs trials of several values, one for each direction. Other parameters as above.
    public func optimize(
        trials count: Int, parallel: Int = 1, values objective: @escaping @Sendable (Trial) async throws -> [Double]
    ) async throws {
        try await run(.more(count), parallel: parallel, objective)
    }

    private enum Goal {
        case more(Int)
        case total(Int)
    }

    private func run(
        _ goal: Goal, parallel: Int, _ objective: @escaping @Sendable (Trial) async throws -> [Double]
    ) async throws {
        guard parallel > 0 else { fatalError("Study '\(name)': \(parallel) trials in parallel") }
        let budget = Budget(goal: goal)
        try retryCrashed()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<parallel {
                // Trials compute: on threads of their own they keep no one else's tasks waiting.
                group.addTask(executorPreference: TrialThreads.shared) {
                    while !Task.isCancelled, let trial = try self.next(budget) {
                        guard try await self.run(trial, objective) else { return }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// What is left to do of one call.
    private final class Budget: Sendable {
        let goal: Goal
        let left: Mutex<Int>

        init(goal: Goal) {
            self.goal = goal
            if case .more(let count) = goal { left = Mutex(count) } else { left = Mutex(0) }
        }
    }

    /// Begins a trial; nil when enough have been.
    private func next(_ budget: Budget) throws -> Trial? {
        switch budget.goal {
        case .more:
            let isOpen = budget.left.withLock { left in
                left -= 1
                return left >= 0
            }
            guard isOpen else { return nil }
        case .total(let total):
            // One at a time, so that two do not both take the last place.
            let isOpen = try budget.left.withLock { _ in
                try storage.trials().count { $0.state.isFinished || $0.state == .running } < total
            }
            guard isOpen else { return nil }
        }
        let record = try storage.begin()
        return Trial(record, of: self, joint: sampler.together(try history(), number: record.number))
    }

    /// Runs one trial; false when it was cancelled, and no other should begin.
    private func run(_ trial: Trial, _ objective: @Sendable (Trial) async throws -> [Double]) async throws -> Bool {
        do {
            let values = try await objective(trial)
            guard values.count == directions.count else {
                fatalError("Study '\(name)': \(values.count) values for \(directions.count) directions")
            }
            if values.contains(where: \.isNaN) {
                try trial.finish(.failed, reason: "the value is not a number")
            } else {
                try trial.finish(.complete, values: values)
            }
        } catch let error as StudyError {
            throw error
        } catch is TrialPruned {
            try trial.finish(.pruned)
        } catch is CancellationError {
            try trial.putBack()
            return false
        } catch {
            try trial.finish(.failed, reason: "\(error)")
        }
        return true
    }

    /// Marks trials of programs that are gone, and has their parameters tried again.
    private func retryCrashed() throws {
        for trial in try storage.markCrashed() where trial.retries < maxRetries {
            try storage.enqueue(trial.parameters, retries: trial.retries + 1)
        }
    }
}

extension Study {
    /// The trial with the best value; nil before the first has ended. Throws `StudyError`.
    public func bestTrial() throws -> TrialRecord? {
        guard directions.count == 1 else {
            fatalError("Study '\(name)': several directions have no best trial; see bestTrials")
        }
        let history = try history()
        return history.trials.filter { $0.state == .complete }.min { history.cost($0) < history.cost($1) }
    }

    /// The trials that no other trial surpasses: none is as good in every direction and better in one. Throws `StudyError`.
    public func bestTrials() throws -> [TrialRecord] {
        let complete = try storage.trials().filter { $0.state == .complete }
        return ParetoFront(directions).front(of: complete)
    }
}
