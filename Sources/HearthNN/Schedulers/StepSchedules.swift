import HearthTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The learning rate at the start times a function of the epoch. PyTorch's `LambdaLR`.
public final class LambdaLR: LRScheduler {
    private let factors: [(Int) -> Double]

    /// A schedule whose epoch `i` has `factor(i)` times the learning rate at the start.
    public convenience init(_ optimizer: any Optimizer, _ factor: @escaping (_ epoch: Int) -> Double) {
        self.init(optimizer, optimizer.learningRates.map { _ in factor })
    }

    /// A schedule with a function for each group of parameters.
    public init(_ optimizer: any Optimizer, _ factors: [(_ epoch: Int) -> Double]) {
        self.factors = factors
        checkCount(factors, optimizer, "LambdaLR")
        super.init(optimizer)
    }

    /// The learning rates by the formula that stands at the type.
    public override func rates(isInitial: Bool) -> [Double] { zip(baseLearningRates, factors).map { $0 * $1(epoch) } }
}

/// The last learning rate times a function of the epoch. PyTorch's `MultiplicativeLR`.
public final class MultiplicativeLR: LRScheduler {
    private let factors: [(Int) -> Double]

    /// A schedule whose epoch `i`, from 1, has `factor(i)` times the learning rate of the epoch before.
    public convenience init(_ optimizer: any Optimizer, _ factor: @escaping (_ epoch: Int) -> Double) {
        self.init(optimizer, optimizer.learningRates.map { _ in factor })
    }

    /// A schedule with a function for each group of parameters.
    public init(_ optimizer: any Optimizer, _ factors: [(_ epoch: Int) -> Double]) {
        self.factors = factors
        checkCount(factors, optimizer, "MultiplicativeLR")
        super.init(optimizer)
    }

    /// The learning rates by the formula that stands at the type.
    public override func rates(isInitial: Bool) -> [Double] {
        isInitial ? optimizer.learningRates : zip(optimizer.learningRates, factors).map { $0 * $1(epoch) }
    }
}

private func checkCount(_ factors: [(Int) -> Double], _ optimizer: any Optimizer, _ name: String) {
    let groups = optimizer.learningRates.count
    require(
        factors.count == groups, name, "a function for each of the \(groups) groups is needed; got \(factors.count)")
}

/// The learning rate times `gamma` after every `stepSize` epochs. PyTorch's `StepLR`.
public final class StepLR: LRScheduler {
    private let stepSize: Int
    private let gamma: Double

    /// A schedule with steps of `stepSize` epochs.
    public init(_ optimizer: any Optimizer, stepSize: Int, gamma: Double = 0.1) {
        require(stepSize > 0, "StepLR", "the number of epochs of a step must be positive; it is \(stepSize)")
        self.stepSize = stepSize
        self.gamma = gamma
        super.init(optimizer)
    }

    /// The learning rates by the formula that stands at the type.
    public override func rates(isInitial: Bool) -> [Double] {
        guard epoch > 0, epoch % stepSize == 0 else { return optimizer.learningRates }
        return optimizer.learningRates.map { $0 * gamma }
    }

    /// The learning rates by the formula that stands at the type.
    public override func ratesAtStart() -> [Double] { baseLearningRates }
}

extension Scheduler where Self == StepLR {
    /// The learning rate times `gamma` after every `size` epochs.
    public static func stepLR(_ optimizer: any Optimizer, size: Int, gamma: Double = 0.1) -> StepLR {
        StepLR(optimizer, stepSize: size, gamma: gamma)
    }
}

/// The learning rate times `gamma` at each of some epochs. PyTorch's `MultiStepLR`.
public final class MultiStepLR: LRScheduler {
    private let milestones: [Int]
    private let gamma: Double

    /// A schedule with steps at `milestones`; one that is named twice counts twice.
    public init(_ optimizer: any Optimizer, milestones: [Int], gamma: Double = 0.1) {
        self.milestones = milestones
        self.gamma = gamma
        super.init(optimizer)
    }

    /// The learning rates by the formula that stands at the type.
    public override func rates(isInitial: Bool) -> [Double] {
        let count = milestones.count { $0 == epoch }
        guard count > 0 else { return optimizer.learningRates }
        return optimizer.learningRates.map { $0 * pow(gamma, Double(count)) }
    }

    /// The learning rates by the formula that stands at the type.
    public override func ratesAtStart() -> [Double] {
        baseLearningRates.map { $0 * pow(gamma, Double(milestones.count { $0 <= 0 })) }
    }
}

/// The learning rate times `gamma` after every epoch. PyTorch's `ExponentialLR`.
public final class ExponentialLR: LRScheduler {
    private let gamma: Double

    /// A schedule with this factor.
    public init(_ optimizer: any Optimizer, gamma: Double) {
        self.gamma = gamma
        super.init(optimizer)
    }

    /// The learning rates by the formula that stands at the type.
    public override func rates(isInitial: Bool) -> [Double] {
        isInitial ? optimizer.learningRates : optimizer.learningRates.map { $0 * gamma }
    }

    /// The learning rates by the formula that stands at the type.
    public override func ratesAtStart() -> [Double] { baseLearningRates }
}

extension Scheduler where Self == ExponentialLR {
    /// The learning rate times `gamma` after every epoch.
    public static func exponentialLR(_ optimizer: any Optimizer, gamma: Double) -> ExponentialLR {
        ExponentialLR(optimizer, gamma: gamma)
    }
}

/// The learning rate times `factor` for the first `totalIters` epochs. PyTorch's `ConstantLR`.
public final class ConstantLR: LRScheduler {
    private let factor: Double
    private let totalIters: Int

    /// A schedule with PyTorch's defaults.
    public init(_ optimizer: any Optimizer, factor: Double = 1.0 / 3, totalIters: Int = 5) {
        require(factor > 0 && factor <= 1, "ConstantLR", "factor must be in 0...1; it is \(factor)")
        self.factor = factor
        self.totalIters = totalIters
        super.init(optimizer)
    }

    /// The learning rates by the formula that stands at the type.
    public override func rates(isInitial: Bool) -> [Double] {
        if epoch == 0 { return optimizer.learningRates.map { $0 * factor } }
        return epoch == totalIters ? optimizer.learningRates.map { $0 * (1 / factor) } : optimizer.learningRates
    }

    /// The learning rates by the formula that stands at the type.
    public override func ratesAtStart() -> [Double] {
        baseLearningRates.map { $0 * (factor + (totalIters <= 0 ? 1 - factor : 0)) }
    }
}
