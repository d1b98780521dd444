/// The largest element of each pool.
struct MaxPool: TensorOperation {
    static let name = "max_pool"
    let pools: Pools

    func result(of x: Operands) -> Spec {
        Spec(x[0].shape.replacingLast(pools.rank, with: pools.outputs), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        if !kept.isWanted { return x.backend.largest(x[0], pools) }
        let (values, positions) = x.backend.maxPool(x[0], pools)
        kept.append(positions)
        return values
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        Gradients(apply(MaxPoolGradient(pools: pools), to: g, kept[0]))
    }
}

extension MaxPool {
    var attributes: Attributes { ["pools": pools] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(pools: try attributes["pools"])
    }
}

/// Where the largest element of each pool lies in its plane.
struct MaxPoolPositions: TensorOperation {
    static let name = "max_pool_indices"
    let pools: Pools

    func result(of x: Operands) -> Spec {
        Spec(x[0].shape.replacingLast(pools.rank, with: pools.outputs), .int64)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.maxPool(x[0], pools).positions
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(nil) }
}

extension MaxPoolPositions {
    var attributes: Attributes { ["pools": pools] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(pools: try attributes["pools"])
    }
}

/// Gradients put back to where the largest elements were; the transpose of picking these elements.
struct MaxPoolGradient: TensorOperation {
    static let name = "max_pool_backward"
    let pools: Pools

    func result(of x: Operands) -> Spec {
        Spec(x[0].shape.replacingLast(pools.rank, with: pools.size), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[1])
        return x.backend.maxPoolGradient(x[0], x[1], pools)
    }

    func gradient(_ gg: Tensor, _ kept: Kept) -> Gradients {
        let positions = kept[0]
        let picked = gg.flatten(from: -pools.rank).gather(-1, positions.flatten(from: -pools.rank))
        return Gradients(picked.reshape(positions.shape), nil)
    }
}

extension MaxPoolGradient {
    var attributes: Attributes { ["pools": pools] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(pools: try attributes["pools"])
    }
}

extension Tensor {
    /// The largest element of each pool and its position.
    func pooled(_ pools: Pools) -> (values: Tensor, indices: Tensor) {
        // Found once, then picked: an operation has one result.
        let indices = apply(MaxPoolPositions(pools: pools), to: detach())
        let planes = flatten(from: -pools.rank)
        let values = planes.gather(-1, indices.flatten(from: -pools.rank)).reshape(indices.shape)
        return (values, indices)
    }

    /// The pools of a window over the last dimensions; nil when it does not fit, which was reported.
    func pools(
        _ name: String, _ rank: Int, _ make: (Shape) throws(ShapeError) -> Pools
    ) -> Pools? {
        guard self.rank == rank + 1 || self.rank == rank + 2 else {
            stop(name, [spec], "\(rank + 2) dimensions are expected, or \(rank + 1) without a batch")
            return nil
        }
        do throws(ShapeError) {
            return try make(Shape(shape.suffix(rank)))
        } catch {
            stop(name, [spec], error.rule)
            return nil
        }
    }

    private func maxPools(
        _ rank: Int, _ kernel: some Extent, _ stride: (any Extent)?, _ padding: some Extent, _ dilation: some Extent,
        ceil: Bool
    ) -> Pools? {
        let name = "maxPool\(rank)d"
        let kernel = kernel.checked(rank, "kernel size", name)
        let around = padding.checked(rank, "padding", name)
        let window = Window(
            kernel: kernel, stride: stride?.checked(rank, "stride", name) ?? kernel, before: around, after: around,
            dilation: dilation.checked(rank, "dilation", name))
        return pools(name, rank) { size throws(ShapeError) in try Pools.windows(window, over: size, ceil: ceil) }
    }

    /// The largest element under a window that slides over the last `rank` dimensions of `[N, C, …]`, or of `[C, …]`;
    /// NaN wins. PyTorch's `F.max_pool1d`, `2d` and `3d`.
    /// - Parameters:
    ///   - stride: How far windows are apart; by default their size.
    ///   - padding: How far windows may begin before the first element, at most half the kernel.
    ///   - ceilMode: Whether a last window that hangs over the end counts.
    public func maxPool(
        rank: Int, _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0,
        dilation: some Extent = 1, ceilMode: Bool = false
    ) -> Tensor {
        guard let pools = maxPools(rank, kernelSize, stride, padding, dilation, ceil: ceilMode) else { return self }
        return apply(MaxPool(pools: pools), to: self)
    }

    /// `maxPool` and the position of each largest element in its plane (int64). PyTorch's `return_indices=True`.
    public func maxPoolWithIndices(
        rank: Int, _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0,
        dilation: some Extent = 1, ceilMode: Bool = false
    ) -> (values: Tensor, indices: Tensor) {
        guard let pools = maxPools(rank, kernelSize, stride, padding, dilation, ceil: ceilMode) else {
            return (self, self)
        }
        return pooled(pools)
    }

    /// The largest elements of as many parts of the last `rank` dimensions, of nearly equal size, as `size` says, and
    /// their positions in their planes (int64). PyTorch's `F.adaptive_max_pool1d`, `2d` and `3d`.
    public func adaptiveMaxPool(rank: Int, _ size: some Extent) -> (values: Tensor, indices: Tensor) {
        let name = "adaptiveMaxPool\(rank)d"
        let outputs = size.checked(rank, "output size", name)
        guard let pools = pools(name, rank, { size throws(ShapeError) in try Pools.adaptive(outputs, over: size) })
        else { return (self, self) }
        return pooled(pools)
    }

    /// Puts elements back to where `maxPoolWithIndices` found them, among zeros. PyTorch's `F.max_unpool1d`, `2d` and
    /// `3d`.
    /// - Parameter outputSize: The sizes of the planes, where kernel and stride leave several possible.
    public func maxUnpool(
        rank: Int, _ indices: Tensor, _ kernelSize: some Extent, stride: (any Extent)? = nil,
        padding: some Extent = 0, outputSize: Shape? = nil
    ) -> Tensor {
        guard self.rank == rank + 1 || self.rank == rank + 2, indices.shape == shape, indices.dtype == .int64 else {
            return stop(
                "maxUnpool\(rank)d", [spec, indices.spec], "int64 indices of the input's shape are expected",
                fallback: self)
        }
        let size =
            outputSize.map { Shape($0.suffix(rank)) }
            ?? unpooledSize(rank, kernelSize, stride: stride, padding: padding)
        let planes = Shape(shape.dropLast(rank) + [size.elementCount])
        let zeros = Tensor.zeros(planes, dtype: dtype, device: device)
        return zeros.scatter(-1, indices.flatten(from: -rank), flatten(from: -rank))
            .reshape(Shape(shape.dropLast(rank) + Array(size)))
    }

    /// The size that a pool of this kernel was made from, when padding and rounding say no more.
    private func unpooledSize(
        _ rank: Int, _ kernel: some Extent, stride: (any Extent)?, padding: some Extent
    ) -> Shape {
        let name = "maxUnpool\(rank)d"
        let kernel = kernel.checked(rank, "kernel size", name)
        let stride = stride?.checked(rank, "stride", name) ?? kernel
        let padding = padding.checked(rank, "padding", name)
        var size = Shape()
        for (i, count) in shape.suffix(rank).enumerated() {
            size.append((count - 1) * stride[i] - 2 * padding[i] + kernel[i])
        }
        return size
    }
}
