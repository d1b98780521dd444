import HearthTensor

/// What average pooling over one, two and three dimensions shares.
public class AvgPool: Module, Layer {
    let rank: Int
    let kernelSize: Dimensions
    let stride: Dimensions?
    let padding: Dimensions
    let ceilMode: Bool
    let countIncludePad: Bool
    let divisor: Int?

    init(
        _ rank: Int, _ kernelSize: some Extent, _ stride: (any Extent)?, _ padding: some Extent, _ ceilMode: Bool,
        _ countIncludePad: Bool, _ divisor: Int?
    ) {
        self.rank = rank
        let name = "AvgPool\(rank)d"
        self.kernelSize = kernelSize.sizes(rank, "kernelSize", name)
        self.stride = stride?.sizes(rank, "stride", name)
        self.padding = padding.sizes(rank, "padding", name)
        self.ceilMode = ceilMode
        self.countIncludePad = countIncludePad
        self.divisor = divisor
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        x.avgPool(
            rank: rank, kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
            countIncludePad: countIncludePad, divisor: divisor)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        rank == 1
            ? "kernel_size=\(tuple: kernelSize), stride=\(tuple: stride ?? kernelSize), padding=\(tuple: padding)"
            : "kernel_size=\(sizes: kernelSize), stride=\(sizes: stride ?? kernelSize), padding=\(sizes: padding)"
    }
}

/// The mean under a window that slides over `[N, C, L]` or `[C, L]`. PyTorch's `nn.AvgPool1d`.
public final class AvgPool1d: AvgPool {
    /// A layer with windows of `kernelSize`, `stride` apart (by default their size).
    /// - Parameters:
    ///   - ceilMode: Whether a last window that hangs over the end counts.
    ///   - countIncludePad: Whether the zeros of the padding count.
    ///   - divisor: What sums are divided by, instead of the number of elements.
    public init(
        _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0, ceilMode: Bool = false,
        countIncludePad: Bool = true, divisor: Int? = nil
    ) { super.init(1, kernelSize, stride, padding, ceilMode, countIncludePad, divisor) }
}

/// The mean under a window that slides over `[N, C, H, W]` or `[C, H, W]`. PyTorch's `nn.AvgPool2d`.
public final class AvgPool2d: AvgPool {
    /// A layer with windows of `kernelSize`, `stride` apart (by default their size).
    /// - Parameters:
    ///   - ceilMode: Whether a last window that hangs over the end counts.
    ///   - countIncludePad: Whether the zeros of the padding count.
    ///   - divisor: What sums are divided by, instead of the number of elements.
    public init(
        _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0, ceilMode: Bool = false,
        countIncludePad: Bool = true, divisor: Int? = nil
    ) { super.init(2, kernelSize, stride, padding, ceilMode, countIncludePad, divisor) }
}

/// The mean under a window that slides over `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch's `nn.AvgPool3d`.
public final class AvgPool3d: AvgPool {
    /// A layer with windows of `kernelSize`, `stride` apart (by default their size).
    /// - Parameters:
    ///   - ceilMode: Whether a last window that hangs over the end counts.
    ///   - countIncludePad: Whether the zeros of the padding count.
    ///   - divisor: What sums are divided by, instead of the number of elements.
    public init(
        _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0, ceilMode: Bool = false,
        countIncludePad: Bool = true, divisor: Int? = nil
    ) { super.init(3, kernelSize, stride, padding, ceilMode, countIncludePad, divisor) }
}
