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
///     print(try study.bestTrial()?.parameters ?? [:])
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
    /// How often trials of other programs that have crashed are looked for, and when they last were.
    private let patience: Duration
    private let lastLook = Mutex<ContinuousClock.Instant?>(nil)

    /// A study of one value.
    ///
    /// - Parameters:
    ///   - name: Tells studies of one file apart.
    ///   - storage: The file, made where it is missing; nil keeps trials in memory.
    ///   - direction: Whether small or large values are good.
    ///   - sampler: What chooses parameters.
    ///   - pruner: What stops trials early.
    ///   - maxRetries: How often the parameters of a trial whose program has gone are tried again.
    ///   - gracePeriod: How long nothing may be heard of the program of a trial before it counts as gone, on any machine. Programs
    ///     give a sign of life several times in that, and at least every five seconds, by the clock of their machine: clocks must
    ///     agree that far. Of a program on this machine it is known at once. All programs of a study should have the same.
    ///
    /// Throws `StudyError` when the file cannot be used, or holds a study of this name with another direction.
    public convenience init(
        _ name: String, storage: String? = nil, direction: Direction = .minimize, sampler: SamplerChoice = .tpe(),
        pruner: PrunerChoice = .none, maxRetries: Int = 1, gracePeriod: Duration = .seconds(60)
    ) throws {
        try self.init(
            name, storage: storage, directions: [direction], sampler: sampler, pruner: pruner, maxRetries: maxRetries,
            gracePeriod: gracePeriod)
    }

    /// A study of several values, whose best trials are those that no other trial surpasses in every one. Parameters as
    /// above; trials of several values are not pruned.
    public convenience init(
        _ name: String, storage: String? = nil, directions: [Direction], sampler: SamplerChoice = .tpe(),
        pruner: PrunerChoice = .none, maxRetries: Int = 1, gracePeriod: Duration = .seconds(60)
    ) throws {
        guard !directions.isEmpty else { fatalError("Study '\(name)': one direction or more are needed") }
        let kept = try storage.map {
            try SQLiteStorage($0, study: name, directions: directions, gracePeriod: gracePeriod)
        }
        try self.init(name, kept ?? MemoryStorage(), directions, sampler, pruner, maxRetries, gracePeriod)
    }

    private init(
        _ name: String, _ storage: any StudyStorage, _ directions: [Direction], _ sampler: SamplerChoice,
        _ pruner: PrunerChoice, _ maxRetries: Int, _ gracePeriod: Duration
    ) throws {
        guard maxRetries >= 0, gracePeriod > .zero else {
            fatalError("Study '\(name)': \(maxRetries) retries after \(gracePeriod)")
        }
        self.name = name
        self.directions = directions
        self.storage = storage
        self.sampler = try sampler.make()
        self.pruner = pruner.make()
        self.maxRetries = maxRetries
        patience = min(gracePeriod / 4, .seconds(5))
    }

    /// A study that is in a file already, to look at or to go on with; the name can be left out where there is but one.
    /// A file that may not be written is enough to look at. Optuna's `load_study`. Throws `StudyError` when the file is none of
    /// studies, or has no such study.
    public static func load(
        _ name: String? = nil, storage: String, sampler: SamplerChoice = .tpe(), pruner: PrunerChoice = .none,
        maxRetries: Int = 1, gracePeriod: Duration = .seconds(60)
    ) throws -> Study {
        let found = try SQLiteStorage.found(name, in: storage, gracePeriod: gracePeriod)
        return try Study(
            found.name, found.storage, found.directions, sampler, pruner, maxRetries, gracePeriod)
    }

    /// All trials in the order of their numbers. Throws `StudyError` when they cannot be read.
    public func trials() throws -> [TrialRecord] { try storage.trials() }

    /// Gives the parameters of a trial that is yet to come. What is missing the sampler chooses, and also what is no value that
    /// the objective asks for, which a note of the trial then tells; a whole number does for a real one. Throws `StudyError`.
    public func enqueue(_ parameters: [String: ParameterValue]) throws { try storage.enqueue(parameters) }
}

// What `Trial` calls on its study.
extension Study {
    /// `met` are the parameters' names that were known when the calling trial began.
    func history(met: [String] = []) throws -> History {
        History(directions: directions, trials: try storage.trials(), met: met)
    }

