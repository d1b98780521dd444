import HearthTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The learning rate up and down between two values, batch by batch, and the momentum down and up. PyTorch's
/// `CyclicLR`.
///
/// Source: Smith, "Cyclical Learning Rates for Training Neural Networks", 2015 (<https://arxiv.org/abs/1506.01186>).
public final class CyclicLR: LRScheduler {
    /// How high the cycles go.
    public enum Mode {
        /// All the same.
        case triangular
        /// Each half as high as the one before.
        case triangular2
        /// `gamma` to the power of the batch.
        case exponential(gamma: Double)
        /// A function of the cycle, from 1.
        case byCycle((Int) -> Double)
        /// A function of the batch, from 0.
        case byBatch((Int) -> Double)
    }

    private let largest: [Double]
    private let size: Double
    private let share: Double
    private let mode: Mode
    private let momenta: (base: [Double], largest: [Double])?

    /// A schedule with PyTorch's defaults.
    ///
    /// - Parameters:
    ///   - baseLR: The learning rate at the start, and the lowest.
    ///   - maxLR: The highest learning rate.
    ///   - stepSizeUp: How many batches the way up takes.
    ///   - stepSizeDown: How many batches the way down takes; by default as many.
    ///   - mode: How high the cycles go.
    ///   - cycleMomentum: Whether momentum, or the first beta, goes from `maxMomentum` to `baseMomentum` and back.
    public init(
        _ optimizer: any Optimizer, baseLR: some GroupNumbers, maxLR: some GroupNumbers, stepSizeUp: Int = 2000,
        stepSizeDown: Int? = nil, mode: Mode = .triangular, cycleMomentum: Bool = true,
        baseMomentum: some GroupNumbers = 0.8, maxMomentum: some GroupNumbers = 0.9
    ) {
        require(stepSizeUp > 0 && (stepSizeDown ?? 1 > 0), "CyclicLR", "step sizes must be positive")
        let base = optimizer.numbers(baseLR, "CyclicLR: baseLR")
        largest = optimizer.numbers(maxLR, "CyclicLR: maxLR")
        size = Double(stepSizeUp + (stepSizeDown ?? stepSizeUp))
        share = Double(stepSizeUp) / size
        self.mode = mode
        momenta =
            cycleMomentum
            ? optimizer.cycledMomenta("CyclicLR", baseMomentum, maxMomentum) : nil
        optimizer.learningRates = base
        super.init(optimizer)
        baseLearningRates = base
    }

    /// After what `Trainer` calls `step`: a batch.
    public override var interval: ScheduleInterval { .batch }

    /// The learning rates by the formula that stands at the type.
    public override func rates(isInitial: Bool) -> [Double] {
        let time = Double(epoch) / size
        let cycle = (1 + time).rounded(.down)
        let x = 1 + time - cycle
        let height = x <= share ? x / share : (x - 1) / (share - 1)
        let scale = scale(cycle: Int(cycle))
        if let momenta {
            optimizer.momenta = zip(momenta.base, momenta.largest).map { $1 - ($1 - $0) * height * scale }
        }
        return zip(baseLearningRates, largest).map { $0 + ($1 - $0) * height * scale }
    }

    private func scale(cycle: Int) -> Double {
        switch mode {
        case .triangular: 1
        case .triangular2: 1 / pow(2, Double(cycle - 1))
        case .exponential(let gamma): pow(gamma, Double(epoch))
        case .byCycle(let function): function(cycle)
        case .byBatch(let function): function(epoch)
        }
    }
}

/// One way up to a high learning rate and one far down, batch by batch, and the momentum down and up. PyTorch's
/// `OneCycleLR`.
///
/// Source: Smith and Topin, "Super-Convergence", 2017 (<https://arxiv.org/abs/1708.07120>).
public final class OneCycleLR: LRScheduler {
    private struct Phase {
        var end: Double
        var rates: KeyPath<Heights, Double>
        var endRates: KeyPath<Heights, Double>
        var momentum: KeyPath<Heights, Double>
        var endMomentum: KeyPath<Heights, Double>
    }

    /// The values between which a group goes.
    private struct Heights {
        var initialLR: Double
        var maxLR: Double
        var minLR: Double
        var baseMomentum: Double
        var maxMomentum: Double
    }

    private let totalSteps: Int
    private let phases: [Phase]
    private let heights: [Heights]
    private let annealing: Annealing
    private let cyclesMomentum: Bool

