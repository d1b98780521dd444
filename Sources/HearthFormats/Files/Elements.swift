import HearthTensor

/// What all formats share about the bytes of a tensor.
enum Elements {
    /// The shape with these sizes, checked: no more dimensions than a tensor has, none negative, and a number of bytes
    /// that fits into an `Int`, also for an empty tensor whose other dimensions are large.
    static func shape(_ sizes: [Int], _ dtype: DType, in source: ByteSource, at offset: Int? = nil) throws -> Shape {
        guard sizes.count <= Shape.limit else {
            throw source.error("at most \(Shape.limit) dimensions", "\(sizes.count)", at: offset)
        }
        var byteCount = dtype.byteCount
        for size in sizes {
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: max(size, 1))
            guard size >= 0, !overflow else {
                throw source.error("a shape that fits into memory", "\(sizes)", at: offset)
            }
            byteCount = product
        }
        return Shape(sizes)
    }

    /// Makes file bytes into elements, in place: turns big-endian numbers around, and makes every `bool` that is not 0
    /// a 1, since other bit patterns of a `Bool` do not exist in Swift.
    static func normalize(_ bytes: UnsafeMutableRawBufferPointer, _ dtype: DType, bigEndian: Bool = false) {
        if dtype == .bool {
            for index in bytes.indices where bytes[index] > 1 { bytes[index] = 1 }
        }
        guard bigEndian else { return }
        switch dtype.byteCount {
        case 2: swap(bytes, as: UInt16.self)
        case 4: swap(bytes, as: UInt32.self)
        case 8: swap(bytes, as: UInt64.self)
        default: break
        }
    }

    private static func swap<T: FixedWidthInteger>(_ bytes: UnsafeMutableRawBufferPointer, as type: T.Type) {
        for offset in stride(from: 0, to: bytes.count, by: MemoryLayout<T>.size) {
            let value = bytes.loadUnaligned(fromByteOffset: offset, as: T.self)
            bytes.storeBytes(of: value.byteSwapped, toByteOffset: offset, as: T.self)
        }
    }

    /// The elements of `shape` that lie in `source` from `offset` on.
    static func read(
        _ shape: Shape, _ dtype: DType, from source: ByteSource, at offset: Int, bigEndian: Bool = false
    ) throws -> Tensor {
        let wanted = shape.elementCount * dtype.byteCount
        guard offset >= 0, offset <= source.byteCount, wanted <= source.byteCount - offset else {
            throw source.error(
                "\(wanted) bytes for a tensor of \(shape) \(dtype)", "\(source.byteCount - offset)", at: offset)
        }
        return try Tensor.make(shape, dtype, device: .cpu) { bytes in
            try source.read(at: offset, into: bytes)
            normalize(bytes, dtype, bigEndian: bigEndian)
        }
    }
}
