import HearthTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A factor of the learning rate that goes from `startFactor` to `endFactor` in a line, over `totalIters` epochs.
/// PyTorch's `LinearLR`.
public final class LinearLR: LRScheduler {
    private let startFactor: Double
    private let endFactor: Double
    private let totalIters: Int

    /// A schedule with PyTorch's defaults: a warm-up from a third.
    public init(
        _ optimizer: any Optimizer, startFactor: Double = 1.0 / 3, endFactor: Double = 1, totalIters: Int = 5
    ) {
        require(
            startFactor > 0 && startFactor <= 1 && (0...1).contains(endFactor), "LinearLR",
            "the factors \(startFactor) and \(endFactor) must be in 0...1, the first not 0")
        self.startFactor = startFactor
        self.endFactor = endFactor
        self.totalIters = totalIters
        super.init(optimizer)
    }

    /// The learning rates by the formula that stands at the type.
    public override func rates(isInitial: Bool) -> [Double] {
        if epoch == 0 { return optimizer.learningRates.map { $0 * startFactor } }
        if isInitial || epoch > totalIters { return optimizer.learningRates }
        let rise = endFactor - startFactor
        let change = 1 + rise / (Double(totalIters) * startFactor + Double(epoch - 1) * rise)
        return optimizer.learningRates.map { $0 * change }
    }

    /// The learning rates by the formula that stands at the type.
    public override func ratesAtStart() -> [Double] { baseLearningRates.map { $0 * startFactor } }
}

/// The learning rate times `(1 - epoch / totalIters)` to the power `power`, then 0. PyTorch's `PolynomialLR`.
public final class PolynomialLR: LRScheduler {
    private let totalIters: Int
    private let power: Double

    /// A schedule with PyTorch's defaults.
    public init(_ optimizer: any Optimizer, totalIters: Int = 5, power: Double = 1) {
        self.totalIters = totalIters
        self.power = power
        super.init(optimizer)
    }

    /// The learning rates by the formula that stands at the type.
    public override func rates(isInitial: Bool) -> [Double] {
        if isInitial || epoch > totalIters { return optimizer.learningRates }
        let total = Double(totalIters)
        let change = pow((1 - Double(epoch) / total) / (1 - Double(epoch - 1) / total), power)
        return optimizer.learningRates.map { $0 * change }
    }

    /// The learning rates by the formula that stands at the type.
    public override func ratesAtStart() -> [Double] { baseLearningRates }
}

/// Half a cosine from the learning rate down to `etaMin` in `tMax` epochs, and up again. PyTorch's
/// `CosineAnnealingLR`.
///
/// Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2016
/// (<https://arxiv.org/abs/1608.03983>), without the restarts.
public final class CosineAnnealingLR: LRScheduler {
    private let tMax: Int
    private let etaMin: Double

    /// A schedule that is at its lowest after `tMax` epochs.
    public init(_ optimizer: any Optimizer, tMax: Int, etaMin: Double = 0) {
        require(tMax > 0, "CosineAnnealingLR", "tMax must be positive; it is \(tMax)")
        self.tMax = tMax
        self.etaMin = etaMin
        super.init(optimizer)
    }

    /// The learning rates by the formula that stands at the type.
    public override func rates(isInitial: Bool) -> [Double] {
        if isInitial { return optimizer.learningRates }
        let part = Double.pi / Double(tMax)
        // At the lowest point the ratio of neighbouring values is 0 / 0, so the next value is reached by adding a
        // difference.
        if (epoch - 1 - tMax) % (2 * tMax) == 0 {
            return zip(optimizer.learningRates, baseLearningRates).map { $0 + ($1 - etaMin) * (1 - cos(part)) / 2 }
        }
        let now = 1 + cos(Double.pi * Double(epoch) / Double(tMax))
        let before = 1 + cos(Double.pi * Double(epoch - 1) / Double(tMax))
        return optimizer.learningRates.map { now / before * ($0 - etaMin) + etaMin }
    }

