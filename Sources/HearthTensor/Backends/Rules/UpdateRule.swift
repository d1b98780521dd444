/// How an optimizer changes a parameter, with the numbers of one step.
public enum UpdateRule: Hashable, Sendable {
    /// State: the momentum buffer when `momentum` is not 0. `isFirst`: the buffer is set to the gradient.
    case sgd(rate: Double, momentum: Double, dampening: Double, weightDecay: Double, nesterov: Bool, isFirst: Bool)
    /// State: first moment, second moment, and its maximum when `amsgrad`. `decoupled` is AdamW. `step` from 1.
    case adam(
        rate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, decoupled: Bool,
        amsgrad: Bool, step: Int)
    /// State: square average, then the momentum buffer when `momentum` is not 0, then the mean when `centered`.
    case rmsprop(
        rate: Double, alpha: Double, epsilon: Double, weightDecay: Double, momentum: Double, centered: Bool)
    /// State: the sum of squares. `rate` is already decayed.
    case adagrad(rate: Double, epsilon: Double, weightDecay: Double)
    /// State: the averages of the gradient's and of the change's squares.
    case adadelta(rate: Double, rho: Double, epsilon: Double, weightDecay: Double)
    /// State: first moment, the largest gradient as it fades. `step` from 1.
    case adamax(rate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, step: Int)
    /// State: first moment, second moment. The rates of the gradient and of its average; the parameter times `shrink`
    /// first. `step` from 1.
    case nadam(
        gradientRate: Double, averageRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double,
        shrink: Double, step: Int)
    /// State: first moment, second moment. `step` from 1.
    case radam(
        rate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, decoupled: Bool, step: Int)
    /// State: the last gradient, the step of each element, which is multiplied by `shrink` or `grow` and kept in
    /// `smallest ... largest`.
    case rprop(shrink: Double, grow: Double, smallest: Double, largest: Double)
    /// State: the average of the parameter, into which the new value goes with `weight`. The parameter times `shrink`
    /// first.
    case asgd(rate: Double, shrink: Double, weightDecay: Double, weight: Double)
    /// State: the average of the gradient. Weight decay is decoupled.
    case lion(rate: Double, beta1: Double, beta2: Double, weightDecay: Double)
}

extension UpdateRule {
    /// The rules' names.
    static let names = [
        "sgd", "adam", "rmsprop", "adagrad", "adadelta", "adamax", "nadam", "radam", "rprop", "asgd", "lion",
    ]

    var name: String {
        switch self {
        case .sgd: "sgd"
        case .adam: "adam"
        case .rmsprop: "rmsprop"
        case .adagrad: "adagrad"
        case .adadelta: "adadelta"
        case .adamax: "adamax"
        case .nadam: "nadam"
        case .radam: "radam"
        case .rprop: "rprop"
        case .asgd: "asgd"
        case .lion: "lion"
        }
    }

