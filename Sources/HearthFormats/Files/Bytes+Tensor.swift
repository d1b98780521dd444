import HearthTensor

extension Bytes {
    /// These bytes as the elements of a tensor, which lies over them and keeps the region alive; copied where they are not
    /// aligned for the dtype, and for `bool`, whose bytes must be 0 or 1. There must be as many bytes as the shape needs.
    package func tensor(_ shape: Shape, _ dtype: DType) -> Tensor {
        withUnsafeBytes { source in
            let isAligned = source.baseAddress.map { Int(bitPattern: $0) % dtype.byteCount == 0 } ?? false
            guard isAligned, dtype != .bool, source.count > 0 else {
                return Tensor.make(shape, dtype, device: .cpu) { bytes in
                    bytes.copyMemory(from: source)
                    Elements.normalize(bytes, dtype)
                }
            }
            let region = region
            return Tensor.meta(shape, dtype: dtype).over(
                Storage(
                    borrowing: UnsafeMutableRawPointer(mutating: source.baseAddress!), byteCount: source.count,
                    in: Device.cpu.backend.memory, release: { withExtendedLifetime(region) {} }))
        }
    }
}
