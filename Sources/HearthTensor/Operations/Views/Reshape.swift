/// The same elements in another shape: a view where the layout allows it, else of a packed copy.
struct Reshape: ViewOperation {
    static let name = "reshape"
    let source: Shape
    let shape: Shape

    func layout(of x: Layout) throws(ShapeError) -> Layout {
        guard let strides = x.strides(for: shape) else {
            throw ShapeError("the elements are laid out so that \(shape) needs a copy")
        }
        return Layout(shape: shape, strides: strides, offset: x.offset)
    }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[0].count == shape.elementCount, shape.allSatisfy({ $0 >= 0 }) else {
            throw ShapeError("\(x[0].count) elements do not fill the shape \(shape)")
        }
        return Spec(shape, x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor { view(viewable(x[0])) }

    func resultOnMeta(_ x: Operands, _ result: Spec) -> Tensor {
        x[0].layout.strides(for: shape) == nil ? .meta(result) : view(x[0])
    }

    private func viewable(_ x: Tensor) -> Tensor { x.layout.strides(for: shape) == nil ? x.contiguous() : x }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(g.reshape(source)) }
}

extension Reshape {
    var attributes: Attributes { ["source": source, "shape": shape] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(source: try attributes["source"], shape: try attributes["shape"])
    }
}

extension Layout {
    /// Strides that read these elements in `target` shape, or nil when they cannot be read so without a copy.
    func strides(for target: Shape) -> Strides? {
        if isContiguous || shape.elementCount == 0 { return target.contiguousStrides }
        // Runs of dimensions that lie one after another in memory can be divided anew, others cannot.
        let old = (0..<shape.count).filter { shape[$0] != 1 }
        var result = Strides(repeating: 1, count: target.count)
        var next = 0
        var i = 0
        while i < old.count {
            var size = shape[old[i]]
            var end = i
            while end + 1 < old.count, strides[old[end]] == strides[old[end + 1]] * shape[old[end + 1]] {
                end += 1
                size *= shape[old[end]]
            }
            let first = next
            var covered = 1
            while next < target.count, covered < size || target[next] == 1 {
                covered *= target[next]
                next += 1
            }
            guard covered == size else { return nil }
            var step = strides[old[end]]
            for j in stride(from: next - 1, through: first, by: -1) {
                result[j] = step
                step *= target[j]
            }
            i = end + 1
        }
        return result
    }
}

extension Shape {
    /// This shape with the one -1 in it replaced by what is left of `count` elements; nil when that does not fit.
    func inferred(count: Int) -> Shape? {
        guard let open = firstIndex(of: -1) else { return elementCount == count && allSatisfy { $0 >= 0 } ? self : nil }
        var shape = self
        shape[open] = 1
        guard shape.allSatisfy({ $0 >= 0 }) else { return nil }
        let known = shape.elementCount
        guard known > 0, count % known == 0 else { return nil }
        shape[open] = count / known
        return shape
    }
}

extension Tensor {
    /// The same elements in another shape, row-major; one size may be -1 and is worked out. A view where the layout
    /// allows it, else a packed copy.
    public func reshape(_ shape: Shape) -> Tensor { reshaped(shape, "reshape", copying: true) }

    /// The same elements in another shape; see `reshape(_:)`.
    public func reshape(_ sizes: Int...) -> Tensor { reshape(Shape(sizes)) }

    /// Like `reshape`, but stops the program where a copy would be needed.
    public func view(_ sizes: Int...) -> Tensor { reshaped(Shape(sizes), "view", copying: false) }

    private func reshaped(_ wanted: Shape, _ name: String, copying: Bool) -> Tensor {
        if wanted == shape { return self }
        guard let target = wanted.inferred(count: count) else {
            return stop(name, [spec], "\(count) elements do not fill the shape \(wanted)", fallback: self)
        }
        if !copying, layout.strides(for: target) == nil {
            return stop(name, [spec], "the elements are laid out so that \(target) needs a copy", fallback: self)
        }
        return apply(Reshape(source: shape, shape: target), to: self)
    }

    /// All dimensions from `from` to `to` made one.
    public func flatten(from: Int = 0, to: Int = -1) -> Tensor {
        if rank == 0 { return reshape([1]) }
        let (first, last) = (axis(from, "flatten"), axis(to, "flatten"))
        guard first <= last else {
            return stop("flatten", [spec], "dimension \(from) comes after \(to) in shape \(shape)", fallback: self)
        }
        if first == last { return self }
        var target = Shape(shape.prefix(first))
        target.append(shape[first...last].reduce(1, *))
        for size in shape.dropFirst(last + 1) { target.append(size) }
        return reshape(target)
    }

    /// Dimension `dim` divided into several; one size may be -1.
    public func unflatten(dim: Int, _ sizes: Shape) -> Tensor {
        let position = axis(dim, "unflatten")
        guard let parts = sizes.inferred(count: shape[position]) else {
            return stop(
                "unflatten", [spec], "the sizes \(sizes) do not multiply to \(shape[position])", fallback: self)
        }
        return reshape(Shape(shape.prefix(position) + Array(parts) + shape.dropFirst(position + 1)))
    }

    /// This tensor without the dimensions of size 1.
    public func squeeze() -> Tensor { reshape(Shape(shape.filter { $0 != 1 })) }

    /// This tensor without dimension `dim`, if its size is 1.
    public func squeeze(_ dim: Int) -> Tensor {
        let position = axis(dim, "squeeze")
        guard rank > 0, shape[position] == 1 else { return self }
        var target = shape
        target.remove(at: position)
        return reshape(target)
    }

    /// This tensor with a dimension of size 1 at position `dim`.
    public func unsqueeze(_ dim: Int) -> Tensor {
        var target = shape
        target.insert(1, at: axis(dim, "unsqueeze", rank: rank + 1))
        return reshape(target)
    }
}
