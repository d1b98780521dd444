/// Dimensions walked from their ends.
struct Flip: TensorOperation {
    static let name = "flip"
    let axes: Axes

    func result(of x: Operands) -> Spec { x[0].spec }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        var layout = x[0].layout
        for axis in 0..<layout.shape.count where axes.contains(axis) && layout.shape[axis] > 0 {
            layout.offset += (layout.shape[axis] - 1) * layout.strides[axis]
            layout.strides[axis] = -layout.strides[axis]
        }
        // Negative strides are never seen outside: the result is copied to contiguous memory.
        return x.backend.convert(x[0].view(layout), to: x[0].dtype)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(apply(self, to: g)) }
}

extension Flip {
    var attributes: Attributes { ["dims": axes] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(axes: try attributes["dims"])
    }
}

extension Tensor {
    /// The elements in reverse order along the given dimensions. A copy.
    public func flip(_ dims: Int...) -> Tensor { flip(dims) }

    /// The elements in reverse order along the given dimensions. A copy.
    public func flip(_ dims: [Int]) -> Tensor {
        apply(Flip(axes: Axes(dims.map { axis($0, "flip") })), to: self)
    }

    /// The elements moved `shift` places along dimension `dim`; those that leave at the end come back at the start.
    public func roll(_ shift: Int, dim: Int) -> Tensor {
        let size = shape[axis(dim, "roll")]
        guard size > 0 else { return self }
        let first = ((shift % size) + size) % size
        if first == 0 { return self }
        return Tensor.cat(
            [narrow(dim, start: size - first, length: first), narrow(dim, start: 0, length: size - first)], dim: dim)
    }

    /// The elements of the flattened tensor moved `shift` places.
    public func roll(_ shift: Int) -> Tensor { reshape([-1]).roll(shift, dim: 0).reshape(shape) }
}
