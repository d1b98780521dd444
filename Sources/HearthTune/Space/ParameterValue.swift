/// The value of one parameter of a trial.
public enum ParameterValue: Sendable, Hashable, CustomStringConvertible {
    /// A whole number.
    case int(Int)
    /// A real number.
    case float(Double)
    /// One of several words.
    case category(String)

    /// The value as it is written.
    public var description: String {
        switch self {
        case .int(let value): "\(value)"
        case .float(let value): "\(value)"
        case .category(let value): value
        }
    }
}