    /// A schedule with PyTorch's defaults.
    ///
    /// - Parameters:
    ///   - maxLR: The highest learning rate.
    ///   - totalSteps: The batches of all epochs. More steps stop the program.
    ///   - pctStart: The part of the batches in which the learning rate goes up.
    ///   - annealStrategy: Which way it goes.
    ///   - cycleMomentum: Whether momentum, or the first beta, goes from `maxMomentum` to `baseMomentum` and back.
    ///   - divFactor: How many times less than `maxLR` the learning rate at the start is.
    ///   - finalDivFactor: How many times less than at the start it is at the end.
    ///   - threePhase: Goes back to the start in as many batches before going down.
    public init(
        _ optimizer: any Optimizer, maxLR: some GroupNumbers, totalSteps: Int, pctStart: Double = 0.3,
        annealStrategy: Annealing = .cosine, cycleMomentum: Bool = true, baseMomentum: some GroupNumbers = 0.85,
        maxMomentum: some GroupNumbers = 0.95, divFactor: Double = 25, finalDivFactor: Double = 1e4,
        threePhase: Bool = false
    ) {
        require(
            totalSteps > 0 && (0...1).contains(pctStart), "OneCycleLR",
            "totalSteps \(totalSteps) must be positive and pctStart \(pctStart) in 0...1")
        self.totalSteps = totalSteps
        annealing = annealStrategy
        cyclesMomentum = cycleMomentum
        let largest = optimizer.numbers(maxLR, "OneCycleLR: maxLR")
        let momenta =
            cycleMomentum
            ? optimizer.cycledMomenta("OneCycleLR", baseMomentum, maxMomentum)
            : (base: largest.map { _ in 0 }, largest: largest.map { _ in 0 })
        heights = largest.indices.map { index in
            let start = largest[index] / divFactor
            return Heights(
                initialLR: start, maxLR: largest[index], minLR: start / finalDivFactor,
                baseMomentum: momenta.base[index], maxMomentum: momenta.largest[index])
        }
        let up = Phase(
            end: pctStart * Double(totalSteps) - 1, rates: \.initialLR, endRates: \.maxLR, momentum: \.maxMomentum,
            endMomentum: \.baseMomentum)
        let last = Double(totalSteps - 1)
        if threePhase {
            phases = [
                up,
                Phase(
                    end: 2 * pctStart * Double(totalSteps) - 2, rates: \.maxLR, endRates: \.initialLR,
                    momentum: \.baseMomentum, endMomentum: \.maxMomentum),
                Phase(
                    end: last, rates: \.initialLR, endRates: \.minLR, momentum: \.maxMomentum,
                    endMomentum: \.maxMomentum),
            ]
        } else {
            phases = [
                up,
                Phase(
                    end: last, rates: \.maxLR, endRates: \.minLR, momentum: \.baseMomentum,
                    endMomentum: \.maxMomentum),
            ]
        }
        optimizer.initialLearningRates = heights.map(\.initialLR)
        super.init(optimizer)
    }

    /// After what `Trainer` calls `step`: a batch.
    public override var interval: ScheduleInterval { .batch }

    /// The learning rates by the formula that stands at the type.
    public override func rates(isInitial: Bool) -> [Double] {
        require(epoch <= totalSteps, "OneCycleLR", "step \(epoch) of a schedule that was made for \(totalSteps)")
        let time = Double(epoch)
        let index = phases.firstIndex { time <= $0.end } ?? phases.count - 1
        let (phase, start) = (phases[index], index == 0 ? 0 : phases[index - 1].end)
        let part = (time - start) / (phase.end - start)
        if cyclesMomentum {
            optimizer.momenta = heights.map {
                annealing.value(from: $0[keyPath: phase.momentum], to: $0[keyPath: phase.endMomentum], part)
            }
        }
        return heights.map {
            annealing.value(from: $0[keyPath: phase.rates], to: $0[keyPath: phase.endRates], part)
        }
    }
}

extension Optimizer {
    /// The momenta between which a schedule goes, for each group. Sets the larger ones.
    fileprivate func cycledMomenta(
        _ name: String, _ base: some GroupNumbers, _ largest: some GroupNumbers
    ) -> (base: [Double], largest: [Double]) {
        require(!momenta.isEmpty, "\(name)", "\(Self.self) has no momentum to cycle; say cycleMomentum: false")
        let result = (base: numbers(base, "\(name): baseMomentum"), largest: numbers(largest, "\(name): maxMomentum"))
        momenta = result.largest
        return result
    }
}
