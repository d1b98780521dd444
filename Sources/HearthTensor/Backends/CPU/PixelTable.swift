import CKernels

/// What each byte of an image becomes: 256 floats for every channel.
///
/// Any chain of steps that look at one pixel at a time (bytes to floats, normalising) is such a table. Whole batches
/// are then gathered, converted and normalised in one pass, with the bits that the steps one by one would give. It is
/// no operation of a backend, since the bytes are in this machine's memory and nothing is ever differentiated.
package struct PixelTable: Sendable {
    private let values: Tensor

    /// The table of float32 `values`, `[channels, 256]`.
    package init(_ values: Tensor) {
        guard values.rank == 2, values.shape[1] == 256, values.dtype == .float32 else {
            fatalError("PixelTable: float32 values of shape [channels, 256] are expected, not \(values.spec)")
        }
        self.values = values.detach().contiguous()
    }

    /// The images with these numbers, looked up: `[indices.count, C, H, W]` float32, of contiguous uint8 `images`
    /// `[N, C, H, W]`.
    package func gather(_ images: Tensor, at indices: [Int]) -> Tensor {
        guard images.rank == 4, images.dtype == .uint8, images.shape[1] == values.shape[0], images.isContiguous else {
            fatalError(
                "PixelTable: contiguous uint8 images [N, \(values.shape[0]), H, W] are expected, not \(images.spec)")
        }
        if let wrong = indices.first(where: { !(0..<images.shape[0]).contains($0) }) {
            fatalError("PixelTable: index \(wrong) is outside 0..<\(images.shape[0])")
        }
        var shape = images.shape
        shape[0] = indices.count
        let result = Tensor.uninitialized(Spec(shape, .float32))
        let (channels, pixels) = (shape[1], shape[2] * shape[3])
        let size = channels * pixels
        indices.withUnsafeBytes { indices in
            let index = indices.assumingMemoryBound(to: Int64.self)
            Team.shared.parallel(index.count, grain: max(1, CPU.grain / max(size, 1))) { range in
                hk_pixels_gather(
                    Int64(range.count), index.baseAddress.unsafelyUnwrapped + range.lowerBound, Int64(channels),
                    Int64(pixels), images.pointer.assumingMemoryBound(to: UInt8.self),
                    values.pointer.assumingMemoryBound(to: Float.self),
                    result.pointer.assumingMemoryBound(to: Float.self) + range.lowerBound * size)
            }
        }
        withExtendedLifetime((images, values)) {}
        return result
    }

    /// The table for bytes that `bytes` changes first: 256 bytes for all planes, for each channel, or for each plane.
    /// Nothing where they stay as they are.
    package func after(_ bytes: [UInt8]?) -> PixelTable {
        guard let bytes else { return self }
        let channels = values.shape[0]
        let tables = max(channels, bytes.count / 256)
        let known = values.array(of: Float.self)
        let all = (0..<(tables * 256)).map { i in
            known[i / 256 % channels * 256 + Int(bytes[i % bytes.count])]
        }
        return PixelTable(Tensor(all, shape: [tables, 256]))
    }

    /// Calls `body` with the floats, table after table, and the number of tables.
    package func withUnsafeFloats(_ body: (UnsafePointer<Float>, Int) -> Void) {
        values.withUnsafeBytes { bytes in
            guard let floats = bytes.bindMemory(to: Float.self).baseAddress else { return }
            body(floats, values.shape[0])
        }
    }
}
