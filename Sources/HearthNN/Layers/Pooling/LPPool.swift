import HearthTensor

/// What power-average pooling shares: `(Σ x^p)^(1/p)` under a window.
public class LPPool: Module, Layer {
    private let rank: Int
    private let norm: Double
    private let kernelSize: Dimensions
    private let stride: Dimensions?
    private let ceilMode: Bool

    init(_ rank: Int, _ norm: Double, _ kernelSize: some Extent, _ stride: (any Extent)?, _ ceilMode: Bool) {
        self.rank = rank
        self.norm = norm
        self.kernelSize = kernelSize.sizes(rank, "kernelSize", "LPPool\(rank)d")
        self.stride = stride?.sizes(rank, "stride", "LPPool\(rank)d")
        self.ceilMode = ceilMode
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        x.lpPool(rank: rank, norm: norm, kernelSize, stride: stride, ceilMode: ceilMode)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "norm_type=\(norm), kernel_size=\(sizes: kernelSize), stride=\(stride.map { "\(sizes: $0)" } ?? "None"), ceil_mode=\(py: ceilMode)"
    }
}

/// `(Σ x^p)^(1/p)` under a window that slides over `[N, C, L]` or `[C, L]`. PyTorch's `nn.LPPool1d`.
public final class LPPool1d: LPPool {
    /// A layer with the power `norm` and windows of `kernelSize`, `stride` apart (by default their size).
    public init(
        norm: Double, _ kernelSize: some Extent, stride: (any Extent)? = nil, ceilMode: Bool = false
    ) { super.init(1, norm, kernelSize, stride, ceilMode) }
}

/// `(Σ x^p)^(1/p)` under a window that slides over `[N, C, H, W]` or `[C, H, W]`. PyTorch's `nn.LPPool2d`.
public final class LPPool2d: LPPool {
    /// A layer with the power `norm` and windows of `kernelSize`, `stride` apart (by default their size).
    public init(
        norm: Double, _ kernelSize: some Extent, stride: (any Extent)? = nil, ceilMode: Bool = false
    ) { super.init(2, norm, kernelSize, stride, ceilMode) }
}

/// `(Σ x^p)^(1/p)` under a window that slides over `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch's `nn.LPPool3d`.
public final class LPPool3d: LPPool {
    /// A layer with the power `norm` and windows of `kernelSize`, `stride` apart (by default their size).
    public init(
        norm: Double, _ kernelSize: some Extent, stride: (any Extent)? = nil, ceilMode: Bool = false
    ) { super.init(3, norm, kernelSize, stride, ceilMode) }
}