    func sampleAlone(
        _ name: String, _ distribution: Distribution, _ trial: TrialRecord, _ met: [String]
    ) throws -> ParameterValue {
        try sampler.alone(name, distribution, trial, try history(met: met))
    }

    func store(_ trial: TrialRecord) throws { try storage.update(trial) }

    func shouldPrune(_ trial: TrialRecord) throws -> Bool {
        guard directions.count == 1 else { return false }
        return pruner.prunes(trial, try history())
    }
}

extension Study {
    /// Runs trials.
    ///
    /// - Parameters:
    ///   - trials: How many more trials are run, those that wait among them.
    ///   - parallel: How many run at the same time, each on a thread of its own.
    ///   - objective: Gives the value of a trial. What it throws marks the trial as failed, `TrialPruned` as pruned, and the
    ///     study goes on.
    ///
    /// A task that is cancelled begins no more trials, and those that end with `CancellationError` are put back, to be run the
    /// next time. Throws `StudyError` when trials cannot be stored, when the objective gives another number of values than the
    /// study has directions, and when a grid has a value that the objective does not ask for.
    public func optimize(
        trials count: Int, parallel: Int = 1, _ objective: @escaping @Sendable (Trial) async throws -> Double
    ) async throws {
        try await run(.more(count), parallel: parallel) { [try await objective($0)] }
    }

    /// Runs trials until the study has `total` that have ended or are under way, those of earlier and other programs included;
    /// never more. A trial that crashed and is tried again counts once.
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
                // Trials compute for minutes. On threads of their own they do not occupy Swift's few threads for other
                // tasks.
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
        let begun = Atomic<Int>(0)

        init(goal: Goal) { self.goal = goal }
    }

    /// Begins a trial; nil when enough have been.
    private func next(_ budget: Budget) throws -> Trial? {
        // Other programs may crash at any time, but looking for that once in a while is enough.
        let isTime = lastLook.withLock { $0.map { $0.duration(to: .now) > patience } ?? true }
        if isTime { try retryCrashed() }
        let record: TrialRecord?
        switch budget.goal {
        case .more(let count):
            guard budget.begun.add(1, ordering: .relaxed).newValue <= count else { return nil }
            record = try storage.begin(total: nil)
        case .total(let total):
            var taken = try storage.begin(total: total)
            if taken == nil {
                // The last trials may belong to a program that has ended since it took them.
                try retryCrashed()
                taken = try storage.begin(total: total)
            }
            record = taken
        }
        guard let record else { return nil }
        do {
            let history = try history()
            let joint = try sampler.together(history, number: record.number)
            return Trial(record, of: self, joint: joint, met: history.names(before: record.number))
        } catch {
            Trial(record, of: self).fail(error)
            throw error
        }
    }

    /// Runs one trial; false when it was cancelled, and no other should begin.
    private func run(_ trial: Trial, _ objective: @Sendable (Trial) async throws -> [Double]) async throws -> Bool {
        do {
            let values = try await objective(trial)
            guard values.count == directions.count else {
                throw StudyError(
                    "the objective of the study '\(name)' gave \(values.count) values, not one for each of "
                        + "\(directions.count) directions")
            }
            if values.contains(where: \.isNaN) {
                try trial.finish(.failed, reason: "the value is not a number")
            } else {
                try trial.finish(.complete, values: values)
            }
        } catch {
            return try end(trial, error)
        }
        return true
    }

    /// Ends a trial whose objective has thrown; false when it was cancelled.
    private func end(_ trial: Trial, _ error: any Error) throws -> Bool {
        do {
            switch error {
            case is StudyError: throw error
            case is TrialPruned: try trial.finish(.pruned)
            case is CancellationError:
                try trial.putBack()
                return false
            default: try trial.finish(.failed, reason: "\(error)")
            }
            return true
        } catch {
            // The study ends, but the trial should not look as if it were still under way.
            trial.fail(error)
            throw error
        }
    }

    /// Marks trials of programs that are gone, and has their parameters tried again.
    private func retryCrashed() throws {
        lastLook.withLock { $0 = .now }
        try storage.retryCrashed(maxRetries: maxRetries)
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
