/// Watches training and steers it. Every function may be left out.
public protocol TrainerCallback: AnyObject {
    /// Called before the first epoch.
    func trainingStarts(_ trainer: Trainer, _ plan: TrainingPlan) throws
    /// Called before each epoch, which is counted from 1.
    func epochStarts(_ trainer: Trainer, _ epoch: Int) throws
    /// Called after each batch.
    func batchEnds(_ trainer: Trainer, _ plan: TrainingPlan) throws
    /// Called after each epoch and its validation.
    func epochEnds(_ trainer: Trainer, _ record: EpochRecord) throws
    /// Called after every callback has seen the epoch's end: the time to save what all of them remember.
    func epochCloses(_ trainer: Trainer, _ record: EpochRecord) throws
    /// Called after the last epoch, and after a stop.
    func trainingEnds(_ trainer: Trainer) throws
    /// What must be remembered in a checkpoint, such as the best value so far.
    var state: [Double] { get set }
}

extension TrainerCallback {
    /// Does nothing.
    public func trainingStarts(_ trainer: Trainer, _ plan: TrainingPlan) throws {}
    /// Does nothing.
    public func epochStarts(_ trainer: Trainer, _ epoch: Int) throws {}
    /// Does nothing.
    public func batchEnds(_ trainer: Trainer, _ plan: TrainingPlan) throws {}
    /// Does nothing.
    public func epochEnds(_ trainer: Trainer, _ record: EpochRecord) throws {}
    /// Does nothing.
    public func epochCloses(_ trainer: Trainer, _ record: EpochRecord) throws {}
    /// Does nothing.
    public func trainingEnds(_ trainer: Trainer) throws {}
    /// Nothing to remember.
    public var state: [Double] {
        get { [] }
        set {}
    }
}

/// Whether a smaller or a larger value is better.
public enum Goal: String, Sendable {
    /// Small is good.
    case minimize
    /// Large is good.
    case maximize

    /// Guessed from a value's name: losses and errors are to be small, all else large.
    public init(for name: String) {
        self = ["loss", "mse", "mae"].contains(where: name.hasSuffix) ? .minimize : .maximize
    }

    func isBetter(_ value: Double, than other: Double, by margin: Double = 0) -> Bool {
        self == .minimize ? value < other - margin : value > other + margin
    }

    /// What every value is better than.
    var worst: Double { self == .minimize ? .infinity : -.infinity }
}

/// A value that a callback looks for is not among those of the epoch.
public struct MissingValueError: Error, CustomStringConvertible {
    /// What was looked for.
    public let name: String
    /// What there is.
    public let available: [String]

    /// Both lists.
    public var description: String {
        "no value is called '\(name)'; the epoch has \(available.joined(separator: ", "))"
    }
}

extension EpochRecord {
    /// The value with this name. Throws `MissingValueError` when there is none.
    func value(_ name: String) throws -> Double {
        guard let value = self[name] else { throw MissingValueError(name: name, available: values.map(\.name)) }
        return value
    }
}

/// Stops training when a value has not become better for some epochs.
public final class EarlyStopping: TrainerCallback {
    private let monitor: String
    private let goal: Goal
    private let patience: Int
    private let margin: Double
    private var best: Double
    private var waited = 0.0

    /// Watches the value `monitor`; by default small losses and large other values are good.
    ///
    /// - Parameters:
    ///   - monitor: The name of the value.
    ///   - patience: How many epochs without improvement are waited for.
    ///   - margin: What counts as an improvement.
    ///   - goal: Whether small or large is good.
    public init(monitor: String = "val_loss", patience: Int = 3, margin: Double = 0, goal: Goal? = nil) {
        self.monitor = monitor
        self.patience = patience
        self.margin = margin
        self.goal = goal ?? Goal(for: monitor)
        best = self.goal.worst
    }

    /// Looks at the value of the epoch.
    public func epochEnds(_ trainer: Trainer, _ record: EpochRecord) throws {
        let value = try record.value(monitor)
        if goal.isBetter(value, than: best, by: margin) {
            best = value
            waited = 0
        } else {
            waited += 1
            if waited >= Double(patience) { trainer.stop() }
        }
    }

    /// The best value, and for how many epochs it has been the best.
    public var state: [Double] {
        get { [best, waited] }
        set { if newValue.count == 2 { (best, waited) = (newValue[0], newValue[1]) } }
    }
}
