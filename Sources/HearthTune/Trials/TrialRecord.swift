/// What is known of a trial.
public struct TrialRecord: Sendable {
    /// Where a trial is.
    public enum State: String, Sendable, CaseIterable {
        /// Its parameters are given and no program has begun it yet.
        case waiting
        /// Under way.
        case running
        /// Ended with values.
        case complete
        /// Stopped because it promised nothing.
        case pruned
        /// Ended by an error, or its process has gone.
        case failed

        /// True when nothing more will be learned.
        public var isFinished: Bool { self != .waiting && self != .running }
    }

    /// From 0, in the order in which trials were begun.
    public let number: Int
    /// Where it is.
    public var state: State
    /// What the objective gave, one value for each direction; empty before the end.
    public var values: [Double] = []
    /// What was suggested, by name.
    public var parameters: [String: ParameterValue] = [:]
    /// What was asked for, by name.
    public var distributions: [String: Distribution] = [:]
    /// What was reported on the way, by step.
    public var reports: [Int: Double] = [:]
    /// Parameters that are given, whatever a sampler says.
    public var given: [String: ParameterValue] = [:]
    /// The reason why it failed, and what the user has noted.
    public var notes: [String: String] = [:]
    /// When it was begun and when it ended, in seconds since 1970.
    public var started: Double?
    /// When it ended, in seconds since 1970.
    public var ended: Double?
    /// How many trials before it had the same parameters and crashed.
    public var retries = 0
    /// The last of these.
    public var retryOf: Int?
    /// Whether the study was given its parameters by `enqueue`.
    public var isEnqueued = false

    /// A trial without parameters and values yet.
    public init(number: Int, state: State) { (self.number, self.state) = (number, state) }

    /// The value of a study with one direction; nil before the end.
    public var value: Double? { values.count == 1 ? values[0] : nil }

    /// The last value that was reported; nil where there is none.
    public var lastReport: (step: Int, value: Double)? {
        reports.keys.max().map { (step: $0, value: reports[$0]!) }
    }
}

// Trials that are yet to be run.
extension TrialRecord {
    /// A trial whose parameters are given by the user.
    init(number: Int, enqueued given: [String: ParameterValue]) {
        self.init(number: number, state: .waiting)
        (self.given, isEnqueued) = (given, true)
    }

    /// Parameters to give when the trial is run again: those that it was given and has not asked for yet are among them.
    private var known: [String: ParameterValue] { given.merging(parameters) { _, chosen in chosen } }

    /// The trial as if it had not been begun, but with its parameters.
    var putBack: TrialRecord {
        var waiting = TrialRecord(number: number, state: .waiting)
        (waiting.given, waiting.isEnqueued) = (known, isEnqueued)
        (waiting.retries, waiting.retryOf) = (retries, retryOf)
        return waiting
    }

    /// A new trial with the parameters of this one, which has crashed.
    func retry(number: Int) -> TrialRecord {
        var waiting = TrialRecord(number: number, state: .waiting)
        (waiting.given, waiting.isEnqueued) = (known, isEnqueued)
        (waiting.retries, waiting.retryOf) = (retries + 1, self.number)
        return waiting
    }
}

extension [TrialRecord] {
    /// How many of the trials that are wanted have been taken: those that have ended or are under way. One that has crashed and
    /// is tried again counts once, as its retry.
    var taken: Int { count { $0.state != .waiting } - count { $0.retries > 0 } }
}
