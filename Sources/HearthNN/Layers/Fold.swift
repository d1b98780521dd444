import HearthTensor

/// The elements under each window of `[N, C, H, W]` as columns `[N, C * kernel, windows]`. PyTorch's `nn.Unfold`.
public final class Unfold: Module, Layer {
    private let kernelSize, dilation, padding, stride: Dimensions

    /// A layer with windows of `kernelSize`.
    public init(
        _ kernelSize: some Extent, dilation: some Extent = 1, padding: some Extent = 0, stride: some Extent = 1
    ) {
        self.kernelSize = kernelSize.sizes(2, "kernelSize", "Unfold")
        self.dilation = dilation.sizes(2, "dilation", "Unfold")
        self.padding = padding.sizes(2, "padding", "Unfold")
        self.stride = stride.sizes(2, "stride", "Unfold")
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        x.unfold2d(kernelSize, dilation: dilation, padding: padding, stride: stride)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "kernel_size=\(sizes: kernelSize), dilation=\(sizes: dilation), padding=\(sizes: padding), stride=\(sizes: stride)"
    }
}

/// Columns `[N, C * kernel, windows]` added up where `Unfold` takes them from: `[N, C, H, W]`. PyTorch's `nn.Fold`.
public final class Fold: Module, Layer {
    private let outputSize, kernelSize, dilation, padding, stride: Dimensions

    /// A layer to images of `outputSize`.
    public init(
        outputSize: some Extent, _ kernelSize: some Extent, dilation: some Extent = 1, padding: some Extent = 0,
        stride: some Extent = 1
    ) {
        self.outputSize = outputSize.sizes(2, "outputSize", "Fold")
        self.kernelSize = kernelSize.sizes(2, "kernelSize", "Fold")
        self.dilation = dilation.sizes(2, "dilation", "Fold")
        self.padding = padding.sizes(2, "padding", "Fold")
        self.stride = stride.sizes(2, "stride", "Fold")
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        x.fold2d(outputSize: outputSize, kernelSize, dilation: dilation, padding: padding, stride: stride)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "output_size=\(sizes: outputSize), kernel_size=\(sizes: kernelSize), dilation=\(sizes: dilation), "
            + "padding=\(sizes: padding), stride=\(sizes: stride)"
    }
}
