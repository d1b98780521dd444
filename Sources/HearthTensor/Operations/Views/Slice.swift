/// Every `step`-th element of one dimension, from `start` on.
struct Slice: ViewOperation {
    static let name = "slice"
    let source: Shape
    let axis: Int
    let start: Int
    let count: Int
    var step = 1

    func layout(of x: Layout) throws(ShapeError) -> Layout {
        let size = x.shape[axis]
        let last = start + (count - 1) * step
        guard count >= 0, start >= 0, count == 0 ? start <= size : (start < size && last >= 0 && last < size) else {
            throw ShapeError("\(count) elements from \(start) by \(step) leave dimension \(axis) of size \(size)")
        }
        var y = x
        y.offset += count == 0 ? 0 : start * x.strides[axis]
        y.shape[axis] = count
        y.strides[axis] = x.strides[axis] * step
        return y
    }
}

extension Slice {
    var attributes: Attributes { ["source": source, "dim": axis, "start": start, "count": count, "step": step] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(
            source: try attributes["source"], axis: try attributes["dim"], start: try attributes["start"],
            count: try attributes["count"], step: try attributes["step"])
    }
}

/// The diagonal of two dimensions, as a new last one.
struct Diagonal: ViewOperation {
    static let name = "diagonal"
    let source: Shape
    let offset: Int
    let first: Int
    let second: Int

    func layout(of x: Layout) throws(ShapeError) -> Layout {
        let (rows, columns) = (x.shape[first], x.shape[second])
        let count = max(offset >= 0 ? min(rows, columns - offset) : min(rows + offset, columns), 0)
        var y = x
        if count > 0 { y.offset += offset >= 0 ? offset * x.strides[second] : -offset * x.strides[first] }
        for axis in [first, second].sorted(by: >) {
            y.shape.remove(at: axis)
            y.strides.remove(at: axis)
        }
        y.shape.append(count)
        y.strides.append(x.strides[first] + x.strides[second])
        return y
    }
}

extension Diagonal {
    var attributes: Attributes { ["source": source, "offset": offset, "first": first, "second": second] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(
            source: try attributes["source"], offset: try attributes["offset"], first: try attributes["first"],
            second: try attributes["second"])
    }
}

/// Windows over one dimension, as a new last one.
struct Unfold: ViewOperation {
    static let name = "unfold"
    let source: Shape
    let axis: Int
    let size: Int
    let step: Int

    func layout(of x: Layout) throws(ShapeError) -> Layout {
        guard size >= 0, size <= x.shape[axis], step > 0 else {
            throw ShapeError("windows of \(size) by \(step) do not fit dimension \(axis) of size \(x.shape[axis])")
        }
        var y = x
        y.shape[axis] = (x.shape[axis] - size) / step + 1
        y.strides[axis] = x.strides[axis] * step
        y.shape.append(size)
        y.strides.append(x.strides[axis])
        return y
    }
}

extension Unfold {
    var attributes: Attributes { ["source": source, "dim": axis, "size": size, "step": step] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(
            source: try attributes["source"], axis: try attributes["dim"], size: try attributes["size"],
            step: try attributes["step"])
    }
}

extension Tensor {
    /// `length` elements of dimension `dim` from `start` on. A view.
    public func narrow(_ dim: Int, start: Int, length: Int) -> Tensor {
        let axis = axis(dim, "narrow")
        let first = start < 0 ? start + shape[axis] : start
        return apply(Slice(source: shape, axis: axis, start: first, count: length), to: self)
    }

    /// Element `index` of dimension `dim`, which is left out of the result. A view.
    public func select(_ dim: Int, _ index: Int) -> Tensor {
        let axis = axis(dim, "select")
        guard rank > 0, index >= -shape[axis], index < shape[axis] else {
            return stop("select", [spec], "index \(index) is outside dimension \(dim)", fallback: self)
        }
        var target = shape
        target.remove(at: axis)
        let slice = Slice(source: shape, axis: axis, start: index < 0 ? index + shape[axis] : index, count: 1)
        return apply(slice, to: self).reshape(target)
    }

    /// Parts of `size` elements along dimension `dim`; the last may be smaller. Views.
    public func split(_ size: Int, dim: Int = 0) -> [Tensor] {
        let total = shape[axis(dim, "split")]
        guard size > 0 else {
            stop("split", [spec], "the size of a part must be positive; it is \(size)")
            return [self]
        }
        if total == 0 { return [self] }
        return stride(from: 0, to: total, by: size).map { narrow(dim, start: $0, length: Swift.min(size, total - $0)) }
    }

    /// Parts of the given sizes along dimension `dim`. Views.
    public func split(_ sizes: [Int], dim: Int = 0) -> [Tensor] {
        let total = shape[axis(dim, "split")]
        guard sizes.reduce(0, +) == total else {
            stop(
                "split", [spec], "the sizes \(sizes) do not sum to \(total), the size of dimension \(dim)")
            return sizes.map { _ in self }
        }
        var start = 0
        return sizes.map { size in
            defer { start += size }
            return narrow(dim, start: start, length: size)
        }
    }

    /// At most `count` equal parts along dimension `dim`; the last may be smaller. Views.
    public func chunk(_ count: Int, dim: Int = 0) -> [Tensor] {
        guard count > 0 else {
            stop("chunk", [spec], "the number of parts must be positive; it is \(count)")
            return [self]
        }
        let total = shape[axis(dim, "chunk")]
        return split(Swift.max((total + count - 1) / count, 1), dim: dim)
    }

    /// The slices of dimension `dim`, without it. Views.
    public func unbind(dim: Int = 0) -> [Tensor] { (0..<shape[axis(dim, "unbind")]).map { select(dim, $0) } }

    /// The diagonal of two dimensions, `offset` above the main one, as the last dimension of the result. A view.
    public func diagonal(offset: Int = 0, dim1: Int = 0, dim2: Int = 1) -> Tensor {
        let (first, second) = (axis(dim1, "diagonal"), axis(dim2, "diagonal"))
        guard first != second else {
            return stop("diagonal", [spec], "the two dimensions are both \(dim1)", fallback: self)
        }
        return apply(Diagonal(source: shape, offset: offset, first: first, second: second), to: self)
    }

    /// All windows of `size` elements along dimension `dim`, `step` apart, as a new last dimension. A view.
    public func unfold(dim: Int, size: Int, step: Int) -> Tensor {
        let axis = axis(dim, "unfold")
        if rank == 0 { return reshape([1]).unfold(dim: 0, size: size, step: step).squeeze(0) }
        return apply(Unfold(source: shape, axis: axis, size: size, step: step), to: self)
    }
}