    var attributes: Attributes {
        switch self {
        case .sgd(let rate, let momentum, let dampening, let weightDecay, let nesterov, let isFirst):
            [
                "rate": rate, "momentum": momentum, "dampening": dampening, "weightDecay": weightDecay,
                "nesterov": nesterov, "isFirst": isFirst,
            ]
        case .adam(let rate, let beta1, let beta2, let epsilon, let weightDecay, let decoupled, let amsgrad, let step):
            [
                "rate": rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "weightDecay": weightDecay,
                "decoupled": decoupled, "amsgrad": amsgrad, "step": step,
            ]
        case .rmsprop(let rate, let alpha, let epsilon, let weightDecay, let momentum, let centered):
            [
                "rate": rate, "alpha": alpha, "epsilon": epsilon, "weightDecay": weightDecay, "momentum": momentum,
                "centered": centered,
            ]
        case .adagrad(let rate, let epsilon, let weightDecay):
            ["rate": rate, "epsilon": epsilon, "weightDecay": weightDecay]
        case .adadelta(let rate, let rho, let epsilon, let weightDecay):
            ["rate": rate, "rho": rho, "epsilon": epsilon, "weightDecay": weightDecay]
        case .adamax(let rate, let beta1, let beta2, let epsilon, let weightDecay, let step):
            [
                "rate": rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "weightDecay": weightDecay,
                "step": step,
            ]
        case .nadam(
            let gradientRate, let averageRate, let beta1, let beta2, let epsilon, let weightDecay, let shrink, let step):
            [
                "gradientRate": gradientRate, "averageRate": averageRate, "beta1": beta1, "beta2": beta2,
                "epsilon": epsilon, "weightDecay": weightDecay, "shrink": shrink, "step": step,
            ]
        case .radam(let rate, let beta1, let beta2, let epsilon, let weightDecay, let decoupled, let step):
            [
                "rate": rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "weightDecay": weightDecay,
                "decoupled": decoupled, "step": step,
            ]
        case .rprop(let shrink, let grow, let smallest, let largest):
            ["shrink": shrink, "grow": grow, "smallest": smallest, "largest": largest]
        case .asgd(let rate, let shrink, let weightDecay, let weight):
            ["rate": rate, "shrink": shrink, "weightDecay": weightDecay, "weight": weight]
        case .lion(let rate, let beta1, let beta2, let weightDecay):
            ["rate": rate, "beta1": beta1, "beta2": beta2, "weightDecay": weightDecay]
        }
    }

    init(_ name: String, _ a: Attributes) throws(AttributeError) {
        switch name {
        case "sgd":
            self = .sgd(
                rate: try a["rate"], momentum: try a["momentum"], dampening: try a["dampening"],
                weightDecay: try a["weightDecay"], nesterov: try a["nesterov"], isFirst: try a["isFirst"])
        case "adam":
            self = .adam(
                rate: try a["rate"], beta1: try a["beta1"], beta2: try a["beta2"], epsilon: try a["epsilon"],
                weightDecay: try a["weightDecay"], decoupled: try a["decoupled"], amsgrad: try a["amsgrad"],
                step: try a["step"])
        case "rmsprop":
            self = .rmsprop(
                rate: try a["rate"], alpha: try a["alpha"], epsilon: try a["epsilon"],
                weightDecay: try a["weightDecay"], momentum: try a["momentum"], centered: try a["centered"])
        case "adagrad":
            self = .adagrad(
                rate: try a["rate"], epsilon: try a["epsilon"], weightDecay: try a["weightDecay"])
        case "adadelta":
            self = .adadelta(
                rate: try a["rate"], rho: try a["rho"], epsilon: try a["epsilon"], weightDecay: try a["weightDecay"])
        case "adamax":
            self = .adamax(
                rate: try a["rate"], beta1: try a["beta1"], beta2: try a["beta2"], epsilon: try a["epsilon"],
                weightDecay: try a["weightDecay"], step: try a["step"])
        case "nadam":
            self = .nadam(
                gradientRate: try a["gradientRate"], averageRate: try a["averageRate"], beta1: try a["beta1"],
                beta2: try a["beta2"], epsilon: try a["epsilon"], weightDecay: try a["weightDecay"],
                shrink: try a["shrink"], step: try a["step"])
        case "radam":
            self = .radam(
                rate: try a["rate"], beta1: try a["beta1"], beta2: try a["beta2"], epsilon: try a["epsilon"],
                weightDecay: try a["weightDecay"], decoupled: try a["decoupled"], step: try a["step"])
        case "rprop":
            self = .rprop(
                shrink: try a["shrink"], grow: try a["grow"], smallest: try a["smallest"], largest: try a["largest"])
        case "asgd":
            self = .asgd(
                rate: try a["rate"], shrink: try a["shrink"], weightDecay: try a["weightDecay"], weight: try a["weight"]
            )
        case "lion":
            self = .lion(
                rate: try a["rate"], beta1: try a["beta1"], beta2: try a["beta2"], weightDecay: try a["weightDecay"])
        default: throw AttributeError("there is no rule called '\(name)'")
        }
    }
}
