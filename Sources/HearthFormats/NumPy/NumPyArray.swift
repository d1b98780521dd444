import HearthTensor

/// An array of a NumPy file, of any type of integers and floats that NumPy has.
///
/// Hearth has no unsigned integers of more than 8 bits. Here their values lie in the next wider type, those of 64 bits bit
/// by bit in `int64`, and `unsigned` says what they are; `NPY` and `NPZ` refuse them, since a tensor does not.
package struct NumPyArray: Sendable {
    /// Unsigned integers that no dtype has, by NumPy's names without a byte order.
    package enum Unsigned: String, CaseIterable, Sendable {
        case uint16 = "u2"
        case uint32 = "u4"
        case uint64 = "u8"

        /// The dtype of the tensor that holds the values.
        package var holder: DType { self == .uint16 ? .int32 : .int64 }

        /// The dtype with the same number of bits.
        var signed: DType {
            switch self {
            case .uint16: .int16
            case .uint32: .int32
            case .uint64: .int64
            }
        }
    }

    package var tensor: Tensor
    package var unsigned: Unsigned?

    /// A tensor, and what its elements stand for where its dtype is only what holds them.
    package init(_ tensor: Tensor, unsigned: Unsigned? = nil) { (self.tensor, self.unsigned) = (tensor, unsigned) }

    /// The array whose elements are these bits.
    init(bits: Tensor, _ unsigned: Unsigned?) {
        self.unsigned = unsigned
        guard let unsigned, unsigned != .uint64 else {
            tensor = bits
            return
        }
        let wide = noGrad { bits.to(unsigned.holder) }
        let modulus = unsigned == .uint16 ? 1 << 16 : 1 << 32
        tensor = noGrad { Tensor.where(wide < 0, wide + modulus, wide) }
    }

    /// The elements as they stand in a file.
    var bits: Tensor { unsigned.map { unsigned in noGrad { tensor.to(unsigned.signed) } } ?? tensor }

    /// NumPy's name of the type without its byte order; nil for `bfloat16`.
    var typeName: String? { unsigned?.rawValue ?? tensor.dtype.numPyName }

    /// The arrays of an `.npz` file by name, in its order. Throws as `NPZ.read` does.
    package static func read(npz path: String) throws -> [(name: String, array: NumPyArray)] {
        try NPZ.arrays(ByteSource(path: path), inflatedLimit: nil)
    }

    /// Writes arrays by name as an `.npz` file. Throws as `NPZ.write` does.
    package static func write(_ arrays: [(name: String, array: NumPyArray)], npz path: String) throws {
        try NPZ.write(arrays, to: path, compressed: false)
    }
}
