/// Slices of a dimension by number.
struct IndexSelect: TensorOperation {
    static let name = "index_select"
    let source: Shape
    let axis: Int

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[1].rank == 1, x[1].dtype == .int64 else { throw ShapeError("the index must be an int64 vector") }
        var shape = x[0].shape
        shape[axis] = x[1].count
        return Spec(shape, x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[1])
        return x.backend.select(x[0], along: axis, x[1])
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        Gradients(
            apply(
                IndexInto(axis: axis, mode: .add), to: Tensor.zeros(source, dtype: g.dtype, device: g.device), kept[0],
                g), nil)
    }
}

extension IndexSelect {
    var attributes: Attributes { ["source": source, "dim": axis] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(source: try attributes["source"], axis: try attributes["dim"])
    }
}

/// A tensor with slices of a dimension replaced or added to.
struct IndexInto: TensorOperation {
    static let name = "index_add"
    let axis: Int
    let mode: ScatterMode

    static let names = ["index_add", "index_copy"]
    var name: String { mode == .replace ? "index_copy" : "index_add" }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[1].rank == 1, x[1].dtype == .int64 else { throw ShapeError("the index must be an int64 vector") }
        var shape = x[0].shape
        shape[axis] = x[1].count
        guard x[2].shape == shape else { throw ShapeError("the source must have shape \(shape)") }
        return x[0].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[1])
        return x.backend.selectInto(x[0], along: axis, x[1], x[2], mode)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let index = kept[0]
        let source = kept.needs(2) ? g.indexSelect(axis, index) : nil
        guard mode == .replace, kept.needs(0) else { return Gradients(g, nil, source) }
        var shape = g.shape
        shape[axis] = index.count
        return Gradients(g.indexCopy(axis, index, Tensor.zeros(shape, dtype: g.dtype, device: g.device)), nil, source)
    }
}

extension IndexInto {
    var attributes: Attributes { ["dim": axis] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(axis: try attributes["dim"], mode: name == "index_copy" ? .replace : .add)
    }
}

extension Tensor {
    /// The slices of dimension `dim` that the int64 vector `index` names, in its order.
    public func indexSelect(_ dim: Int, _ index: Tensor) -> Tensor {
        let axis = axis(dim, "indexSelect")
        if rank == 0 { return reshape([1]).indexSelect(0, index).reshape([]) }
        return apply(IndexSelect(source: shape, axis: axis), to: self, index)
    }

    /// A copy with the slices of `source` added to those of dimension `dim` that `index` names.
    public func indexAdd(_ dim: Int, _ index: Tensor, _ source: Tensor, alpha: Double = 1) -> Tensor {
        let axis = axis(dim, "indexAdd")
        if rank == 0 { return reshape([1]).indexAdd(0, index, source.reshape([-1]), alpha: alpha).reshape([]) }
        return apply(IndexInto(axis: axis, mode: .add), to: self, index, alpha == 1 ? source : source * alpha)
    }

    /// A copy with the slices of dimension `dim` that `index` names replaced by those of `source`.
    public func indexCopy(_ dim: Int, _ index: Tensor, _ source: Tensor) -> Tensor {
        let axis = axis(dim, "indexCopy")
        if rank == 0 { return reshape([1]).indexCopy(0, index, source.reshape([-1])).reshape([]) }
        return apply(IndexInto(axis: axis, mode: .replace), to: self, index, source)
    }

    /// A copy with the slices of dimension `dim` that `index` names filled with a number.
    public func indexFill(_ dim: Int, _ index: Tensor, _ value: some ScalarConvertible) -> Tensor {
        let axis = axis(dim, "indexFill")
        if rank == 0 { return reshape([1]).indexFill(0, index, value).reshape([]) }
        var slices = shape
        slices[axis] = index.count
        return indexCopy(dim, index, Tensor.full([], value, dtype: dtype, device: device).expand(to: slices))
    }

    /// The elements at these positions of the flattened tensor, in the shape of `index`; negative ones count from the
    /// end.
    public func take(_ index: Tensor) -> Tensor {
        let places = index.wrapped(below: count).reshape([-1])
        return reshape([-1]).indexSelect(0, places).reshape(index.shape)
    }

    /// The elements that a mask of the same shape (or one that broadcasts to it) picks, as a vector.
    public func maskedSelect(_ mask: Tensor) -> Tensor {
        let both = Tensor.broadcast([self, mask])
        return both[0][both[1]]
    }

    /// The positions of the elements that are not 0, row-major: int64 `[count, rank]`. Waits for the device.
    public func nonzero() -> Tensor {
        guard hasElements else {
            stop("nonzero", [spec], "the shape of the result depends on elements, of which a tensor on meta has none")
            return Tensor.meta([0, rank], dtype: .int64)
        }
        return device.backend.nonzero(detach())
    }

    /// The vectors of a table `[count, features]` that integers name: `[…]` gives `[…, features]`. PyTorch's `F.embedding`.
    /// - Parameter paddingIndex: The number whose vector takes no gradient.
    public func embedding(_ index: Tensor, paddingIndex: Int? = nil) -> Tensor {
        var table = self
        if let paddingIndex, requiresGrad {
            // The padding's vector takes part as a constant.
            let isPadding = (Tensor.arange(shape[0], device: device) == paddingIndex).unsqueeze(1)
            table = Tensor.where(isPadding, detach(), self)
        }
        let rows = table.indexSelect(0, index.to(.int64).reshape([-1]))
        return rows.reshape(Shape(Array(index.shape) + Array(shape.dropFirst())))
    }
}
