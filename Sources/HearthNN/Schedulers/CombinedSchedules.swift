import HearthTensor

/// Schedules one after another. PyTorch's `SequentialLR`.
///
///     let schedule = SequentialLR(warmup: 5, then: CosineAnnealingLR(optimizer, tMax: 95))
public final class SequentialLR: Scheduler {
    private let schedules: [LRScheduler]
    private let milestones: [Int]
    /// How many steps there have been.
    public private(set) var epoch = 0

    /// Each schedule of one optimizer goes on until the epoch that `milestones` names for it, the last for ever.
    public init(_ schedules: [LRScheduler], milestones: [Int]) {
        require(
            milestones.count == schedules.count - 1, "SequentialLR",
            "\(schedules.count) schedules need one milestone less; got \(milestones.count)")
        require(
            schedules.allSatisfy({ $0.optimizer === schedules[0].optimizer }), "SequentialLR",
            "the schedules belong to different optimizers")
        self.schedules = schedules
        self.milestones = milestones
        // As if the schedules had not started yet.
        let optimizer = schedules[0].optimizer
        optimizer.learningRates = zip(optimizer.initialLearningRates, optimizer.learningRates).map { $0 ?? $1 }
        for schedule in schedules { schedule.undo() }
        schedules[position].start()
    }

    /// A linear rise of the learning rate over `warmup` steps, from `startFactor` times its value, and another schedule
    /// after it.
    public convenience init(warmup: Int, from startFactor: Double = 1e-2, then schedule: LRScheduler) {
        let rise = LinearLR(schedule.optimizer, startFactor: startFactor, totalIters: warmup)
        self.init([rise, schedule], milestones: [warmup])
    }

    private var position: Int { milestones.count { $0 <= epoch } }

    /// Goes on by one.
    public func step() {
        epoch += 1
        let index = position
        if index > 0, milestones[index - 1] == epoch { schedules[index].restart() } else { schedules[index].step() }
    }

    /// After a batch when one of the schedules counts batches.
    public var interval: ScheduleInterval { schedules.contains { $0.interval == .batch } ? .batch : .epoch }

    /// The steps, and the states of all schedules.
    public var state: [Double] {
        get { [Double(epoch)] + schedules.flatMap(\.state) }
        set {
            guard let epoch = newValue.first.flatMap({ Int(exactly: $0) }), newValue.count == state.count else {
                return
            }
            self.epoch = epoch
            schedules.restore(newValue.dropFirst())
        }
    }
}

/// Schedules at the same time, each changing what the one before has made of the learning rate. PyTorch's
/// `ChainedScheduler`.
public final class ChainedScheduler: Scheduler {
    private let schedules: [LRScheduler]

    /// All `schedules`, of one optimizer, in this order.
    public init(_ schedules: [LRScheduler]) {
        require(
            !schedules.isEmpty && schedules.allSatisfy { $0.optimizer === schedules[0].optimizer }, "ChainedScheduler",
            "schedules of one optimizer are needed")
        self.schedules = schedules
    }

    /// Lets each schedule go on by one.
    public func step() { for schedule in schedules { schedule.step() } }

    /// How many steps there have been.
    public var epoch: Int { schedules[0].epoch }

    /// After a batch when one of the schedules counts batches.
    public var interval: ScheduleInterval { schedules.contains { $0.interval == .batch } ? .batch : .epoch }

    /// The states of all schedules.
    public var state: [Double] {
        get { schedules.flatMap(\.state) }
        set { if newValue.count == state.count { schedules.restore(newValue[...]) } }
    }
}

extension [LRScheduler] {
    /// Sets states that were joined.
    fileprivate func restore(_ states: ArraySlice<Double>) {
        var rest = states
        for schedule in self {
            let count = schedule.state.count
            schedule.state = [Double](rest.prefix(count))
            rest = rest.dropFirst(count)
        }
    }
}
