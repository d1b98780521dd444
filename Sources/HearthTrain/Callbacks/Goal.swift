/// Whether a smaller or a larger value is better.
public enum Goal: String, Sendable {
    /// Small is good.
    case minimize
    /// Large is good.
    case maximize

    /// Guessed from a value's name: losses and errors are to be small, all else large.
    public init(for name: String) {
        let small = ["loss", "mse", "mae", "mape", "msle", "error", "perplexity", "brier"]
        self = small.contains(where: name.hasSuffix) ? .minimize : .maximize
    }

    func isBetter(_ value: Double, than other: Double, by margin: Double = 0) -> Bool {
        self == .minimize ? value < other - margin : value > other + margin
    }

    /// What every value is better than.
    var worst: Double { self == .minimize ? .infinity : -.infinity }
}

/// A value that a callback looks for is not among those of the epoch.
public struct MissingValueError: Error, CustomStringConvertible {
    /// What was looked for.
    public let name: String
    /// What there is.
    public let available: [String]

    /// Both lists.
    public var description: String {
        "no value is called '\(name)'; the epoch has \(available.joined(separator: ", "))"
    }
}

extension EpochRecord {
    /// The value with this name. Throws `MissingValueError` when there is none.
    func value(_ name: String) throws -> Double {
        guard let value = self[name] else { throw MissingValueError(name: name, available: values.map(\.name)) }
        return value
    }
}
