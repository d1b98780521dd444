/// What random numbers look like.
package enum Distribution: Sendable, Hashable {
    /// Uniform in `low ..< high`.
    case uniform(low: Double, high: Double)
    case normal(mean: Double, deviation: Double)
    /// Integers, uniform in `low ..< high`, in any dtype.
    case integers(low: Int, high: Int)
    /// 1 with `probability`, else 0, in any dtype.
    case bernoulli(probability: Double)
    case exponential(rate: Double)
}

extension Distribution {
    /// PyTorch's names of the kinds.
    static let names = ["uniform", "normal", "randint", "bernoulli", "exponential"]

    var name: String {
        switch self {
        case .uniform: "uniform"
        case .normal: "normal"
        case .integers: "randint"
        case .bernoulli: "bernoulli"
        case .exponential: "exponential"
        }
    }

    var attributes: Attributes {
        switch self {
        case .uniform(let low, let high): ["low": low, "high": high]
        case .normal(let mean, let deviation): ["mean": mean, "std": deviation]
        case .integers(let low, let high): ["low": low, "high": high]
        case .bernoulli(let probability): ["probability": probability]
        case .exponential(let rate): ["rate": rate]
        }
    }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        switch name {
        case "uniform": self = .uniform(low: try attributes["low"], high: try attributes["high"])
        case "normal": self = .normal(mean: try attributes["mean"], deviation: try attributes["std"])
        case "randint": self = .integers(low: try attributes["low"], high: try attributes["high"])
        case "bernoulli": self = .bernoulli(probability: try attributes["probability"])
        case "exponential": self = .exponential(rate: try attributes["rate"])
        default: throw AttributeError("there is no distribution called '\(name)'")
        }
    }
}
