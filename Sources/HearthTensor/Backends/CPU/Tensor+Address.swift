extension Tensor {
    /// The address of the first element. Only for tensors in the processor's memory: elsewhere an address means nothing
    /// to the processor.
    @inline(__always)
    package var pointer: UnsafeMutableRawPointer { storage.address + layout.offset * dtype.byteCount }

    /// The elements, of which the caller knows the type.
    @inline(__always) var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }
    @inline(__always) var doubles: UnsafeMutablePointer<Double> { pointer.assumingMemoryBound(to: Double.self) }
    @inline(__always) var integers: UnsafeMutablePointer<Int64> { pointer.assumingMemoryBound(to: Int64.self) }
}
