/// Saves where training is after every epoch and when it is interrupted, and apart from that the best epoch.
public final class CheckpointWriter: TrainerCallback {
    private let path: String
    private let bestPath: String?
    private let monitor: String
    private let goal: Goal
    private var best: Double

    /// Writes to `path`; the epoch with the best value of `monitor` also to `bestPath`.
    public init(_ path: String, best bestPath: String? = nil, monitor: String = "val_loss", goal: Goal? = nil) {
        self.path = path
        self.bestPath = bestPath
        self.monitor = monitor
        self.goal = goal ?? Goal(for: monitor)
        best = self.goal.worst
    }

    /// Writes the checkpoint, and the best one when the epoch is better than all before.
    public func epochCloses(_ trainer: Trainer, _ record: EpochRecord) throws {
        var isBest = false
        if bestPath != nil {
            let value = try record.value(monitor)
            isBest = goal.isBetter(value, than: best)
            if isBest { best = value }
        }
        try Checkpoint.save(trainer, to: path)
        if let bestPath, isBest { try Checkpoint.save(trainer, to: bestPath) }
    }

    /// Writes the checkpoint of an epoch that was interrupted.
    public func trainingEnds(_ trainer: Trainer) throws {
        if trainer.position.batch > 0 { try Checkpoint.save(trainer, to: path) }
    }

    /// The best value so far.
    public var state: [Double] {
        get { [best] }
        set { if let saved = newValue.first { best = saved } }
    }
}
