import HearthTensor

/// Stops training when a value has not become better for some epochs.
public final class EarlyStopping: TrainerCallback {
    private let monitor: String
    private let goal: Goal
    private let patience: Int
    private let margin: Double
    private var best: Double
    private var waited = 0.0
    private let restoresBest: Bool
    private var bestWeights: StateDict?

    /// Watches the value `monitor`; by default small losses and large other values are good.
    ///
    /// - Parameters:
    ///   - monitor: The name of the value.
    ///   - patience: How many epochs without improvement are waited for.
    ///   - margin: What counts as an improvement.
    ///   - goal: Whether small or large is good.
    ///   - restoresBest: Whether the model ends with the weights of the best epoch, also when training was not stopped
    ///     early. They are kept in memory, so after a resumption those of an epoch before it are not known.
    public init(
        monitor: String = "val_loss", patience: Int = 3, margin: Double = 0, goal: Goal? = nil,
        restoresBest: Bool = false
    ) {
        self.monitor = monitor
        self.patience = patience
        self.margin = margin
        self.restoresBest = restoresBest
        self.goal = goal ?? Goal(for: monitor)
        best = self.goal.worst
    }

    /// Looks at the value of the epoch.
    public func epochEnds(_ trainer: Trainer, _ record: EpochRecord) throws {
        let value = try record.value(monitor)
        if goal.isBetter(value, than: best, by: margin) {
            best = value
            waited = 0
            if restoresBest { bestWeights = trainer.model.stateDict }
        } else {
            waited += 1
            if waited >= Double(patience) { trainer.stop() }
        }
    }

    /// Gives the model the best weights back where that is asked for.
    public func trainingEnds(_ trainer: Trainer) throws {
        if let bestWeights { try trainer.model.loadStateDict(bestWeights) }
        bestWeights = nil
    }

    /// The best value, and for how many epochs it has been the best.
    public var state: [Double] {
        get { [best, waited] }
        set { if newValue.count == 2 { (best, waited) = (newValue[0], newValue[1]) } }
    }
}
