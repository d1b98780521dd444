import HearthTensor
import Testing

import HearthNN

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The learning rates of every schedule against PyTorch's, over 100 steps with two groups.
@Suite struct ScheduleTests {
    typealias Make = @Sendable (any Optimizer) -> any Scheduler

    static let goldens = NetworkGoldens.read("schedules")

    static let schedules: [String: Make] = [
        "LambdaLR": { LambdaLR($0) { pow(0.95, Double($0)) } },
        "LambdaLR groups": { LambdaLR($0, [{ 1 / Double(1 + $0) }, { pow(0.9, Double($0)) }]) },
        "MultiplicativeLR": { MultiplicativeLR($0) { $0 % 2 == 1 ? 0.99 : 1.001 } },
        "StepLR": { StepLR($0, stepSize: 7) },
        "StepLR gamma": { StepLR($0, stepSize: 3, gamma: 0.9) },
        "MultiStepLR": { MultiStepLR($0, milestones: [5, 20, 20, 60], gamma: 0.3) },
        "ConstantLR": { ConstantLR($0) },
        "ConstantLR long": { ConstantLR($0, factor: 0.2, totalIters: 40) },
        "LinearLR": { LinearLR($0) },
        "LinearLR down": { LinearLR($0, startFactor: 0.9, endFactor: 0.1, totalIters: 70) },
        "ExponentialLR": { ExponentialLR($0, gamma: 0.97) },
        "PolynomialLR": { PolynomialLR($0) },
        "PolynomialLR power": { PolynomialLR($0, totalIters: 80, power: 2.5) },
        "CosineAnnealingLR": { CosineAnnealingLR($0, tMax: 100) },
        "CosineAnnealingLR again": { CosineAnnealingLR($0, tMax: 13, etaMin: 1e-3) },
        "CosineAnnealingWarmRestarts": { CosineAnnealingWarmRestarts($0, t0: 10) },
        "CosineAnnealingWarmRestarts longer": { CosineAnnealingWarmRestarts($0, t0: 5, tMult: 2, etaMin: 1e-4) },
        "OneCycleLR": { OneCycleLR($0, maxLR: 0.3, totalSteps: 100) },
        "OneCycleLR linear": {
            OneCycleLR(
                $0, maxLR: [0.3, 0.1], totalSteps: 120, pctStart: 0.25, annealStrategy: .linear,
                baseMomentum: [0.8, 0.7], maxMomentum: 0.9, divFactor: 10, finalDivFactor: 100)
        },
        "OneCycleLR three": { OneCycleLR($0, maxLR: 0.3, totalSteps: 100, threePhase: true) },
        "OneCycleLR alone": { OneCycleLR($0, maxLR: 0.3, totalSteps: 100, cycleMomentum: false) },
        "CyclicLR": { CyclicLR($0, baseLR: 0.01, maxLR: 0.1, stepSizeUp: 8) },
        "CyclicLR triangular2": {
            CyclicLR(
                $0, baseLR: [0.01, 0.001], maxLR: [0.1, 0.2], stepSizeUp: 6, stepSizeDown: 11, mode: .triangular2)
        },
        "CyclicLR exponential": {
            CyclicLR(
                $0, baseLR: 0.01, maxLR: 0.1, stepSizeUp: 9, mode: .exponential(gamma: 0.98), baseMomentum: 0.7,
                maxMomentum: 0.95)
        },
        "CyclicLR function": {
            CyclicLR(
                $0, baseLR: 0.01, maxLR: 0.1, stepSizeUp: 9, mode: .byCycle { 1 / Double($0) }, cycleMomentum: false)
        },
        "SWALR": { SWALR($0, swaLR: 0.05) },
        "SWALR linear": { SWALR($0, swaLR: [0.02, 0.3], annealEpochs: 23, annealStrategy: .linear) },
        "SWALR at once": { SWALR($0, swaLR: 0.05, annealEpochs: 0) },
        "SequentialLR": {
            SequentialLR(
                [ConstantLR($0, factor: 0.1, totalIters: 20), ExponentialLR($0, gamma: 0.9)], milestones: [20])
        },
        "SequentialLR warmup": { SequentialLR(warmup: 10, then: CosineAnnealingLR($0, tMax: 90)) },
        "SequentialLR three": {
            SequentialLR(
                [
                    LinearLR($0, startFactor: 0.1, totalIters: 6), StepLR($0, stepSize: 4, gamma: 0.8),
                    PolynomialLR($0, totalIters: 50),
                ], milestones: [6, 40])
        },
        "SequentialLR restarts": {
            SequentialLR(warmup: 6, from: 0.1, then: CosineAnnealingWarmRestarts($0, t0: 7, tMult: 2))
        },
        "SequentialLR functions": {
            SequentialLR(
                [
                    LambdaLR($0) { 1 / Double($0 + 1) }, MultiplicativeLR($0) { _ in 0.95 },
                    MultiStepLR($0, milestones: [0, 10], gamma: 0.5),
                ], milestones: [5, 50])
        },
        "SequentialLR averaging": {
            SequentialLR([ExponentialLR($0, gamma: 0.9), SWALR($0, swaLR: 0.02)], milestones: [30])
        },
        "ChainedScheduler": {
            ChainedScheduler([ConstantLR($0, factor: 0.1, totalIters: 20), ExponentialLR($0, gamma: 0.9)])
        },
        "ChainedScheduler three": {
            ChainedScheduler([
                LinearLR($0, startFactor: 0.1, totalIters: 30), StepLR($0, stepSize: 10, gamma: 0.7),
                MultiplicativeLR($0) { _ in 0.99 },
            ])
        },
        "ReduceLROnPlateau": { ReduceLROnPlateau($0, patience: 3) },
        "ReduceLROnPlateau max": {
            ReduceLROnPlateau(
                $0, mode: .max, factor: 0.5, patience: 2, threshold: 0.01, thresholdMode: .absolute, cooldown: 4,
                minLR: [1e-3, 1e-2], eps: 1e-5)
        },
        "ReduceLROnPlateau relative": {
            ReduceLROnPlateau($0, mode: .max, factor: 0.7, patience: 1, threshold: 0.1)
        },
        "ReduceLROnPlateau absolute": {
            ReduceLROnPlateau($0, factor: 0.7, patience: 1, threshold: 0.1, thresholdMode: .absolute, cooldown: 2)
        },
    ]

