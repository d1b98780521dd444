extension Tensor {
    /// Calls `body` with the elements of this tensor as raw bytes, row-major and little-endian.
    ///
    /// A tensor whose elements lie one after another is read in place; any other is packed into a copy first. The
    /// pointer is valid only during the call. Stops the program for a tensor without elements in this machine's memory
    /// (the `meta` device).
    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        guard device == .cpu else { fatalError("withUnsafeBytes: a tensor on '\(device)' has no bytes to read") }
        let tensor = isContiguous ? self : packed()
        return try withExtendedLifetime(tensor.storage) {
            try body(UnsafeRawBufferPointer(start: tensor.pointer, count: count * dtype.byteCount))
        }
    }

    /// The elements copied one after another, whatever the strides.
    private func packed() -> Tensor {
        let size = dtype.byteCount
        return Tensor.make(shape, dtype) { packed in
            guard var destination = packed.baseAddress, count > 0 else { return }
            let rowLength = shape[-1]
            let step = strides[-1] * size
            var row = pointer
            var index = Dimensions(repeating: 0, count: rank)
            while true {
                var element = row
                for _ in 0..<rowLength {
                    destination.copyMemory(from: element, byteCount: size)
                    destination += size
                    element += step
                }
                guard let next = advance(&index, from: row) else { return }
                row = next
            }
        }
    }

    /// Moves `index` to the next row, as an odometer counts, and returns where that row starts; nil after the last.
    private func advance(_ index: inout Dimensions, from row: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        var row = row
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            let step = strides[axis] * dtype.byteCount
            index[axis] += 1
            row += step
            if index[axis] < shape[axis] { return row }
            row -= index[axis] * step
            index[axis] = 0
        }
        return nil
    }
}

extension Tensor {
    /// The place of the first element in the storage, in elements; PyTorch's `storage_offset()`.
    public var storageOffset: Int { layout.offset }

    /// True when both tensors read the same block of memory, as a view and its base do.
    public func sharesStorage(with other: Tensor) -> Bool { storage === other.storage }

    /// Equal for tensors that share a storage, and different for all others that live at the same time.
    public var storageIdentity: ObjectIdentifier { ObjectIdentifier(storage) }

    /// A tensor that reads the storage of `base` with any shape, strides and offset, off the tape.
    ///
    /// Element `[i, j, …]` is the element `offset + i * strides[0] + j * strides[1] + …` of the storage of `base`,
    /// counted from its start; this is what
    /// [torch.as_strided](https://docs.pytorch.org/docs/stable/generated/torch.as_strided.html) does, without a
    /// derivative. Stops the program when an element lies outside the storage.
    public static func strided(_ shape: Shape, strides: Strides, offset: Int = 0, of base: Tensor) -> Tensor {
        let capacity = base.storage.byteCount / base.dtype.byteCount
        guard shape.count == strides.count, shape.allSatisfy({ $0 >= 0 }), offset >= 0 else {
            fatalError("strided: shape \(shape) with strides \(strides) at offset \(offset) is no layout")
        }
        let layout = Layout(shape: shape, strides: strides, offset: offset)
        if shape.contains(0) {
            guard offset <= capacity else {
                fatalError("strided: offset \(offset) lies outside a storage of \(capacity) elements")
            }
            return base.view(layout)
        }
        var lowest = offset
        var highest = offset
        for (size, stride) in zip(shape, strides) {
            let reach = (size - 1) * stride
            if reach < 0 { lowest += reach } else { highest += reach }
        }
        guard lowest >= 0, highest < capacity else {
            fatalError(
                "strided: shape \(shape) with strides \(strides) at offset \(offset) reads elements \(lowest) to "
                    + "\(highest) of a storage of \(capacity)")
        }
        return base.view(layout)
    }
}
