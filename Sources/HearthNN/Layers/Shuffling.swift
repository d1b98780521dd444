import HearthTensor

/// `[…, C r², H, W]` to `[…, C, H r, W r]`. PyTorch's `nn.PixelShuffle`.
public final class PixelShuffle: Module, Layer {
    private let factor: Int

    /// A layer by this factor.
    public init(_ factor: Int) { self.factor = factor }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.pixelShuffle(factor) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "upscale_factor=\(factor)" }
}

/// `[…, C, H r, W r]` to `[…, C r², H, W]`. PyTorch's `nn.PixelUnshuffle`.
public final class PixelUnshuffle: Module, Layer {
    private let factor: Int

    /// A layer by this factor.
    public init(_ factor: Int) { self.factor = factor }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.pixelUnshuffle(factor) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "downscale_factor=\(factor)" }
}

/// The channels of `[N, C, …]` dealt out among groups. PyTorch's `nn.ChannelShuffle`.
public final class ChannelShuffle: Module, Layer {
    private let groups: Int

    /// A layer for this number of groups.
    public init(_ groups: Int) { self.groups = groups }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.channelShuffle(groups) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "groups=\(groups)" }
}