    private static func optimizer(_ kind: Substring) -> any Optimizer {
        let (p, q) = (Parameter(.zeros([1])), Parameter(.zeros([1])))
        if kind == "Adam" {
            return Adam(groups: [.init([p], AdamOptions(lr: 0.1)), .init([q], AdamOptions(lr: 0.02))])
        }
        return SGD(
            groups: [
                .init([p], SGDOptions(lr: 0.1, momentum: 0.9)), .init([q], SGDOptions(lr: 0.02, momentum: 0.9)),
            ])
    }

    private static let metrics = goldens["metrics"]!.array(of: Double.self)

    private static func step(_ schedule: any Scheduler, _ step: Int) {
        if let schedule = schedule as? any MetricScheduler {
            schedule.step(metric: metrics[step])
        } else {
            schedule.step()
        }
    }

    private static let names = goldens.keys.filter { !$0.hasSuffix("/momentum") && $0 != "metrics" }

    /// The optimizer and the schedule of a case.
    private static func make(_ name: String) throws -> (any Optimizer, any Scheduler) {
        let parts = name.split(separator: " ", maxSplits: 1)
        let optimizer = optimizer(parts[0])
        let make = try #require(schedules[String(parts[1])])
        return (optimizer, make(optimizer))
    }

    @Test func everyScheduleHasAGolden() {
        #expect(Set(Self.names.map { String($0.split(separator: " ", maxSplits: 1)[1]) }) == Set(Self.schedules.keys))
    }

    @Test(arguments: names)
    func followsPyTorch(_ name: String) throws {
        let (optimizer, schedule) = try Self.make(name)
        let expected = Self.goldens[name]!.array(of: Double.self)
        let momenta = Self.goldens["\(name)/momentum"]?.array(of: Double.self)
        for step in 0...100 {
            for group in 0..<2 {
                let (found, golden) = (optimizer.learningRates[group], expected[2 * step + group])
                #expect(abs(found - golden) <= 1e-12, "step \(step)")
                if let momenta {
                    #expect(abs(optimizer.momenta[group] - momenta[2 * step + group]) <= 1e-12, "step \(step)")
                }
            }
            if step < 100 { Self.step(schedule, step) }
        }
        #expect(schedule.epoch == 100)
    }

    @Test(arguments: names)
    func goesOnFromItsState(_ name: String) throws {
        let (whole, schedule) = try Self.make(name)
        for step in 0..<37 { Self.step(schedule, step) }
        let saved = (schedule.state, whole.state)
        let (resumed, again) = try Self.make(name)
        try resumed.load(saved.1)
        again.state = saved.0
        for step in 37..<90 {
            Self.step(schedule, step)
            Self.step(again, step)
            #expect(whole.learningRates == resumed.learningRates && whole.momenta == resumed.momenta)
        }
        let state = again.state
        again.state = [1]
        #expect(again.state == state)
    }

    @Test func misuseStopsTheProgram() async {
        await #expect(processExitsWith: .failure) {
            OneCycleLR(Adadelta([Parameter(.zeros([1]))]), maxLR: 0.1, totalSteps: 10).step()
        }
        await #expect(processExitsWith: .failure) {
            let schedule = OneCycleLR(SGD([Parameter(.zeros([1]))]), maxLR: 0.1, totalSteps: 10)
            for _ in 0..<11 { schedule.step() }
        }
        await #expect(processExitsWith: .failure) { ReduceLROnPlateau(SGD([Parameter(.zeros([1]))])).step() }
        await #expect(processExitsWith: .failure) {
            SWALR(SGD([Parameter(.zeros([1]))]), swaLR: [0.1, 0.2]).step()
        }
    }
}
