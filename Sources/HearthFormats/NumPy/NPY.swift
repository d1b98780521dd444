import HearthTensor

/// NumPy's `.npy` files: one array.
///
///     let table = try NPY.read("table.npy")
///     try NPY.write(table, to: "copy.npy")
public enum NPY {
    /// The array in the file at `path`, of versions 1 to 3, in C or Fortran order, little- or big-endian. Throws
    /// `FileError` when the file cannot be read, and `FormatError` when it is damaged or has a dtype that Hearth lacks.
    public static func read(_ path: String) throws -> Tensor { try read(ByteSource(path: path)) }

    /// The array in a file's bytes. Throws as `read(_:)` does; `name` is what errors call the bytes.
    public static func read(bytes: [UInt8], name: String = "NumPy data") throws -> Tensor {
        try read(ByteSource(bytes, name: name))
    }

    /// Writes a tensor as an array of version 1 in C order; the file is replaced as a whole or not at all. Throws
    /// `FileError` when the file cannot be written, and `FormatError` for `bfloat16`, which NumPy lacks.
    public static func write(_ tensor: Tensor, to path: String) throws {
        let header = try NPYHeader.bytes(NumPyArray(tensor), file: path)
        try AtomicFile.write(to: path) { file in
            try file.write(header)
            try tensor.withUnsafeBytes { try file.write($0) }
        }
    }

    static func read(_ source: ByteSource) throws -> Tensor { try array(source, allowsUnsigned: false).tensor }

    static func array(_ source: ByteSource, allowsUnsigned: Bool) throws -> NumPyArray {
        let header = try NPYHeader(source, allowsUnsigned: allowsUnsigned)
        // An array in Fortran order is the transpose of one in C order.
        let stored = header.isFortranOrder ? Shape(header.shape.reversed()) : header.shape
        let byteCount = stored.elementCount * header.dtype.byteCount
        guard source.byteCount - header.end == byteCount else {
            throw source.error(
                "\(byteCount) bytes for an array of \(header.shape) \(header.dtype)",
                "\(source.byteCount - header.end)", at: header.end)
        }
        let tensor = try Elements.read(
            stored, header.dtype, from: source, at: header.end, bigEndian: header.isBigEndian)
        guard header.isFortranOrder else { return NumPyArray(bits: tensor, header.unsigned) }
        let transposed = Tensor.strided(
            header.shape, strides: Strides(stored.contiguousStrides.reversed()), of: tensor)
        return NumPyArray(bits: transposed, header.unsigned)
    }
}
