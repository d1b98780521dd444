import Synchronization

/// One trial under way: where an objective gets its parameters and tells how it goes.
///
///     let units = trial.suggestInt("units", 32...512, log: true)
///     if trial.suggestCategorical("optimizer", ["adam", "sgd"]) == "sgd" {
///         momentum = trial.suggestFloat("momentum", 0...0.99)      // asked for where it matters
///     }
///
/// A name always means the same value within a trial. Optuna's `Trial`.
public final class Trial: Sendable {
    /// From 0, in the order in which trials were begun.
    public let number: Int
    private let study: Study
    private let record: Mutex<TrialRecord>
    /// What the sampler has chosen together for names that it has seen before.
    private let joint: [String: ParameterValue]
    /// The names that were known when the trial began.
    private let met: [String]
    /// What has gone wrong where nothing could be thrown.
    private let failure = Mutex<StudyError?>(nil)

    init(_ record: TrialRecord, of study: Study, joint: [String: ParameterValue] = [:], met: [String] = []) {
        number = record.number
        self.study = study
        self.joint = joint
        self.met = met
        self.record = Mutex(record)
    }

    /// What is known of it so far.
    public var snapshot: TrialRecord { record.withLock { $0 } }

    /// A whole number from the range, every `step`-th; with `log` small numbers are looked at as closely as large ones.
    public func suggestInt(_ name: String, _ range: ClosedRange<Int>, step: Int = 1, log: Bool = false) -> Int {
        guard step > 0, !log || range.lowerBound > 0 && step == 1 else {
            fatalError(
                "suggestInt '\(name)': a logarithm needs numbers above 0 and no step; got \(range), step \(step)")
        }
        // Unsigned, since the distance of two `Int` may be more than `Int.max`.
        let distance = UInt(bitPattern: range.upperBound &- range.lowerBound)
        let high = range.upperBound - Int(distance % UInt(step))
        let value = suggest(name, .int(low: range.lowerBound, high: high, step: step, log: log))
        guard case .int(let result) = value else { fatalError("'\(name)' is \(value), not a whole number") }
        return result
    }

    /// A real number from the range, or every `step`-th of them; with `log` uniform in its logarithm.
    public func suggestFloat(
        _ name: String, _ range: ClosedRange<Double>, step: Double? = nil, log: Bool = false
    ) -> Double {
        guard (range.upperBound - range.lowerBound).isFinite, step ?? 1 > 0, (step ?? 1).isFinite else {
            fatalError("suggestFloat '\(name)': ends, width and step must be finite; got \(range), step \(step ?? 1)")
        }
        guard !log || range.lowerBound > 0 && step == nil else {
            fatalError("suggestFloat '\(name)': a logarithm needs numbers above 0 and no step; got \(range)")
        }
        let value = suggest(name, .float(low: range.lowerBound, high: range.upperBound, step: step, log: log))
        guard case .float(let result) = value else { fatalError("'\(name)' is \(value), not a number") }
        return result
    }

    /// One of several words.
    public func suggestCategorical(_ name: String, _ choices: [String]) -> String {
        guard !choices.isEmpty, Set(choices).count == choices.count else {
            fatalError("suggestCategorical '\(name)': one choice or more, all different, are needed; got \(choices)")
        }
        let value = suggest(name, .categorical(choices))
        guard case .category(let result) = value else { fatalError("'\(name)' is \(value), not a word") }
        return result
    }

    private func suggest(_ name: String, _ distribution: Distribution) -> ParameterValue {
        let known = record.withLock { record -> ParameterValue? in
            guard let value = record.parameters[name] else { return nil }
            guard record.distributions[name] == distribution else {
                fatalError("'\(name)' was asked for with other values before in this trial")
            }
            return value
        }
        if let known { return known }
        let given = record.withLock { $0.given[name] }
        let taken = given.flatMap(distribution.taking)
        let value = taken ?? joint[name].flatMap(distribution.taking) ?? sample(name, distribution)
        record.withLock { record in
            record.parameters[name] = value
            record.distributions[name] = distribution
            if let given, taken == nil { record.notes["given '\(name)'"] = "\(given) is none of its values" }
        }
        save()
        return value
    }

    private func sample(_ name: String, _ distribution: Distribution) -> ParameterValue {
        do { return try study.sampleAlone(name, distribution, snapshot, met) } catch {
            keep(error)
            // Any value will do for a trial that is going to fail.
            return distribution.value(atShare: 0.5)
        }
    }

    /// Tells how good the trial is at a step, such as an epoch. Throws `TrialPruned` when the pruner sees no promise, which
    /// the objective lets pass, and `StudyError` when it cannot be stored.
    public func report(_ value: Double, step: Int) throws {
        record.withLock { $0.reports[step] = value }
        try store()
        if try study.shouldPrune(snapshot) { throw TrialPruned(step: step) }
    }

    /// Keeps a note with the trial.
    public func note(_ name: String, _ text: String) {
        record.withLock { $0.notes[name] = text }
        save()
    }

    /// Forgets what the trial has done, and has it run again with the same parameters.
    func putBack() throws {
        record.withLock { $0 = $0.putBack }
        try store()
    }

    /// Ends the trial.
    func finish(_ state: TrialRecord.State, values: [Double] = [], reason: String? = nil) throws {
        // After an error earlier in this trial the suggested values have no meaning.
        if let error = failure.withLock({ $0 }) { throw error }
        try end(state, values, reason)
    }

    /// Ends the trial because of an error of the study itself, where that can still be stored.
    func fail(_ error: any Error) { _ = try? end(.failed, [], "\(error)") }

    private func end(_ state: TrialRecord.State, _ values: [Double], _ reason: String?) throws {
        record.withLock { record in
            record.state = state
            record.values = values
            record.ended = Clock.now
            if let reason { record.notes["error"] = reason }
        }
        try study.store(snapshot)
    }

    private func store() throws {
        if let error = failure.withLock({ $0 }) { throw error }
        try study.store(snapshot)
    }

    /// Stores where nothing can be thrown; what comes next throws.
    private func save() {
        do { try study.store(snapshot) } catch { keep(error) }
    }

    private func keep(_ error: any Error) {
        failure.withLock { $0 = $0 ?? error as? StudyError ?? StudyError("\(error)") }
    }
}
