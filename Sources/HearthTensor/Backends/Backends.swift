import Synchronization

/// The backends of this program, by kind of device. The processor's is built in, others are registered.
package enum Backends {
    private struct State {
        var makers: [Device.Kind: @Sendable (Int) -> any Backend] = [:]
        var made: [Device: any Backend] = [:]
    }

    private static let state = Mutex(State())

    /// Adds a kind of device under PyTorch's name for it. `make` gives the backend of the device with a number; it is
    /// called once for each number that is used.
    @discardableResult
    package static func register(
        _ name: String, _ make: @escaping @Sendable (_ index: Int) -> any Backend
    ) -> Device.Kind {
        let kind = Device.Kind.named(name)
        state.withLock { $0.makers[kind] = make }
        return kind
    }

    @inline(never)
    fileprivate static func backend(of device: Device) -> any Backend {
        let found = state.withLock { state -> (any Backend)? in
            if let made = state.made[device] { return made }
            let made = state.makers[device.kind]?(device.index)
            state.made[device] = made
            return made
        }
        guard let found else { fatalError("device '\(device)' has no backend: nothing is computed there") }
        return found
    }
}

extension Device {
    /// What computes on this device. There is none for `meta`: the door needs only shapes there.
    @inline(__always)
    package var backend: any Backend { kind == .cpu ? CPU() : Backends.backend(of: self) }

    /// The memory of this device.
    @inline(__always)
    var memory: any DeviceMemory {
        kind == .cpu ? CachingAllocator.shared : kind == .meta ? NoMemory.shared : Backends.backend(of: self).memory
    }

    /// Waits until everything that was asked of the device has run. PyTorch's `torch.cuda.synchronize`.
    public func synchronize() { memory.synchronize() }
}

extension Operands {
    /// What computes an operation on these operands.
    @inline(__always)
    package var backend: any Backend { device.backend }
}

extension Tensor {
    /// A fresh, contiguous tensor in the processor's memory whose elements are undefined: for kernels to write into.
    package static func uninitialized(_ spec: Spec) -> Tensor {
        let byteCount = spec.shape.elementCount * spec.dtype.byteCount
        if let memory = RunMemory.current {
            return Tensor(Body(packed: spec.shape, spec.dtype, memory.storage(byteCount)))
        }
        let memory = CachingAllocator.shared
        let storage = Storage(memory.allocate(byteCount), byteCount: byteCount, of: memory, .cpu)
        return Tensor(Body(packed: spec.shape, spec.dtype, storage))
    }

    /// A fresh, contiguous tensor on a device whose elements are undefined.
    package static func uninitialized(_ spec: Spec, on device: Device) -> Tensor {
        if device.kind == .cpu { return uninitialized(spec) }
        let byteCount = spec.shape.elementCount * spec.dtype.byteCount
        let storage = Storage(byteCount: byteCount, in: device.memory)
        return Tensor(Body(packed: spec.shape, spec.dtype, storage))
    }
}
