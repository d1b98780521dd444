import HearthTensor

/// A schedule whose learning rates follow from those of the step before, or from those at the start.
///
/// PyTorch's `LRScheduler`: rates are computed as its chainable schedules do it, so that several of them can work on
/// one optimizer (`ChainedScheduler`), or one after another (`SequentialLR`).
///
/// A schedule of one's own overrides `rates`:
///
///     final class HalveEvery: LRScheduler {
///         let epochs: Int
///         init(_ optimizer: any Optimizer, epochs: Int) {
///             self.epochs = epochs
///             super.init(optimizer)
///         }
///         override func rates(isInitial: Bool) -> [Double] {
///             baseLearningRates.map { $0 / Double(1 << (epoch / epochs)) }
///         }
///     }
open class LRScheduler: Scheduler {
    /// Whose learning rates are changed.
    public let optimizer: any Optimizer
    /// The learning rate of each group before any schedule changed it.
    public internal(set) var baseLearningRates: [Double]
    /// How many steps there have been.
    public internal(set) var epoch = -1
    /// The calls of `step`, the one at the start included.
    private(set) var stepCount = 0

    /// Notes the learning rates and sets those of epoch 0. Subclasses have their own numbers ready before.
    public init(_ optimizer: any Optimizer) {
        self.optimizer = optimizer
        baseLearningRates = zip(optimizer.initialLearningRates, optimizer.learningRates).map { $0 ?? $1 }
        optimizer.initialLearningRates = baseLearningRates
        start()
    }

    /// The learning rates of `epoch`, given that the optimizer has those of the epoch before; `isInitial` when it has
    /// those that it was made with.
    open func rates(isInitial: Bool) -> [Double] {
        stop("\(Self.self)", "a schedule overrides rates")
        return optimizer.learningRates
    }

    /// The learning rates of epoch 0, whatever the optimizer has.
    open func ratesAtStart() -> [Double] { rates(isInitial: false) }

    /// Sets the learning rates of epoch 0, for the first time.
    func start() {
        stepCount = 1
        epoch += 1
        optimizer.learningRates = rates(isInitial: true)
    }

    /// Goes on by one.
    public func step() {
        stepCount += 1
        epoch += 1
        optimizer.learningRates = rates(isInitial: false)
    }

    /// Begins again at epoch 0, in the middle of training.
    func restart() {
        epoch = 0
        optimizer.learningRates = ratesAtStart()
    }

    /// Takes the start back, so that it can come later.
    func undo() { epoch -= 1 }

    /// After what `Trainer` calls `step`.
    open var interval: ScheduleInterval { .epoch }

    /// The steps, and the learning rates at the start.
    open var state: [Double] {
        get { [Double(epoch), Double(stepCount)] + baseLearningRates }
        set {
            guard newValue.count == 2 + baseLearningRates.count, let epoch = Int(exactly: newValue[0]),
                let count = Int(exactly: newValue[1])
            else { return }
            (self.epoch, stepCount) = (epoch, count)
            baseLearningRates = Array(newValue[2...])
        }
    }
}
