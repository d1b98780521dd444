/// The mean of each pool.
struct AveragePool: TensorOperation {
    static let name = "avg_pool"
    let pools: Pools

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[0].dtype.isFloatingPoint else { throw ShapeError("a floating-point dtype is expected") }
        return Spec(x[0].shape.replacingLast(pools.rank, with: pools.outputs), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.averagePool(x[0], pools)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        Gradients(apply(AveragePoolGradient(pools: pools), to: g))
    }
}

extension AveragePool {
    var attributes: Attributes { ["pools": pools] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(pools: try attributes["pools"])
    }
}

/// Each gradient shared among the elements of its pool; the transpose of the mean.
struct AveragePoolGradient: TensorOperation {
    static let name = "avg_pool_backward"
    let pools: Pools

    func result(of x: Operands) -> Spec {
        Spec(x[0].shape.replacingLast(pools.rank, with: pools.size), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.averagePoolGradient(x[0], pools)
    }

    func gradient(_ gg: Tensor, _ kept: Kept) -> Gradients { Gradients(apply(AveragePool(pools: pools), to: gg)) }
}

extension AveragePoolGradient {
    var attributes: Attributes { ["pools": pools] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(pools: try attributes["pools"])
    }
}

extension Tensor {
    /// The mean under a window that slides over the last `rank` dimensions of `[N, C, …]`, or of `[C, …]`. PyTorch's
    /// `F.avg_pool1d`, `2d` and `3d`.
    /// - Parameters:
    ///   - stride: How far windows are apart; by default their size.
    ///   - ceilMode: Whether a last window that hangs over the end counts.
    ///   - countIncludePad: Whether the zeros of the padding count.
    ///   - divisor: What sums are divided by, instead of the number of elements.
    public func avgPool(
        rank: Int, _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0,
        ceilMode: Bool = false, countIncludePad: Bool = true, divisor: Int? = nil
    ) -> Tensor {
        let name = "avgPool\(rank)d"
        let kernel = kernelSize.checked(rank, "kernel size", name)
        let around = padding.checked(rank, "padding", name)
        let window = Window(
            kernel: kernel, stride: stride?.checked(rank, "stride", name) ?? kernel, before: around, after: around,
            dilation: Dimensions(repeating: 1, count: rank))
        let pools = pools(name, rank) { size throws(ShapeError) in
            try Pools.windows(window, over: size, ceil: ceilMode, countsPadding: countIncludePad, divisor: divisor)
        }
        return pools.map { apply(AveragePool(pools: $0), to: self) } ?? self
    }

    /// The means of as many parts of the last `rank` dimensions, of nearly equal size, as `size` says. PyTorch's
    /// `F.adaptive_avg_pool1d`, `2d` and `3d`.
    public func adaptiveAvgPool(rank: Int, _ size: some Extent) -> Tensor {
        let name = "adaptiveAvgPool\(rank)d"
        let outputs = size.checked(rank, "output size", name)
        let pools = pools(name, rank) { size throws(ShapeError) in try Pools.adaptive(outputs, over: size) }
        return pools.map { apply(AveragePool(pools: $0), to: self) } ?? self
    }

    /// `(Σ x^p)^(1/p)` under a window that slides over the last `rank` dimensions. PyTorch's `F.lp_pool1d`, `2d` and
    /// `3d`.
    public func lpPool(
        rank: Int, norm p: Double, _ kernelSize: some Extent, stride: (any Extent)? = nil, ceilMode: Bool = false
    ) -> Tensor {
        let mean = pow(p).avgPool(rank: rank, kernelSize, stride: stride, ceilMode: ceilMode)
        let count = kernelSize.checked(rank, "kernel size", "lpPool\(rank)d").elementCount
        return (mean.sign() * mean.abs().relu() * count).pow(1 / p)
    }
}
