import HearthTensor

/// A smaller learning rate when a value has not become better for some epochs. PyTorch's `ReduceLROnPlateau`.
///
///     let schedule = ReduceLROnPlateau(optimizer, patience: 5)
///     schedule.step(metric: validationLoss)
public final class ReduceLROnPlateau: MetricScheduler {
    /// Which values are better.
    public enum Mode: Sendable { case min, max }

    /// What `threshold` is a part of.
    public enum ThresholdMode: Sendable {
        /// The best value.
        case relative
        /// 1.
        case absolute
    }

    private let optimizer: any Optimizer
    private let mode: Mode
    private let factor: Double
    private let patience: Int
    private let threshold: Double
    private let thresholdMode: ThresholdMode
    private let cooldown: Int
    private let minLR: [Double]
    private let eps: Double

    /// How many epochs there have been.
    public private(set) var epoch = 0
    /// The best value so far.
    public private(set) var best: Double
    private var badEpochs = 0
    private var rest = 0

    /// A schedule with PyTorch's defaults.
    ///
    /// - Parameters:
    ///   - mode: Whether small or large values are better.
    ///   - factor: What the learning rate is multiplied by.
    ///   - patience: How many epochs without improvement are accepted.
    ///   - threshold: By how much a value must be better to count.
    ///   - thresholdMode: Whether that is a part of the best value or a difference.
    ///   - cooldown: For how many epochs after a change bad ones do not count.
    ///   - minLR: What the learning rate does not go below.
    ///   - eps: Changes of the learning rate that are smaller are not made.
    public init(
        _ optimizer: any Optimizer, mode: Mode = .min, factor: Double = 0.1, patience: Int = 10,
        threshold: Double = 1e-4, thresholdMode: ThresholdMode = .relative, cooldown: Int = 0,
        minLR: some GroupNumbers = 0.0, eps: Double = 1e-8
    ) {
        require(factor < 1, "ReduceLROnPlateau", "factor must be below 1; it is \(factor)")
        self.optimizer = optimizer
        self.mode = mode
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.thresholdMode = thresholdMode
        self.cooldown = cooldown
        self.minLR = optimizer.numbers(minLR, "ReduceLROnPlateau: minLR")
        self.eps = eps
        best = mode == .min ? .infinity : -.infinity
    }

    /// Stops the program: there is no way on without a value.
    public func step() { fatalError("ReduceLROnPlateau: a step needs the value that is watched, step(metric:)") }

    /// Goes on by one epoch, whose value was `metric`.
    public func step(metric: Double) {
        epoch += 1
        if isBetter(metric) {
            best = metric
            badEpochs = 0
        } else {
            badEpochs += 1
        }
        if rest > 0 {
            rest -= 1
            badEpochs = 0
        }
        guard badEpochs > patience else { return }
        optimizer.learningRates = zip(optimizer.learningRates, minLR).map { old, smallest in
            let new = max(old * factor, smallest)
            return old - new > eps ? new : old
        }
        rest = cooldown
        badEpochs = 0
    }

    private func isBetter(_ value: Double) -> Bool {
        switch (mode, thresholdMode) {
        case (.min, .relative): value < best * (1 - threshold)
        case (.min, .absolute): value < best - threshold
        case (.max, .relative): value > best * (threshold + 1)
        case (.max, .absolute): value > best + threshold
        }
    }

    /// The epochs, the best value, and what is counted.
    public var state: [Double] {
        get { [Double(epoch), best, Double(badEpochs), Double(rest)] }
        set {
            guard newValue.count == 4, let epoch = Int(exactly: newValue[0]), let bad = Int(exactly: newValue[2]),
                let rest = Int(exactly: newValue[3])
            else { return }
            (self.epoch, best, badEpochs, self.rest) = (epoch, newValue[1], bad, rest)
        }
    }
}
