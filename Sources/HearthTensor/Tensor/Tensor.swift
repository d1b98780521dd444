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
        /// The storage's device, here because every operation asks for it.
        let device: Device
        fileprivate(set) var storage: Storage
        /// The operation on the tape, or the leaf that collects a gradient; nil when no gradient is wanted.
        private(set) var node: Node?

        /// A fresh block of elements one after another.
        init(packed shape: Shape, _ dtype: DType, _ storage: Storage) {
            layout = Layout(shape)
            isContiguous = true
            self.dtype = dtype
            device = storage.device
            self.storage = storage
            node = nil
        }

        init(layout: Layout, dtype: DType, storage: Storage, node: Node?) {
            self.layout = layout
            isContiguous = layout.isContiguous
            self.dtype = dtype
            device = storage.device
            self.storage = storage
            self.node = node
        }

        /// Ties a fresh result to the operation that made it.
        func record(_ node: Node) { self.node = node }
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
    /// False on `meta`, where a tensor is a shape and a dtype alone.
    package var hasElements: Bool { device != .meta }
    /// The number of dimensions; PyTorch's `dim()` or `ndim`.
    public var rank: Int { body.layout.shape.count }
    /// The number of elements; PyTorch's `numel()`.
    public var count: Int { body.layout.shape.elementCount }
    /// True when the elements lie one after another in memory, the last dimension fastest.
    public var isContiguous: Bool { body.isContiguous }

    package var layout: Layout { body.layout }
    package var storage: Storage { body.storage }

    /// Shape and dtype.
    public var spec: Spec { Spec(shape, dtype) }

    /// A tensor without elements, to follow shapes with.
    static func meta(_ spec: Spec) -> Tensor {
        Tensor(Body(layout: Layout(spec.shape), dtype: spec.dtype, storage: .none, node: nil))
    }

    /// The same layout and dtype over another block of memory, off the tape.
    package func over(_ storage: Storage) -> Tensor {
        Tensor(Body(layout: layout, dtype: dtype, storage: storage, node: nil))
    }

    /// The same elements, made by `node`.
    func attached(to node: Node?) -> Tensor {
        Tensor(Body(layout: layout, dtype: dtype, storage: storage, node: node))
    }

    /// True when nobody else can see the elements, so that they may be written in place.
    mutating func ownsElements() -> Bool {
        isKnownUniquelyReferenced(&body) && isKnownUniquelyReferenced(&body.storage) && body.storage.isWritable
    }

    /// The same storage read another way, off the tape.
    package func view(_ layout: Layout) -> Tensor {
        Tensor(Body(layout: layout, dtype: dtype, storage: storage, node: nil))
    }
}
