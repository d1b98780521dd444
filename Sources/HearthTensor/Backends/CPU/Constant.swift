/// One number in the bytes of a dtype, for kernels to read with stride 0.
struct Constant {
    private var bytes: UInt64 = 0

    init(_ scalar: Scalar, _ dtype: DType) {
        withUnsafeMutableBytes(of: &bytes) { Self.write(scalar, dtype, to: $0.baseAddress.unsafelyUnwrapped) }
    }

    func withBytes<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
        withUnsafeBytes(of: bytes) { body($0.baseAddress.unsafelyUnwrapped) }
    }

    /// True when a number of a half type is the very scalar, which rounding has not changed.
    func holds(_ scalar: Scalar, _ dtype: DType) -> Bool {
        let bits = UInt16(truncatingIfNeeded: bytes)
        let value = dtype == .float16 ? Double(Float16(bitPattern: bits)) : Double(BFloat16(bitPattern: bits).float)
        return value == scalar.double || scalar.double.isNaN
    }

    private static func write(_ scalar: Scalar, _ dtype: DType, to place: UnsafeMutableRawPointer) {
        switch dtype {
        case .bool: place.storeBytes(of: scalar.double != 0, as: Bool.self)
        case .uint8: place.storeBytes(of: UInt8(truncatingIfNeeded: scalar.integer), as: UInt8.self)
        case .int8: place.storeBytes(of: Int8(truncatingIfNeeded: scalar.integer), as: Int8.self)
        case .int16: place.storeBytes(of: Int16(truncatingIfNeeded: scalar.integer), as: Int16.self)
        case .int32: place.storeBytes(of: Int32(truncatingIfNeeded: scalar.integer), as: Int32.self)
        case .int64: place.storeBytes(of: Int64(scalar.integer), as: Int64.self)
        case .float16: place.storeBytes(of: Float16(scalar.double), as: Float16.self)
        case .bfloat16: place.storeBytes(of: BFloat16(Float(scalar.double)), as: BFloat16.self)
        case .float32: place.storeBytes(of: Float(scalar.double), as: Float.self)
        case .float64: place.storeBytes(of: scalar.double, as: Double.self)
        }
    }
}

extension Scalar {
    /// The value as an integer: a fraction is cut off, and what is out of range becomes the nearest bound.
    var integer: Int {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): value
        case .double(let value):
            value.isNaN ? 0 : Int(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
        }
    }
}
