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
