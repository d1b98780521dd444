/// Sum, product, extremes, any or all over dimensions, which have size 1 in the result.
struct Reduce: TensorOperation {
    static let name = "reduce"
    let kind: Reduction
    let axes: Axes
    let source: Shape

    static let names = Reduction.allCases.map(\.rawValue)
    var name: String { kind.rawValue }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        var shape = x[0].shape
        for axis in 0..<shape.count where axes.contains(axis) {
            if shape[axis] == 0, kind == .max || kind == .min {
                throw ShapeError("dimension \(axis) is empty and has no extreme")
            }
            shape[axis] = 1
        }
        return Spec(shape, dtype(of: x[0].dtype))
    }

    private func dtype(of x: DType) -> DType {
        switch kind {
        case .any, .all: .bool
        case .sum, .product: x.isFloatingPoint ? x : .int64
        case .max, .min, .sumOfSquares: x
        }
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.backend.reduce(kind, x[0], over: axes)
        switch kind {
        case .sum, .any, .all: break
        case .sumOfSquares: kept.append(x[0])
        case .product, .max, .min:
            kept.append(x[0])
            kept.append(y)
        }
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        switch kind {
        case .any, .all: return Gradients(nil)
        case .sum: return Gradients(g.expand(to: source))
        case .sumOfSquares: return Gradients(g * kept[0] * 2)
        case .product: return Gradients(g * productOfOthers(kept[0], kept[1]))
        case .max, .min:
            // Equal extremes share the gradient, and NaN where there is one, as in PyTorch.
            let (x, y) = (kept[0].detach(), kept[1].detach())
            let isExtreme = ((x == y) | (x.isNaN() & y.isNaN())).to(g.dtype)
            return Gradients(g / isExtreme.reduced(.sum, over: axes) * isExtreme)
        }
    }

    /// For each element the product of all others that it was multiplied with.
    private func productOfOthers(_ x: Tensor, _ product: Tensor) -> Tensor {
        let hasZero = (x.detach() == 0).any().item(as: Bool.self)
        guard hasZero else { return product / x }
        // Dividing the product by an element fails where one is 0, so the product of all other elements is computed for
        // each.
        let reduced = (0..<source.count).filter(axes.contains)
        let order = (0..<source.count).filter { !axes.contains($0) } + reduced
        let rows = x.permute(Dimensions(order)).flatten(from: source.count - reduced.count)
        let size = rows.shape[-1]
        let others = rows.unsqueeze(-2).maskedFill(Tensor.eye(size, dtype: .bool, device: x.device), with: 1.0)
        let products = others.prod(dim: -1)
        var inverse = Dimensions(repeating: 0, count: order.count)
        for (new, old) in order.enumerated() { inverse[old] = new }
        return products.reshape(Shape(order.map { source[$0] })).permute(inverse)
    }
}

extension Reduce {
    var attributes: Attributes { ["dims": axes, "source": source] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        guard let kind = Reduction(rawValue: name) else { throw AttributeError("'\(name)' is no reduction") }
        self.init(kind: kind, axes: try attributes["dims"], source: try attributes["source"])
    }
}

extension Tensor {
    func reduced(_ kind: Reduction, over axes: Axes) -> Tensor {
        apply(Reduce(kind: kind, axes: axes, source: shape), to: self)
    }

    /// Reduces `dims` (all when nil), and leaves them out of the result unless they are to be kept.
    func reduced(_ kind: Reduction, _ dims: [Int]?, keepDim: Bool, _ name: String) -> Tensor {
        let named = Axes((dims ?? []).map { axis($0, name) })
        // As in PyTorch no dimensions stand for all of them.
        let axes = named.isEmpty ? .all(rank) : named
        if rank == 0 { return reshape([1]).reduced(kind, over: .all(1)).reshape([]) }
        let y = reduced(kind, over: axes)
        return keepDim ? y : y.dropping(axes)
    }

    /// This tensor without the dimensions in `axes`, which have size 1.
    func dropping(_ axes: Axes) -> Tensor {
        var kept = Shape()
        for axis in 0..<rank where !axes.contains(axis) { kept.append(shape[axis]) }
        return reshape(kept)
    }

    /// The number of elements that a reduction over `dims` takes together.
    func reducedCount(_ dims: [Int]?) -> Int {
        guard let dims, !dims.isEmpty, rank > 0 else { return count }
        return Set(dims.map { axis($0, "mean") }).reduce(1) { $0 * shape[$1] }
    }
}

