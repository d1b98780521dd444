/// A single number that takes part in an operation with a tensor.
///
/// As in PyTorch its kind counts and its precision does not: `x * 0.5` keeps a `float32` tensor `float32`, and makes
/// an integer tensor one of `float32`.
public enum Scalar: Sendable, Hashable {
    case bool(Bool)
    case int(Int)
    case double(Double)

    /// The value as a `Double`.
    public var double: Double {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): Double(value)
        case .double(let value): value
        }
    }

    /// The type of the result of an operation between a tensor of `dtype` and this number.
    func promoted(with dtype: DType) -> DType {
        switch self {
        case .bool: dtype
        case .int: dtype == .bool ? .int64 : dtype
        case .double: dtype.isFloatingPoint ? dtype : .float32
        }
    }
}

/// A Swift number that can take part in an operation with a tensor: `x * 2`, `x + rate`.
public protocol ScalarConvertible: Sendable {
    /// The number as an operand.
    var scalar: Scalar { get }
}

extension Scalar: ScalarConvertible {
    /// The number as an operand.
    public var scalar: Scalar { self }
}

extension Bool: ScalarConvertible {
    /// The number as an operand.
    public var scalar: Scalar { .bool(self) }
}

extension Int: ScalarConvertible {
    /// The number as an operand.
    public var scalar: Scalar { .int(self) }
}

extension Double: ScalarConvertible {
    /// The number as an operand.
    public var scalar: Scalar { .double(self) }
}

extension Float: ScalarConvertible {
    /// The number as an operand.
    public var scalar: Scalar { .double(Double(self)) }
}
