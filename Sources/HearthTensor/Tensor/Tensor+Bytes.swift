// The two ways between a tensor and bytes in this machine's memory. Reading is where a program waits for a device.
extension Tensor {
    /// Calls `body` with the elements of this tensor as raw bytes, row-major and little-endian.
    ///
    /// Elements in the processor's memory that lie one after another are read in place; others are packed and copied
    /// first. The pointer is valid only during the call. Stops the program for a tensor without elements, on `meta`;
    /// inside `checkShapes` the bytes are then zeros.
    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        let byteCount = count * dtype.byteCount
        guard hasElements else {
            stop("withUnsafeBytes", [spec], "a tensor on meta has no elements to read")
            return try Self.withHostMemory(byteCount) { bytes in
                bytes.initializeMemory(as: UInt8.self, repeating: 0)
                return try body(UnsafeRawBufferPointer(bytes))
            }
        }
        let packed = noGrad { detach().contiguous() }
        let address = packed.storage.address + packed.layout.offset * dtype.byteCount
        return try withExtendedLifetime(packed.storage) {
            if let start = packed.storage.memory.hostAddress(of: address) {
                return try body(UnsafeRawBufferPointer(start: start, count: byteCount))
            }
            return try Self.withHostMemory(byteCount) { bytes in
                packed.storage.memory.download(address, into: bytes)
                return try body(UnsafeRawBufferPointer(bytes))
            }
        }
    }

    /// A tensor of `shape` whose elements are filled by `body`, which gets the raw bytes, row-major, little-endian, in
    /// the processor's memory; from there they are copied to `device`. Nothing is filled on `meta`.
    public static func make(
        _ shape: Shape, _ dtype: DType, device: Device = .default,
        fill: (UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows -> Tensor {
        if device == .meta { return .meta(shape, dtype: dtype) }
        let tensor = Tensor.uninitialized(Spec(shape, dtype), on: device)
        let (memory, address) = (tensor.storage.memory, tensor.storage.address)
        let byteCount = tensor.count * dtype.byteCount
        if let start = memory.hostAddress(of: address) {
            try fill(UnsafeMutableRawBufferPointer(start: start, count: byteCount))
        } else {
            try withHostMemory(byteCount) { bytes in
                try fill(bytes)
                memory.upload(UnsafeRawBufferPointer(bytes), to: address)
            }
        }
        return tensor
    }

    private static func withHostMemory<R>(
        _ byteCount: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> R
    ) rethrows -> R {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
        defer { bytes.deallocate() }
        return try body(bytes)
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
            return stop(
                "strided", [base.spec], "shape \(shape) with strides \(strides) at offset \(offset) is no layout",
                fallback: base)
        }
        let layout = Layout(shape: shape, strides: strides, offset: offset)
        guard let span = layout.span, span.lowerBound >= 0, span.upperBound <= capacity else {
            let read = layout.span.map { "elements \($0)" } ?? "more elements than can be counted"
            return stop(
                "strided", [base.spec],
                "shape \(shape) with strides \(strides) at offset \(offset) reads \(read) of a storage of \(capacity)",
                fallback: base)
        }
        return base.view(layout)
    }
}
