// Pooling under PyTorch's functional names, over the last one, two or three dimensions; what the arguments mean stands
// at the methods of any rank.
extension Tensor {
    /// The largest element under a sliding window. PyTorch's `F.max_pool1d`.
    public func maxPool1d(
        _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0, dilation: some Extent = 1,
        ceilMode: Bool = false
    ) -> Tensor {
        maxPool(rank: 1, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
    }

    /// The mean under a sliding window. PyTorch's `F.avg_pool1d`.
    public func avgPool1d(
        _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0, ceilMode: Bool = false,
        countIncludePad: Bool = true, divisor: Int? = nil
    ) -> Tensor {
        avgPool(
            rank: 1, kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
            countIncludePad: countIncludePad, divisor: divisor)
    }

    /// The means of as many parts as `size` says. PyTorch's `F.adaptive_avg_pool1d`.
    public func adaptiveAvgPool1d(_ size: some Extent) -> Tensor { adaptiveAvgPool(rank: 1, size) }

    /// The largest elements of as many parts as `size` says. PyTorch's `F.adaptive_max_pool1d`.
    public func adaptiveMaxPool1d(_ size: some Extent) -> Tensor { adaptiveMaxPool(rank: 1, size).values }

    /// The largest element under a sliding window. PyTorch's `F.max_pool2d`.
    public func maxPool2d(
        _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0, dilation: some Extent = 1,
        ceilMode: Bool = false
    ) -> Tensor {
        maxPool(rank: 2, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
    }

    /// The mean under a sliding window. PyTorch's `F.avg_pool2d`.
    public func avgPool2d(
        _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0, ceilMode: Bool = false,
        countIncludePad: Bool = true, divisor: Int? = nil
    ) -> Tensor {
        avgPool(
            rank: 2, kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
            countIncludePad: countIncludePad, divisor: divisor)
    }

    /// The means of as many parts as `size` says. PyTorch's `F.adaptive_avg_pool2d`.
    public func adaptiveAvgPool2d(_ size: some Extent) -> Tensor { adaptiveAvgPool(rank: 2, size) }

    /// The largest elements of as many parts as `size` says. PyTorch's `F.adaptive_max_pool2d`.
    public func adaptiveMaxPool2d(_ size: some Extent) -> Tensor { adaptiveMaxPool(rank: 2, size).values }

    /// The largest element under a sliding window. PyTorch's `F.max_pool3d`.
    public func maxPool3d(
        _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0, dilation: some Extent = 1,
        ceilMode: Bool = false
    ) -> Tensor {
        maxPool(rank: 3, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
    }

    /// The mean under a sliding window. PyTorch's `F.avg_pool3d`.
    public func avgPool3d(
        _ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0, ceilMode: Bool = false,
        countIncludePad: Bool = true, divisor: Int? = nil
    ) -> Tensor {
        avgPool(
            rank: 3, kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
            countIncludePad: countIncludePad, divisor: divisor)
    }

    /// The means of as many parts as `size` says. PyTorch's `F.adaptive_avg_pool3d`.
    public func adaptiveAvgPool3d(_ size: some Extent) -> Tensor { adaptiveAvgPool(rank: 3, size) }

    /// The largest elements of as many parts as `size` says. PyTorch's `F.adaptive_max_pool3d`.
    public func adaptiveMaxPool3d(_ size: some Extent) -> Tensor { adaptiveMaxPool(rank: 3, size).values }
}