// Extremes and questions. Without dims all elements are taken together; reduced dimensions are left out of the result
// unless `keepDim` keeps them with size 1.
extension Tensor {
    /// The largest of all elements; NaN when there is one. Equal extremes share the gradient.
    public func max() -> Tensor { reduced(.max, nil, keepDim: false, "max") }
    /// The smallest of all elements; NaN when there is one. Equal extremes share the gradient.
    public func min() -> Tensor { reduced(.min, nil, keepDim: false, "min") }
    /// The largest elements over dimensions; equal extremes share the gradient.
    public func amax(dims: [Int], keepDim: Bool = false) -> Tensor {
        reduced(.max, dims, keepDim: keepDim, "amax")
    }
    /// The smallest elements over dimensions; equal extremes share the gradient.
    public func amin(dims: [Int], keepDim: Bool = false) -> Tensor {
        reduced(.min, dims, keepDim: keepDim, "amin")
    }

    /// The largest element along `dim` and its position, which alone takes the gradient.
    public func max(dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
        extreme(.max, dim, keepDim: keepDim)
    }
    /// The smallest element along `dim` and its position, which alone takes the gradient.
    public func min(dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
        extreme(.min, dim, keepDim: keepDim)
    }

    private func extreme(_ kind: Reduction, _ dim: Int, keepDim: Bool) -> (values: Tensor, indices: Tensor) {
        let dim = axis(dim, kind.rawValue)
        if rank == 0 { return (self, Tensor.zeros([], dtype: .int64, device: device)) }
        let indices = position(kind, dim, keepDim: true)
        let values = gather(dim, indices)
        return keepDim ? (values, indices) : (values.squeeze(dim), indices.squeeze(dim))
    }

    /// The position of the largest element along `dim` (int64), the first of equals; of the flattened tensor without.
    public func argmax(dim: Int? = nil, keepDim: Bool = false) -> Tensor { position(.max, dim, keepDim: keepDim) }
    /// The position of the smallest element along `dim` (int64), the first of equals; of the flattened tensor without.
    public func argmin(dim: Int? = nil, keepDim: Bool = false) -> Tensor { position(.min, dim, keepDim: keepDim) }

    private func position(_ kind: Reduction, _ dim: Int?, keepDim: Bool) -> Tensor {
        guard let dim, rank > 0 else {
            return apply(ArgReduce(kind: kind, axis: 0), to: detach().reshape([-1])).reshape([])
        }
        let y = apply(ArgReduce(kind: kind, axis: axis(dim, kind == .min ? "argmin" : "argmax")), to: detach())
        return keepDim ? y : y.squeeze(dim)
    }

    /// True when any element is not 0.
    public func any() -> Tensor { reduced(.any, nil, keepDim: false, "any") }
    /// True along `dim` when any element is not 0.
    public func any(dim: Int, keepDim: Bool = false) -> Tensor { any(dims: [dim], keepDim: keepDim) }
    /// True over dimensions when any element is not 0; for each element without dimensions.
    public func any(dims: [Int], keepDim: Bool = false) -> Tensor { question(.any, dims, keepDim) }
    /// True when no element is 0.
    public func all() -> Tensor { reduced(.all, nil, keepDim: false, "all") }
    /// True along `dim` when no element is 0.
    public func all(dim: Int, keepDim: Bool = false) -> Tensor { all(dims: [dim], keepDim: keepDim) }
    /// True over dimensions when no element is 0; for each element without dimensions.
    public func all(dims: [Int], keepDim: Bool = false) -> Tensor { question(.all, dims, keepDim) }

    private func question(_ kind: Reduction, _ dims: [Int], _ keepDim: Bool) -> Tensor {
        dims.isEmpty ? self != 0 : reduced(kind, dims, keepDim: keepDim, kind.rawValue)
    }
}

/// The position of an extreme.
struct ArgReduce: TensorOperation {
    static let name = "argmax"
    let kind: Reduction
    let axis: Int

    static let names = ["argmax", "argmin"]
    var name: String { kind == .min ? "argmin" : "argmax" }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        var shape = x[0].shape
        guard shape[axis] > 0 else { throw ShapeError("dimension \(axis) is empty and has no extreme") }
        shape[axis] = 1
        return Spec(shape, .int64)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.argReduce(kind, x[0], along: axis)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(nil) }
}

extension ArgReduce {
    var attributes: Attributes { ["dim": axis] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(kind: name == "argmin" ? .min : .max, axis: try attributes["dim"])
    }
}
