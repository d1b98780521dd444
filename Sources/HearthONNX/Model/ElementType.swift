import HearthTensor

/// The type of a value's elements as ONNX has it.
///
/// Hearth has no unsigned integers of more than 8 bits and none of less than 8. Their values lie in the next wider type
/// (`uint16` in `int32`, `uint32` in `int64`, `int4` in `int8`); `uint64` lies in `int64` bit by bit. The declared type
/// goes beside the tensor, so that arithmetic wraps where it should and outputs have the right type.
public enum ElementType: Int, Sendable, Hashable, CaseIterable {
    case undefined, float32, uint8, int8, uint16, int16, int32, int64, string, bool, float16, float64, uint32, uint64
    case complex64, complex128, bfloat16, float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz
    case uint4, int4, float4e2m1, float8e8m0, uint2, int2, float6e2m3, float6e3m2

    /// The type of a tensor with these elements.
    public init(_ dtype: DType) {
        switch dtype {
        case .bool: self = .bool
        case .uint8: self = .uint8
        case .int8: self = .int8
        case .int16: self = .int16
        case .int32: self = .int32
        case .int64: self = .int64
        case .float16: self = .float16
        case .bfloat16: self = .bfloat16
        case .float32: self = .float32
        case .float64: self = .float64
        }
    }

    /// The dtype of the tensor that holds such elements; nil for types that are not computed.
    public var dtype: DType? {
        switch self {
        case .bool: .bool
        case .uint8, .uint4, .uint2: .uint8
        case .int8, .int4, .int2: .int8
        case .int16: .int16
        case .int32, .uint16: .int32
        case .int64, .uint32, .uint64: .int64
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .float32: .float32
        case .float64: .float64
        default: nil
        }
    }

    /// The number of bits of one element.
    var bitCount: Int {
        switch self {
        case .uint2, .int2: 2
        case .uint4, .int4: 4
        case .bool, .uint8, .int8: 8
        case .uint16, .int16, .float16, .bfloat16: 16
        case .uint32, .int32, .float32: 32
        default: 64
        }
    }

    /// True for integers without negative values.
    var isUnsigned: Bool {
        switch self {
        case .uint2, .uint4, .uint8, .uint16, .uint32, .uint64: true
        default: false
        }
    }

    /// True for types whose values lie in a dtype of the same bits.
    var isNative: Bool { dtype.map { ElementType($0) == self } ?? false }

    /// True for all integers; bool is none.
    var isInteger: Bool { dtype?.isInteger ?? false }

    /// The smallest and the largest integer of the type; of `uint64` the largest that fits.
    var bounds: ClosedRange<Int> {
        switch (isUnsigned, bitCount) {
        case (_, 64): isUnsigned ? 0...Int.max : Int.min...Int.max
        case (true, let bits): 0...((1 << bits) - 1)
        case (false, let bits): -(1 << (bits - 1))...((1 << (bits - 1)) - 1)
        }
    }
}

extension ElementType: CustomStringConvertible {
    /// The name of the type: `float32`, `uint16`.
    public var description: String {
        switch self {
        case .undefined: "undefined"
        case .float32: "float32"
        case .uint8: "uint8"
        case .int8: "int8"
        case .uint16: "uint16"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .string: "string"
        case .bool: "bool"
        case .float16: "float16"
        case .float64: "float64"
        case .uint32: "uint32"
        case .uint64: "uint64"
        case .complex64: "complex64"
        case .complex128: "complex128"
        case .bfloat16: "bfloat16"
        case .float8e4m3fn: "float8e4m3fn"
        case .float8e4m3fnuz: "float8e4m3fnuz"
        case .float8e5m2: "float8e5m2"
        case .float8e5m2fnuz: "float8e5m2fnuz"
        case .uint4: "uint4"
        case .int4: "int4"
        case .float4e2m1: "float4e2m1"
        case .float8e8m0: "float8e8m0"
        case .uint2: "uint2"
        case .int2: "int2"
        case .float6e2m3: "float6e2m3"
        case .float6e3m2: "float6e3m2"
        }
    }
}
