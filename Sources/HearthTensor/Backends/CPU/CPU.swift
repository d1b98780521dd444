import CKernels

/// The processor: loops in C compiled for several instruction sets, run on one team of threads.
package struct CPU: Backend {
    /// The least work, in elements of cheap arithmetic, that is worth a second thread.
    package static let grain = 1 << 15

    package init() {}

    package var memory: any DeviceMemory { CachingAllocator.shared }
}

extension DType {
    /// The same type in the C kernels, which number the types alike.
    @inline(__always) var kernel: hk_dtype { hk_dtype(UInt32(rawValue)) }
}
