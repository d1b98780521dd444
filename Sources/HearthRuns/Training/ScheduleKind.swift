import Hearth

/// A course of the learning rate that `hearth train --schedule` takes.
struct ScheduleKind: Sendable {
    /// What a schedule is made for.
    struct Course {
        let lr: Double
        let epochs: Int
        /// The batches of an epoch.
        let batches: Int
    }

    let name: String
    /// True when it ends with the last epoch, so that no epoch can be added.
    let ends: Bool
    /// Makes the schedule; nil for a constant rate.
    let make: @Sendable (_ optimizer: any Optimizer, _ course: Course) -> (any Scheduler)?

    init(
        _ name: String, ends: Bool = true,
        _ make: @escaping @Sendable (_ optimizer: any Optimizer, _ course: Course) -> (any Scheduler)?
    ) {
        self.name = name
        self.ends = ends
        self.make = make
    }

    static let names = all.map(\.name)

    static func named(_ name: String) -> ScheduleKind? { all.first { $0.name == name } }

    private static let all = [
        ScheduleKind("constant", ends: false) { _, _ in nil },
        ScheduleKind("step", ends: false) { StepLR($0, stepSize: max($1.epochs / 3, 1)) },
        // To a hundredth of the rate in the last epoch.
        ScheduleKind("exponential") { ExponentialLR($0, gamma: Tensor(0.01).pow(1 / Double($1.epochs)).item()) },
        ScheduleKind("linear") { LinearLR($0, startFactor: 1, endFactor: 0, totalIters: $1.epochs) },
        ScheduleKind("polynomial") { PolynomialLR($0, totalIters: $1.epochs, power: 2) },
        ScheduleKind("cosine") { CosineAnnealingLR($0, tMax: $1.epochs) },
        ScheduleKind("warmup-cosine") { optimizer, course in
            let warmup = max(course.epochs / 10, 1)
            return SequentialLR(
                warmup: warmup, then: CosineAnnealingLR(optimizer, tMax: max(course.epochs - warmup, 1)))
        },
        ScheduleKind("onecycle") {
            OneCycleLR($0, maxLR: $1.lr, totalSteps: $1.epochs * $1.batches, cycleMomentum: false)
        },
        ScheduleKind("plateau", ends: false) { optimizer, _ in
            ReduceLROnPlateau(optimizer, factor: 0.5, patience: 2)
        },
    ]
}
