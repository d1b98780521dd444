import HearthTensor

/// What max pooling over one, two and three dimensions shares.
public class MaxPool: Module, Layer {
    let rank: Int
    let kernelSize: Dimensions
    let stride: Dimensions?
    let padding: Dimensions
    let dilation: Dimensions
    let ceilMode: Bool

    init(
        _ rank: Int, _ kernelSize: some Extent, _ stride: (any Extent)?, _ padding: some Extent,
        _ dilation: some Extent,
        _ ceilMode: Bool
    ) {
        self.rank = rank
        let name = "MaxPool\(rank)d"
        self.kernelSize = kernelSize.sizes(rank, "kernelSize", name)
        self.stride = stride?.sizes(rank, "stride", name)
        self.padding = padding.sizes(rank, "padding", name)
        self.dilation = dilation.sizes(rank, "dilation", name)
        self.ceilMode = ceilMode
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        x.maxPool(
            rank: rank, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
    }

    /// The result for `x` and the position of each largest element in its plane (int64), for `MaxUnpool`.
    public func withIndices(_ x: Tensor) -> (values: Tensor, indices: Tensor) {
        x.maxPoolWithIndices(
            rank: rank, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "kernel_size=\(sizes: kernelSize), stride=\(sizes: stride ?? kernelSize), padding=\(sizes: padding), "
            + "dilation=\(sizes: dilation), ceil_mode=\(py: ceilMode)"
    }
}

/// The largest element under a window that slides over `[N, C, L]` or `[C, L]`. PyTorch's `nn.MaxPool1d`.
public final class MaxPool1d: MaxPool {
    /// A layer with windows of `kernelSize`, `stride` apart (by default their size). With `ceilMode` a last window that
    /// hangs over the end counts.
    public init(
        _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0, dilation: some Extent = 1,
        ceilMode: Bool = false
    ) { super.init(1, kernelSize, stride, padding, dilation, ceilMode) }
}

/// The largest element under a window that slides over `[N, C, H, W]` or `[C, H, W]`. PyTorch's `nn.MaxPool2d`.
public final class MaxPool2d: MaxPool {
    /// A layer with windows of `kernelSize`, `stride` apart (by default their size). With `ceilMode` a last window that
    /// hangs over the end counts.
    public init(
        _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0, dilation: some Extent = 1,
        ceilMode: Bool = false
    ) { super.init(2, kernelSize, stride, padding, dilation, ceilMode) }
}

/// The largest element under a window that slides over `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch's `nn.MaxPool3d`.
public final class MaxPool3d: MaxPool {
    /// A layer with windows of `kernelSize`, `stride` apart (by default their size). With `ceilMode` a last window that
    /// hangs over the end counts.
    public init(
        _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0, dilation: some Extent = 1,
        ceilMode: Bool = false
    ) { super.init(3, kernelSize, stride, padding, dilation, ceilMode) }
}
