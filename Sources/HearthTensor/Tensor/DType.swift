/// The type of a tensor's elements.
public enum DType: UInt8, Sendable, Hashable, CaseIterable, Codable {
    case bool, uint8, int8, int16, int32, int64, float16, bfloat16, float32, float64

    /// The size of one element in bytes.
    @inlinable public var byteCount: Int {
        switch self {
        case .bool, .uint8, .int8: 1
        case .int16, .float16, .bfloat16: 2
        case .int32, .float32: 4
        case .int64, .float64: 8
        }
    }

    /// True for `float16`, `bfloat16`, `float32` and `float64`: the types that can carry a gradient.
    @inlinable public var isFloatingPoint: Bool { rawValue >= DType.float16.rawValue }

    /// True for `float16` and `bfloat16`, which are stored in 16 bits and computed in `float32`.
    @inlinable public var isHalf: Bool { self == .float16 || self == .bfloat16 }

    /// True for the integer types, `bool` left out.
    @inlinable public var isInteger: Bool { self != .bool && !isFloatingPoint }

    /// True for types that have negative values.
    @inlinable public var isSigned: Bool { self != .bool && self != .uint8 }
}

extension DType: CustomStringConvertible {
    /// PyTorch's name of the type, without `torch.`: `float32`.
    public var description: String {
        switch self {
        case .bool: "bool"
        case .uint8: "uint8"
        case .int8: "int8"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .float16: "float16"
        case .bfloat16: "bfloat16"
        case .float32: "float32"
        case .float64: "float64"
        }
    }

    /// The type with PyTorch's name (`"float32"`), or nil when there is none.
    public init?(name: some StringProtocol) {
        guard let match = Self.allCases.first(where: { $0.description == name }) else { return nil }
        self = match
    }
}

extension DType {
    /// The type that holds the values of both, by PyTorch's promotion rules
    /// (<https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc>).
    @inlinable public func promoted(with other: DType) -> DType {
        if self == other { return self }
        let (low, high) = rawValue < other.rawValue ? (self, other) : (other, self)
        if high.isFloatingPoint {
            return low.isHalf && high == .bfloat16 ? .float32 : high
        }
        // uint8 with a signed byte fits in no byte.
        return low == .uint8 && high == .int8 ? .int16 : high
    }
}
