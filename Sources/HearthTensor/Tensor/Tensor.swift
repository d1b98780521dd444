/// A multi-dimensional array of numbers that can record how it was computed.
///
///     let x = Tensor([[1, 2], [3, 4]] as [[Float]])
///     let y = (x * 2).sum(dim: 0)   // [8, 12]
///
/// A tensor is a value: a copy costs one retain, and what looks like mutation (`y[0] = 5`) never changes another
/// tensor. It is one reference to an immutable body, so it can be sent between threads.
public struct Tensor: Sendable {
    var body: Body

    init(_ body: Body) { self.body = body }

    /// What a tensor refers to: how a storage is read, and the operation that made it.
    ///
    /// Unchecked because `node` is set once by the door, before anyone else sees the body, and `storage` is a variable
    /// only so that its uniqueness can be asked for.
    final class Body: @unchecked Sendable {
        let layout: Layout
        /// True when the elements lie one after another; asked for by every kernel, so worked out once.
        let isContiguous: Bool
        let dtype: DType
        let device: Device
        fileprivate(set) var storage: Storage
        /// The operation on the tape, or the leaf that collects a gradient; nil when no gradient is wanted.
        private(set) var node: Node?

        /// A fresh block of elements one after another.
        init(packed shape: Shape, _ dtype: DType) {
            layout = Layout(shape)
            isContiguous = true
            self.dtype = dtype
            device = .cpu
            storage = Storage(byteCount: shape.elementCount * dtype.byteCount)
            node = nil
        }

        init(layout: Layout, dtype: DType, device: Device, storage: Storage, node: Node?) {
            self.layout = layout
            isContiguous = layout.isContiguous
            self.dtype = dtype
            self.device = device
            self.storage = storage
            self.node = node
        }

        /// Ties a fresh result to the operation that made it.
        func record(_ node: Node) { self.node = node }
    }
}

/// How elements are found in a storage: element `[i, j, …]` lies at `offset + i * strides[0] + j * strides[1] + …`.
package struct Layout: Sendable, Hashable {
    package var shape: Shape
    package var strides: Strides
    package var offset = 0

    /// Elements one after another from the start of the storage.
    init(_ shape: Shape) {
        self.shape = shape
        strides = shape.contiguousStrides
    }

    init(shape: Shape, strides: Strides, offset: Int) {
        self.shape = shape
        self.strides = strides
        self.offset = offset
    }

    /// True when the elements lie one after another, the last dimension fastest.
    var isContiguous: Bool {
        var step = 1
        var isInOrder = true
        var i = shape.count - 1
        while i >= 0 {
            let size = shape.values[i]
            if size == 0 { return true }
            if size != 1 {
                isInOrder = isInOrder && strides.values[i] == step
                step *= size
            }
            i -= 1
        }
        return isInOrder
    }
}

/// What is known of a tensor before it is computed.
public struct Spec: Sendable, Hashable {
    /// The size of each dimension.
    public var shape: Shape
    /// The type of the elements.
    public var dtype: DType

    /// A shape and a dtype.
    public init(_ shape: Shape, _ dtype: DType) {
        self.shape = shape
        self.dtype = dtype
    }
}

extension Tensor {
    /// The size of each dimension.
    public var shape: Shape { body.layout.shape }
    /// The distance in elements between neighbours along each dimension.
    public var strides: Strides { body.layout.strides }
    /// The type of the elements.
    public var dtype: DType { body.dtype }
    /// Where the elements live.
    public var device: Device { body.device }
    /// The number of dimensions; PyTorch's `dim()` or `ndim`.
    public var rank: Int { body.layout.shape.count }
    /// The number of elements; PyTorch's `numel()`.
    public var count: Int { body.layout.shape.elementCount }
    /// True when the elements lie one after another in memory, the last dimension fastest.
    public var isContiguous: Bool { body.isContiguous }

    package var layout: Layout { body.layout }
    var storage: Storage { body.storage }

    /// Shape and dtype.
    public var spec: Spec { Spec(shape, dtype) }

    /// The address of the first element.
    package var pointer: UnsafeMutableRawPointer { storage.pointer + layout.offset * dtype.byteCount }

    /// A fresh, contiguous tensor on the CPU whose elements are undefined: for kernels to write into.
    package static func uninitialized(_ spec: Spec) -> Tensor { Tensor(Body(packed: spec.shape, spec.dtype)) }

    /// A tensor without elements, to follow shapes with.
    static func meta(_ spec: Spec) -> Tensor {
        Tensor(Body(layout: Layout(spec.shape), dtype: spec.dtype, device: .meta, storage: .none, node: nil))
    }

    /// The same elements, made by `node`.
    func attached(to node: Node?) -> Tensor {
        Tensor(Body(layout: layout, dtype: dtype, device: device, storage: storage, node: node))
    }

    /// True when nobody else can see the elements, so that they may be written in place.
    mutating func ownsElements() -> Bool {
        isKnownUniquelyReferenced(&body) && isKnownUniquelyReferenced(&body.storage) && body.storage.isOwned
    }

    /// The same storage read another way, off the tape.
    package func view(_ layout: Layout) -> Tensor {
        Tensor(Body(layout: layout, dtype: dtype, device: device, storage: storage, node: nil))
    }
}

extension Tensor {
    /// A tensor of `shape` whose elements are filled by `body`, which gets the raw bytes, row-major, little-endian.
    public static func make(
        _ shape: Shape, _ dtype: DType, fill: (UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows -> Tensor {
        let tensor = Tensor.uninitialized(Spec(shape, dtype))
        try fill(UnsafeMutableRawBufferPointer(start: tensor.pointer, count: tensor.count * dtype.byteCount))
        return tensor
    }
}