    /// The learning rates by the formula that stands at the type.
    public override func ratesAtStart() -> [Double] { baseLearningRates }
}

/// Half a cosine down to `etaMin`, again and again, each `tMult` times as long as the one before. PyTorch's
/// `CosineAnnealingWarmRestarts`.
///
/// Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2016
/// (<https://arxiv.org/abs/1608.03983>).
public final class CosineAnnealingWarmRestarts: LRScheduler {
    private let first: Int
    private let growth: Int
    private let etaMin: Double
    private var position = 0
    private var length: Int

    /// A schedule that starts again after `t0` epochs.
    public init(_ optimizer: any Optimizer, t0: Int, tMult: Int = 1, etaMin: Double = 0) {
        require(
            t0 > 0 && tMult > 0, "CosineAnnealingWarmRestarts",
            "t0 and tMult must be positive; they are \(t0) and \(tMult)")
        first = t0
        growth = tMult
        length = t0
        self.etaMin = etaMin
        super.init(optimizer)
    }

    override func start() {
        (position, length) = (0, first)
        super.start()
    }

    /// Goes on by one.
    public override func step() {
        position += 1
        if position >= length {
            position %= length
            length *= growth
        }
        super.step()
    }

    /// The learning rates by the formula that stands at the type.
    public override func rates(isInitial: Bool) -> [Double] {
        let height = 1 + cos(Double.pi * Double(position) / Double(length))
        return baseLearningRates.map { etaMin + ($0 - etaMin) * height / 2 }
    }

    /// The steps, the learning rates at the start, and the place in the cosine.
    public override var state: [Double] {
        get { super.state + [Double(position), Double(length)] }
        set {
            let own = newValue.suffix(2).compactMap { Int(exactly: $0) }
            guard newValue.count == super.state.count + 2, own.count == 2, own[1] > 0 else { return }
            super.state = Array(newValue.dropLast(2))
            (position, length) = (own[0], own[1])
        }
    }
}

/// From any learning rate to one that stays, for the averaging of weights. PyTorch's `swa_utils.SWALR`.
///
/// Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", 2018
/// (<https://arxiv.org/abs/1803.05407>).
public final class SWALR: LRScheduler {
    private let target: [Double]
    private let epochs: Int
    private let annealing: Annealing

    /// A schedule that reaches `swaLR` after `annealEpochs` epochs.
    public init(
        _ optimizer: any Optimizer, swaLR: some GroupNumbers, annealEpochs: Int = 10,
        annealStrategy: Annealing = .cosine
    ) {
        require(annealEpochs >= 0, "SWALR", "annealEpochs must not be negative; it is \(annealEpochs)")
        target = optimizer.numbers(swaLR, "SWALR")
        epochs = annealEpochs
        annealing = annealStrategy
        super.init(optimizer)
    }

    /// The learning rates by the formula that stands at the type.
    public override func rates(isInitial: Bool) -> [Double] {
        let step = epochs == 0 ? max(1, stepCount - 1) : stepCount - 1
        let (before, now) = (share(step - 1), share(step))
        return zip(optimizer.learningRates, target).map { rate, target in
            let start = before == 1 ? target : (rate - before * target) / (1 - before)
            return target * now + start * (1 - now)
        }
    }

    private func share(_ step: Int) -> Double {
        annealing.share(max(0, min(1, Double(step) / Double(max(1, epochs)))))
    }
}

/// The way from one value to another.
public enum Annealing: Sendable {
    /// Half a cosine.
    case cosine
    /// A line.
    case linear

    /// How much of the way is done after `part` of the time.
    func share(_ part: Double) -> Double { self == .linear ? part : (1 - cos(Double.pi * part)) / 2 }

    /// The value after `part` of the time.
    func value(from start: Double, to end: Double, _ part: Double) -> Double {
        switch self {
        case .cosine: end + (start - end) / 2 * (cos(Double.pi * part) + 1)
        case .linear: (end - start) * part + start
        }
    }
}
