import HearthTensor

/// What adaptive pooling shares: as many parts of nearly equal size as the output says.
public class AdaptivePool: Module, Layer {
    let rank: Int
    let outputSize: Dimensions
    private let takesLargest: Bool

    init(_ rank: Int, _ outputSize: some Extent, takesLargest: Bool) {
        self.rank = rank
        self.outputSize = outputSize.sizes(rank, "outputSize", "AdaptivePool\(rank)d")
        self.takesLargest = takesLargest
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        takesLargest
            ? x.adaptiveMaxPool(rank: rank, outputSize).values : x.adaptiveAvgPool(rank: rank, outputSize)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "output_size=\(sizes: outputSize)" }
}

/// The means of as many parts of `[N, C, L]` or `[C, L]` as the output has. PyTorch's `nn.AdaptiveAvgPool1d`.
public final class AdaptiveAvgPool1d: AdaptivePool {
    /// A layer whose results have these sizes in their last dimensions.
    public init(_ outputSize: some Extent) { super.init(1, outputSize, takesLargest: false) }
}

/// The means of as many parts of `[N, C, H, W]` or `[C, H, W]` as the output has. PyTorch's `nn.AdaptiveAvgPool2d`.
public final class AdaptiveAvgPool2d: AdaptivePool {
    /// A layer whose results have these sizes in their last dimensions.
    public init(_ outputSize: some Extent) { super.init(2, outputSize, takesLargest: false) }
}

/// The means of as many parts of `[N, C, D, H, W]` or `[C, D, H, W]` as the output has. PyTorch's `nn.AdaptiveAvgPool3d`.
public final class AdaptiveAvgPool3d: AdaptivePool {
    /// A layer whose results have these sizes in their last dimensions.
    public init(_ outputSize: some Extent) { super.init(3, outputSize, takesLargest: false) }
}

/// The largest elements of as many parts of `[N, C, L]` or `[C, L]` as the output has. PyTorch's `nn.AdaptiveMaxPool1d`.
public final class AdaptiveMaxPool1d: AdaptivePool {
    /// A layer whose results have these sizes in their last dimensions.
    public init(_ outputSize: some Extent) { super.init(1, outputSize, takesLargest: true) }

    /// The result for `x` and the position of each largest element in its plane (int64).
    public func withIndices(_ x: Tensor) -> (values: Tensor, indices: Tensor) {
        x.adaptiveMaxPool(rank: rank, outputSize)
    }
}

/// The largest elements of as many parts of `[N, C, H, W]` or `[C, H, W]` as the output has. PyTorch's `nn.AdaptiveMaxPool2d`.
public final class AdaptiveMaxPool2d: AdaptivePool {
    /// A layer whose results have these sizes in their last dimensions.
    public init(_ outputSize: some Extent) { super.init(2, outputSize, takesLargest: true) }

    /// The result for `x` and the position of each largest element in its plane (int64).
    public func withIndices(_ x: Tensor) -> (values: Tensor, indices: Tensor) {
        x.adaptiveMaxPool(rank: rank, outputSize)
    }
}

/// The largest elements of as many parts of `[N, C, D, H, W]` or `[C, D, H, W]` as the output has. PyTorch's `nn.AdaptiveMaxPool3d`.
public final class AdaptiveMaxPool3d: AdaptivePool {
    /// A layer whose results have these sizes in their last dimensions.
    public init(_ outputSize: some Extent) { super.init(3, outputSize, takesLargest: true) }

    /// The result for `x` and the position of each largest element in its plane (int64).
    public func withIndices(_ x: Tensor) -> (values: Tensor, indices: Tensor) {
        x.adaptiveMaxPool(rank: rank, outputSize)
    }
}
