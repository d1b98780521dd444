/// A Swift type that a tensor can hold.
public protocol TensorElement: BitwiseCopyable, Sendable {
    /// The type of a tensor of these elements.
    static var dtype: DType { get }
}

/// The dtype of tensors of this type.
extension Double: TensorElement { public static var dtype: DType { .float64 } }
/// The dtype of tensors of this type.
extension Float: TensorElement { public static var dtype: DType { .float32 } }
/// The dtype of tensors of this type.
extension Float16: TensorElement { public static var dtype: DType { .float16 } }
/// The dtype of tensors of this type.
extension BFloat16: TensorElement { public static var dtype: DType { .bfloat16 } }
/// The dtype of tensors of this type.
extension Int: TensorElement { public static var dtype: DType { .int64 } }
/// The dtype of tensors of this type.
extension Int64: TensorElement { public static var dtype: DType { .int64 } }
/// The dtype of tensors of this type.
extension Int32: TensorElement { public static var dtype: DType { .int32 } }
/// The dtype of tensors of this type.
extension Int16: TensorElement { public static var dtype: DType { .int16 } }
/// The dtype of tensors of this type.
extension Int8: TensorElement { public static var dtype: DType { .int8 } }
/// The dtype of tensors of this type.
extension UInt8: TensorElement { public static var dtype: DType { .uint8 } }
/// The dtype of tensors of this type.
extension Bool: TensorElement { public static var dtype: DType { .bool } }

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
