/// Dimensions of size 1 shown as often as wanted.
struct Expand: ViewOperation {
    static let name = "expand"
    let source: Shape
    let shape: Shape

    func layout(of x: Layout) throws(ShapeError) -> Layout {
        let added = shape.count - x.shape.count
        guard added >= 0 else { throw ShapeError("the shape \(shape) has fewer dimensions") }
        var strides = Strides(repeating: 0, count: shape.count)
        for i in added..<shape.count {
            let size = x.shape[i - added]
            guard size == shape[i] || size == 1 else {
                throw ShapeError("size \(size) cannot be expanded to \(shape[i]) in \(shape)")
            }
            strides[i] = size == shape[i] ? x.strides[i - added] : 0
        }
        return Layout(shape: shape, strides: strides, offset: x.offset)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(g.sum(to: source)) }
}

extension Expand {
    var attributes: Attributes { ["source": source, "shape": shape] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(source: try attributes["source"], shape: try attributes["shape"])
    }
}

extension Tensor {
    /// Dimensions of size 1 shown `shape` times, new ones put in front. -1 leaves a size as it is. A view.
    public func expand(to shape: Shape) -> Tensor {
        if shape == self.shape { return self }
        var target = shape
        let added = shape.count - rank
        if added >= 0 { for i in added..<shape.count where shape[i] == -1 { target[i] = self.shape[i - added] } }
        return apply(Expand(source: self.shape, shape: target), to: self)
    }

    /// Dimensions of size 1 shown as often as told; see `expand(to:)`.
    public func expand(_ sizes: Int...) -> Tensor { expand(to: Shape(sizes)) }

    /// The sum over what broadcasting from `shape` has added: a tensor of that shape. PyTorch's `sum_to_size`.
    public func sum(to shape: Shape) -> Tensor {
        if shape == self.shape { return self }
        let added = rank - shape.count
        let axes = Axes((0..<rank).filter { $0 < added || (shape[$0 - added] == 1 && self.shape[$0] != 1) })
        return reduced(.sum, over: axes).reshape(shape)
    }

    /// Every tensor expanded to the shape that they broadcast to.
    public static func broadcast(_ tensors: [Tensor]) -> [Tensor] {
        var shape = Shape()
        for tensor in tensors {
            guard let next = Dimensions.broadcast(shape, tensor.shape) else {
                stop(
                    "broadcast", tensors.map(\.spec),
                    "sizes must be equal or 1 in every dimension, counted from the last")
                return tensors
            }
            shape = next
        }
        return tensors.map { $0.expand(to: shape) }
    }
}
