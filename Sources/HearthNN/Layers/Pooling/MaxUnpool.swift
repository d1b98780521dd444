import HearthTensor

/// What undoing max pooling shares.
public class MaxUnpool: Module {
    private let rank: Int
    private let kernelSize: Dimensions
    private let stride: Dimensions?
    private let padding: Dimensions

    init(_ rank: Int, _ kernelSize: some Extent, _ stride: (any Extent)?, _ padding: some Extent) {
        self.rank = rank
        let name = "MaxUnpool\(rank)d"
        self.kernelSize = kernelSize.sizes(rank, "kernelSize", name)
        self.stride = stride?.sizes(rank, "stride", name)
        self.padding = padding.sizes(rank, "padding", name)
    }

    /// Puts the elements of `x` back to their `indices`, among zeros, in planes of `outputSize`, by default the least
    /// that the pool can have been made from.
    public func callAsFunction(_ x: Tensor, _ indices: Tensor, outputSize: Shape? = nil) -> Tensor {
        x.maxUnpool(rank: rank, indices, kernelSize, stride: stride, padding: padding, outputSize: outputSize)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "kernel_size=\(tuple: kernelSize), stride=\(tuple: stride ?? kernelSize), padding=\(tuple: padding)"
    }
}

/// Undoes `MaxPool1d.withIndices` but for what was lost. PyTorch's `nn.MaxUnpool1d`.
public final class MaxUnpool1d: MaxUnpool {
    /// For pools of this kernel, stride and padding.
    public init(_ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0) {
        super.init(1, kernelSize, stride, padding)
    }
}

/// Undoes `MaxPool2d.withIndices` but for what was lost. PyTorch's `nn.MaxUnpool2d`.
public final class MaxUnpool2d: MaxUnpool {
    /// For pools of this kernel, stride and padding.
    public init(_ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0) {
        super.init(2, kernelSize, stride, padding)
    }
}

/// Undoes `MaxPool3d.withIndices` but for what was lost. PyTorch's `nn.MaxUnpool3d`.
public final class MaxUnpool3d: MaxUnpool {
    /// For pools of this kernel, stride and padding.
    public init(_ kernelSize: some Extent, stride: (any Extent)? = nil, padding: some Extent = 0) {
        super.init(3, kernelSize, stride, padding)
    }
}
