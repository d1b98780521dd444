import HearthTensor

/// Changes an optimizer's learning rate as training goes on.
///
///     let schedule = CosineAnnealingLR(optimizer, tMax: epochs)
///     for epoch in 1...epochs {
///         …
///         schedule.step()
///     }
public protocol Scheduler: AnyObject {
    /// Goes on by one: call it once after each epoch, or after each batch where the schedule counts batches.
    func step()
    /// How many steps there have been. PyTorch's `last_epoch`.
    var epoch: Int { get }
    /// After what `Trainer` calls `step` unless it is told otherwise.
    var interval: ScheduleInterval { get }
    /// Everything that the next steps depend on besides the optimizer, as plain numbers. Setting one of another length
    /// changes nothing.
    var state: [Double] { get set }
}

extension Scheduler {
    /// After an epoch.
    public var interval: ScheduleInterval { .epoch }
}

/// After what a schedule goes on.
public enum ScheduleInterval: Sendable {
    case epoch, batch
}

/// A schedule that goes by how well training does.
public protocol MetricScheduler: Scheduler {
    /// Goes on by one, after an epoch in which the watched value was `metric`.
    func step(metric: Double)
}

/// One number for all groups of parameters, or one for each.
public protocol GroupNumbers {
    /// A number for each of `count` groups, nil when there are more or fewer.
    func numbers(count: Int) -> [Double]?
}

extension Double: GroupNumbers {
    /// The same number for every group.
    public func numbers(count: Int) -> [Double]? { Array(repeating: self, count: count) }
}

extension [Double]: GroupNumbers {
    /// The numbers themselves.
    public func numbers(count: Int) -> [Double]? { count == self.count ? self : nil }
}

extension Optimizer {
    /// A number for each group; stops the program when there are more or fewer numbers than groups.
    func numbers(_ numbers: some GroupNumbers, _ name: String) -> [Double] {
        let count = learningRates.count
        guard let result = numbers.numbers(count: count) else {
            stop(name, "one number, or one for each of the \(count) groups, is needed; got \(numbers)")
            return learningRates
        }
        return result
    }
}
