import Hearth

/// An optimizer that `hearth train --optimizer` takes.
struct OptimizerKind: Sendable {
    let name: String
    /// Makes the optimizer; without a weight decay it has its own.
    let make: @Sendable (_ parameters: [Parameter], _ lr: Double, _ weightDecay: Double?) -> any Optimizer

    init(
        _ name: String,
        _ make: @escaping @Sendable (_ parameters: [Parameter], _ lr: Double, _ weightDecay: Double?) -> any Optimizer
    ) {
        self.name = name
        self.make = make
    }

    static let names = all.map(\.name)

    static func named(_ name: String) -> OptimizerKind? { all.first { $0.name == name } }

    private static let all = [
        OptimizerKind("adam") { Adam($0, lr: $1, weightDecay: $2 ?? 0) },
        OptimizerKind("adamw") { AdamW($0, lr: $1, weightDecay: $2 ?? 1e-2) },
        OptimizerKind("sgd") { SGD($0, lr: $1, momentum: 0.9, weightDecay: $2 ?? 0) },
        OptimizerKind("rmsprop") { RMSprop($0, lr: $1, weightDecay: $2 ?? 0) },
        OptimizerKind("adagrad") { Adagrad($0, lr: $1, weightDecay: $2 ?? 0) },
        OptimizerKind("adadelta") { Adadelta($0, lr: $1, weightDecay: $2 ?? 0) },
        OptimizerKind("adamax") { Adamax($0, lr: $1, weightDecay: $2 ?? 0) },
        OptimizerKind("nadam") { NAdam($0, lr: $1, weightDecay: $2 ?? 0) },
        OptimizerKind("radam") { RAdam($0, lr: $1, weightDecay: $2 ?? 0) },
        OptimizerKind("lion") { Lion($0, lr: $1, weightDecay: $2 ?? 0) },
    ]
}
