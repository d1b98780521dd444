/// A Swift type that a tensor can hold.
public protocol TensorElement: BitwiseCopyable, Sendable, NestedNumbers where Number == Self {
    /// The type of a tensor of these elements.
    static var dtype: DType { get }
}

extension Double: TensorElement {
    /// The dtype of tensors of this type.
    public static var dtype: DType { .float64 }
}

extension Float: TensorElement {
    /// The dtype of tensors of this type.
    public static var dtype: DType { .float32 }
}

extension Float16: TensorElement {
    /// The dtype of tensors of this type.
    public static var dtype: DType { .float16 }
}

extension BFloat16: TensorElement {
    /// The dtype of tensors of this type.
    public static var dtype: DType { .bfloat16 }
}

extension Int: TensorElement {
    /// The dtype of tensors of this type.
    public static var dtype: DType { .int64 }
}

extension Int64: TensorElement {
    /// The dtype of tensors of this type.
    public static var dtype: DType { .int64 }
}

extension Int32: TensorElement {
    /// The dtype of tensors of this type.
    public static var dtype: DType { .int32 }
}

extension Int16: TensorElement {
    /// The dtype of tensors of this type.
    public static var dtype: DType { .int16 }
}

extension Int8: TensorElement {
    /// The dtype of tensors of this type.
    public static var dtype: DType { .int8 }
}

extension UInt8: TensorElement {
    /// The dtype of tensors of this type.
    public static var dtype: DType { .uint8 }
}

extension Bool: TensorElement {
    /// The dtype of tensors of this type.
    public static var dtype: DType { .bool }
}

/// A 16-bit number with the range of a `Float` and 8 bits of precision: its upper half.
public struct BFloat16: BitwiseCopyable, Sendable, Hashable {
    /// The sign, eight bits of exponent, seven of mantissa.
    public var bitPattern: UInt16

    /// The number with these bits.
    public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

    /// The nearest number to `value`, ties to even.
    public init(_ value: Float) {
        let bits = value.bitPattern
        if value.isNaN {
            bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x40
        } else {
            bitPattern = UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
        }
    }

    /// The same number in 32 bits, exactly.
    public var float: Float { Float(bitPattern: UInt32(bitPattern) << 16) }
}
