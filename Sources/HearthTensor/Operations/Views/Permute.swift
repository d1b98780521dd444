/// The dimensions in another order.
struct Permute: ViewOperation {
    static let name = "permute"
    let source: Shape
    let order: Dimensions

    func layout(of x: Layout) throws(ShapeError) -> Layout {
        guard order.count == x.shape.count, (0..<order.count).allSatisfy(order.contains) else {
            throw ShapeError("the order \(order) must name each of \(x.shape.count) dimensions once")
        }
        return Layout(
            shape: Shape(order.map { x.shape[$0] }), strides: Strides(order.map { x.strides[$0] }), offset: x.offset)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        var inverse = order
        for (new, old) in order.enumerated() { inverse[old] = new }
        return Gradients(apply(Permute(source: g.shape, order: inverse), to: g))
    }
}

extension Permute {
    var attributes: Attributes { ["source": source, "order": order] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(source: try attributes["source"], order: try attributes["order"])
    }
}

extension Tensor {
    /// The dimensions in another order: dimension `i` of the result is dimension `order[i]` of this. A view.
    public func permute(_ order: Int...) -> Tensor { permute(Dimensions(order)) }

    /// The dimensions in another order; see `permute(_:)`.
    public func permute(_ order: Dimensions) -> Tensor {
        apply(Permute(source: shape, order: Dimensions(order.map { $0 < 0 ? $0 + rank : $0 })), to: self)
    }

    /// Two dimensions exchanged. A view.
    public func transpose(_ first: Int, _ second: Int) -> Tensor {
        let (first, second) = (axis(first, "transpose"), axis(second, "transpose"))
        guard rank > 0 else { return self }
        var order = Dimensions(0..<rank)
        order.swapAt(first, second)
        return apply(Permute(source: shape, order: order), to: self)
    }

    /// A matrix with rows and columns exchanged; a vector or scalar as it is. PyTorch's `t()`.
    public func t() -> Tensor {
        guard rank <= 2 else {
            return stop("t", [spec], "at most 2 dimensions are expected", fallback: self)
        }
        return rank == 2 ? transpose(0, 1) : self
    }

    /// The last two dimensions exchanged; PyTorch's `mT`.
    public var mT: Tensor { transpose(-2, -1) }

    /// Dimension `source` moved to position `destination`, the others in their order.
    public func moveDim(_ source: Int, to destination: Int) -> Tensor {
        guard rank > 0 else {
            _ = (axis(source, "moveDim"), axis(destination, "moveDim"))
            return self
        }
        var order = Array(0..<rank)
        let moved = order.remove(at: axis(source, "moveDim"))
        order.insert(moved, at: axis(destination, "moveDim"))
        return permute(Dimensions(order))
    }
}
