// Arithmetic between tensors, and between a tensor and a number. Operands are broadcast and promoted as in PyTorch
// (<https://docs.pytorch.org/docs/stable/notes/broadcasting.html>).
extension Tensor {
    /// The sum, element by element.
    public static func + (x: Tensor, y: Tensor) -> Tensor { x.binary(.add, y) }
    /// The difference, element by element.
    public static func - (x: Tensor, y: Tensor) -> Tensor { x.binary(.subtract, y) }
    /// The product, element by element. The product of matrices is `matmul`.
    public static func * (x: Tensor, y: Tensor) -> Tensor { x.binary(.multiply, y) }
    /// The quotient, element by element; of integers in `float32`.
    public static func / (x: Tensor, y: Tensor) -> Tensor { x.binary(.divide, y) }
    /// The remainder with the sign of `y`, element by element, as Python's `%`.
    public static func % (x: Tensor, y: Tensor) -> Tensor { x.binary(.remainder, y) }

    /// Adds a number to every element.
    public static func + (x: Tensor, y: some ScalarConvertible) -> Tensor { x.binary(.add, y.scalar) }
    /// Adds a number to every element.
    public static func + (x: some ScalarConvertible, y: Tensor) -> Tensor { y.binary(.add, x.scalar) }
    /// Subtracts a number from every element.
    public static func - (x: Tensor, y: some ScalarConvertible) -> Tensor { x.binary(.subtract, y.scalar) }
    /// Subtracts every element from a number.
    public static func - (x: some ScalarConvertible, y: Tensor) -> Tensor {
        y.binary(.subtract, x.scalar, scalarFirst: true)
    }
    /// Multiplies every element by a number.
    public static func * (x: Tensor, y: some ScalarConvertible) -> Tensor { x.binary(.multiply, y.scalar) }
    /// Multiplies every element by a number.
    public static func * (x: some ScalarConvertible, y: Tensor) -> Tensor { y.binary(.multiply, x.scalar) }
    /// Divides every element by a number; integers in `float32`.
    public static func / (x: Tensor, y: some ScalarConvertible) -> Tensor { x.binary(.divide, y.scalar) }
    /// Divides a number by every element; integers in `float32`.
    public static func / (x: some ScalarConvertible, y: Tensor) -> Tensor {
        y.binary(.divide, x.scalar, scalarFirst: true)
    }
    /// The remainder by a number, with the number's sign.
    public static func % (x: Tensor, y: some ScalarConvertible) -> Tensor { x.binary(.remainder, y.scalar) }

    /// The negative of every element.
    public static prefix func - (x: Tensor) -> Tensor { x.unary(.negate) }

    /// Adds in place where no other tensor shares the elements.
    public static func += (x: inout Tensor, y: Tensor) { x.combine(.add, y) { $0 + $1 } }
    /// Subtracts in place where no other tensor shares the elements.
    public static func -= (x: inout Tensor, y: Tensor) { x.combine(.subtract, y) { $0 - $1 } }
    /// Multiplies in place where no other tensor shares the elements.
    public static func *= (x: inout Tensor, y: Tensor) { x.combine(.multiply, y) { $0 * $1 } }
    /// Divides in place where no other tensor shares the elements.
    public static func /= (x: inout Tensor, y: Tensor) { x.combine(.divide, y) { $0 / $1 } }

    /// Adds a number to every element.
    public static func += (x: inout Tensor, y: some ScalarConvertible) { x = x + y }
    /// Subtracts a number from every element.
    public static func -= (x: inout Tensor, y: some ScalarConvertible) { x = x - y }
    /// Multiplies every element by a number.
    public static func *= (x: inout Tensor, y: some ScalarConvertible) { x = x * y }
    /// Divides every element by a number.
    public static func /= (x: inout Tensor, y: some ScalarConvertible) { x = x / y }

    /// Applies a row of the table in place where the elements are this value's alone and nothing is recorded.
    private mutating func combine(_ function: BinaryFunction, _ y: Tensor, otherwise: (Tensor, Tensor) -> Tensor) {
        let records = isGradEnabled && (requiresGrad || y.requiresGrad)
        guard !records, !requiresGrad, shape == y.shape, dtype == y.dtype, dtype.isFloatingPoint,
            y.device == device, isContiguous || layout.showsOnce, ownsElements()
        else {
            self = otherwise(self, y)
            return
        }
        applyInPlace(Binary(function: function), Operands(self, y))
    }

    /// `self + alpha * other` in one pass.
    public func add(_ other: Tensor, alpha: Double = 1) -> Tensor {
        binary(.addScaled, other, Parameters(a: alpha))
    }
    /// The quotient rounded towards negative infinity, as Python's `//`.
    public func floorDivide(_ other: Tensor) -> Tensor { binary(.floorDivide, other) }
    /// The quotient by a number rounded towards negative infinity.
    public func floorDivide(_ other: some ScalarConvertible) -> Tensor { binary(.floorDivide, other.scalar) }
    /// The remainder with the sign of `other`; PyTorch's `remainder`.
    public func remainder(_ other: Tensor) -> Tensor { binary(.remainder, other) }
    /// The remainder with the sign of `self`; C's `fmod`.
    public func fmod(_ other: Tensor) -> Tensor { binary(.fmod, other) }
    /// The remainder by a number with the sign of `self`.
    public func fmod(_ other: some ScalarConvertible) -> Tensor { binary(.fmod, other.scalar) }
    /// Each element raised to the power of the other's.
    public func pow(_ exponent: Tensor) -> Tensor { binary(.power, exponent) }
    /// Each element raised to a power.
    public func pow(_ exponent: some ScalarConvertible) -> Tensor { pow(exponent.scalar) }
    private func pow(_ exponent: Scalar) -> Tensor {
        switch exponent {
        case .int(2): square()
        case .double(2) where dtype.isFloatingPoint: square()
        case .double(0.5): sqrt()
        case .int(1) where dtype != .bool: self
        case .bool(true): self
        default: binary(.power, exponent)
        }
    }
    /// A number raised to the power of each element.
    public static func pow(_ base: some ScalarConvertible, _ exponent: Tensor) -> Tensor {
        exponent.binary(.power, base.scalar, scalarFirst: true)
    }
    /// The angle of the point (`x`, `self`), in radians in `-π...π`.
    public func atan2(_ x: Tensor) -> Tensor { binary(.atan2, x) }
    /// The larger of each pair; NaN when either is.
    public func maximum(_ other: Tensor) -> Tensor { binary(.maximum, other) }
    /// The smaller of each pair; NaN when either is.
    public func minimum(_ other: Tensor) -> Tensor { binary(.minimum, other) }
    /// `sqrt(self² + other²)` without overflow on the way.
    public func hypot(_ other: Tensor) -> Tensor { binary(.hypot, other) }
    /// `self * log(other)`, and 0 where `self` is 0.
    public func xlogy(_ other: Tensor) -> Tensor { binary(.xlogy, other) }
    /// The magnitude of `self` with the sign of `other`.
    public func copysign(_ other: Tensor) -> Tensor { binary(.copysign, other) }
    /// `self + weight * (end - self)`: from `self` at 0 to `end` at 1.
    public func lerp(_ end: Tensor, weight: Double) -> Tensor { add(end - self, alpha: weight) }
    /// `self + value * x * y`.
    public func addcmul(_ x: Tensor, _ y: Tensor, value: Double = 1) -> Tensor { add(x * y, alpha: value) }
    /// `self + value * x / y`.
    public func addcdiv(_ x: Tensor, _ y: Tensor, value: Double = 1) -> Tensor { add(x / y, alpha: value) }
}
