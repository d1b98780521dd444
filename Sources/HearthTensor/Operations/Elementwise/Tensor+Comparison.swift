import CKernels

// Comparisons and logic, element by element; all give tensors of bool. `==` compares elements as in PyTorch; to ask
// whether two tensors are the same use `isEqual(to:)` or `isClose`.
extension Tensor {
    /// True where the elements are equal.
    public static func == (x: Tensor, y: Tensor) -> Tensor { x.binary(.equal, y) }
    /// True where the elements differ.
    public static func != (x: Tensor, y: Tensor) -> Tensor { x.binary(.notEqual, y) }
    /// True where `x` is smaller.
    public static func < (x: Tensor, y: Tensor) -> Tensor { x.binary(.less, y) }
    /// True where `x` is smaller or equal.
    public static func <= (x: Tensor, y: Tensor) -> Tensor { x.binary(.lessEqual, y) }
    /// True where `x` is larger.
    public static func > (x: Tensor, y: Tensor) -> Tensor { x.binary(.greater, y) }
    /// True where `x` is larger or equal.
    public static func >= (x: Tensor, y: Tensor) -> Tensor { x.binary(.greaterEqual, y) }

    /// True where the element equals a number.
    public static func == (x: Tensor, y: some ScalarConvertible) -> Tensor { x.binary(.equal, y.scalar) }
    /// True where the element differs from a number.
    public static func != (x: Tensor, y: some ScalarConvertible) -> Tensor { x.binary(.notEqual, y.scalar) }
    /// True where the element is smaller than a number.
    public static func < (x: Tensor, y: some ScalarConvertible) -> Tensor { x.binary(.less, y.scalar) }
    /// True where the element is at most a number.
    public static func <= (x: Tensor, y: some ScalarConvertible) -> Tensor { x.binary(.lessEqual, y.scalar) }
    /// True where the element is larger than a number.
    public static func > (x: Tensor, y: some ScalarConvertible) -> Tensor { x.binary(.greater, y.scalar) }
    /// True where the element is at least a number.
    public static func >= (x: Tensor, y: some ScalarConvertible) -> Tensor { x.binary(.greaterEqual, y.scalar) }

    /// Bits in both; of bool, logical and.
    public static func & (x: Tensor, y: Tensor) -> Tensor { x.binary(.bitwiseAnd, y) }
    /// Bits in either; of bool, logical or.
    public static func | (x: Tensor, y: Tensor) -> Tensor { x.binary(.bitwiseOr, y) }
    /// Bits in one but not both; of bool, exclusive or.
    public static func ^ (x: Tensor, y: Tensor) -> Tensor { x.binary(.bitwiseXor, y) }
    /// Every bit turned; of bool, logical not.
    public static prefix func ~ (x: Tensor) -> Tensor { x.unary(x.dtype == .bool ? .logicalNot : .bitwiseNot) }
    /// Bits shifted towards the high end.
    public static func << (x: Tensor, y: Tensor) -> Tensor { x.binary(.shiftLeft, y) }
    /// Bits shifted towards the low end, the sign kept.
    public static func >> (x: Tensor, y: Tensor) -> Tensor { x.binary(.shiftRight, y) }
    /// Bits shifted towards the high end.
    public static func << (x: Tensor, y: Int) -> Tensor { x.binary(.shiftLeft, .int(y)) }
    /// Bits shifted towards the low end, the sign kept.
    public static func >> (x: Tensor, y: Int) -> Tensor { x.binary(.shiftRight, .int(y)) }

    /// True where both elements are not 0.
    public func logicalAnd(_ other: Tensor) -> Tensor { binary(.logicalAnd, other) }
    /// True where either element is not 0.
    public func logicalOr(_ other: Tensor) -> Tensor { binary(.logicalOr, other) }
    /// True where exactly one element is not 0.
    public func logicalXor(_ other: Tensor) -> Tensor { binary(.logicalXor, other) }
    /// True where the element is 0.
    public func logicalNot() -> Tensor { unary(.logicalNot) }

    /// True where the element is not a number.
    public func isNaN() -> Tensor { unary(.isNaN) }
    /// True where the element is infinite.
    public func isInfinite() -> Tensor { unary(.isInfinite) }
    /// True where the element is neither infinite nor NaN.
    public func isFinite() -> Tensor { unary(.isFinite) }

    /// True where `|self - other| <= absolute + relative * |other|`; PyTorch's `isclose`.
    public func isClose(
        to other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8, equalNaN: Bool = false
    ) -> Tensor {
        let near = (self == other) | (((self - other).abs() <= other.abs() * relative + absolute) & other.isFinite())
        return equalNaN ? near | (isNaN() & other.isNaN()) : near
    }

    /// True when every element is close; PyTorch's `allclose`.
    public func allClose(
        to other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8, equalNaN: Bool = false
    ) -> Bool {
        isClose(to: other, relative: relative, absolute: absolute, equalNaN: equalNaN).all().item(as: Bool.self)
    }

    /// True when shapes and all elements are equal; PyTorch's `torch.equal`.
    public func isEqual(to other: Tensor) -> Bool {
        shape == other.shape && (self == other).all().item(as: Bool.self)
    }
}
