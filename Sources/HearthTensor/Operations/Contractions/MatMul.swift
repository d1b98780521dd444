/// The product of matrices, batch by batch: `[…, m, k] × […, k, n]`, equal batch dimensions.
struct MatMul: TensorOperation {
    static let name = "matmul"

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let (a, b) = (x[0].shape, x[1].shape)
        try checkProduct(x[0].dtype, x[1].dtype)
        guard a.count >= 2, b.count == a.count, a.dropLast(2).elementsEqual(b.dropLast(2)) else {
            throw ShapeError("batch dimensions must be equal")
        }
        guard a[-1] == b[-2] else {
            throw ShapeError("inner sizes differ: \(a[-1]) columns against \(b[-2]) rows")
        }
        var shape = a
        shape[-1] = b[-1]
        return Spec(shape, x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        kept.append(x[1])
        return x.backend.matmul(x[0], x[1], bias: nil)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        Gradients(
            kept.needs(0) ? apply(MatMul(), to: g, kept[1].mT) : nil,
            kept.needs(1) ? apply(MatMul(), to: kept[0].mT, g) : nil)
    }
}

extension MatMul {
    init(_ name: String, _ attributes: Attributes) { self.init() }
}

/// `x Wᵀ + b`, the affine map of a layer, with the bias added in the same pass.
struct Affine: TensorOperation {
    static let name = "linear"

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let (input, weight) = (x[0].shape, x[1].shape)
        try checkProduct(x[0].dtype, x[1].dtype)
        guard weight.count == 2 else { throw ShapeError("the weight must have 2 dimensions") }
        guard input.count >= 1, input[-1] == weight[1] else {
            throw ShapeError("the last size of the input must be \(weight[1]), the second of the weight")
        }
        guard x.count < 3 || x[2].shape == [weight[0]] else { throw ShapeError("the bias must be [\(weight[0])]") }
        var shape = input
        shape[-1] = weight[0]
        return Spec(shape, x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        kept.append(x[1])
        let y = x.backend.matmul(x[0].rows, x[1].view(x[1].layout.transposed), bias: x.count > 2 ? x[2] : nil)
        return result.shape.count == 2 ? y : y.view(Layout(result.shape))
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let (x, weight) = (kept[0], kept[1])
        let rows = g.rows
        return Gradients(
            kept.needs(0) ? rows.matmul(weight).reshape(x.shape) : nil,
            kept.needs(1) ? rows.mT.matmul(x.rows) : nil, kept.needs(2) ? rows.sum(dim: 0) : nil)
    }
}

extension Affine {
    init(_ name: String, _ attributes: Attributes) { self.init() }
}

/// Products know no promotion, as in PyTorch: a dtype that differs is a mistake, which would be paid for with a
/// conversion at every call.
private func checkProduct(_ x: DType, _ y: DType) throws(ShapeError) {
    guard x == y else { throw ShapeError("dtypes must be equal; they are \(x) and \(y)") }
    guard x != .bool else { throw ShapeError("not defined for bool") }
}

extension Tensor {
    /// All dimensions but the last made one.
    fileprivate var rows: Tensor {
        rank == 2 ? self : reshape([Shape(shape.dropLast()).elementCount, shape[-1]])
    }

    /// The product of matrices `[…, m, k] × […, k, n]`. Batch dimensions are broadcast; a vector counts as a row on the
    /// left and as a column on the right, and its dimension is left out of the result. Dtypes must be equal, as in PyTorch,
    /// whose `@` this is.
    public func matmul(_ other: Tensor) -> Tensor {
        let (x, y) = (self, other)
        guard x.rank > 0, y.rank > 0 else {
            return stop("matmul", [spec, other.spec], "both need at least 1 dimension", fallback: self)
        }
        if x.rank == 1 { return x.unsqueeze(0).matmul(y).squeeze(y.rank == 1 ? 0 : -2) }
        if y.rank == 1 { return x.matmul(y.unsqueeze(1)).squeeze(-1) }
        if x.rank == y.rank && x.shape.dropLast(2).elementsEqual(y.shape.dropLast(2)) {
            return apply(MatMul(), to: x, y)
        }
        // With a single matrix on the right, all batches of the left are rows of one product.
        if y.rank == 2, x.shape[-1] == y.shape[0] {
            return apply(MatMul(), to: x.rows, y).reshape(Shape(x.shape.dropLast() + [y.shape[1]]))
        }
        guard let batch = Dimensions.broadcast(Shape(x.shape.dropLast(2)), Shape(y.shape.dropLast(2))) else {
            return stop(
                "matmul", [spec, other.spec], "batch sizes must be equal or 1 in every dimension", fallback: self)
        }
        return apply(
            MatMul(), to: x.expand(to: Shape(Array(batch) + x.shape.suffix(2))),
            y.expand(to: Shape(Array(batch) + y.shape.suffix(2))))
    }

    /// The product of two matrices `[m, k] × [k, n]`.
    public func mm(_ other: Tensor) -> Tensor { matmul(other) }

    /// The products of two batches of matrices `[b, m, k] × [b, k, n]`.
    public func bmm(_ other: Tensor) -> Tensor { matmul(other) }

    /// The product of a matrix and a vector.
    public func mv(_ vector: Tensor) -> Tensor { matmul(vector) }

    /// The inner product of two vectors.
    public func dot(_ other: Tensor) -> Tensor {
        guard rank == 1, shape == other.shape else {
            return stop("dot", [spec, other.spec], "two vectors of one length are expected", fallback: self)
        }
        return (self * other).sum()
    }

    /// The outer product of two vectors.
    public func outer(_ other: Tensor) -> Tensor { unsqueeze(1) * other.unsqueeze(0) }

    /// `x Wᵀ + b` for `x` of shape `[…, in]`, `weight` `[out, in]` and `bias` `[out]`; PyTorch's `F.linear`.
    public func linear(_ weight: Tensor, bias: Tensor? = nil) -> Tensor {
        guard let bias else { return apply(Affine(), to: self, weight) }
        return apply(Affine(), to: self, weight, bias)
    }

    /// `self + x × y` for matrices, with factors.
    public func addmm(_ x: Tensor, _ y: Tensor, beta: Double = 1, alpha: Double = 1) -> Tensor {
        (beta == 1 ? self : self * beta).add(x.matmul(y), alpha: alpha)
    }
}
