/// Whether a small value is good or a large one.
public enum Direction: String, Sendable {
    /// Small values are good.
    case minimize
    /// Large values are good.
    case maximize

    /// The value turned so that small is good.
    func cost(_ value: Double) -> Double { self == .minimize ? value : -value }
}
