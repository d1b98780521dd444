extension Tensor {
    /// `[…, C r², H, W]` to `[…, C, H r, W r]`: channels become pixels. PyTorch's `F.pixel_shuffle`.
    ///
    /// Source: Shi et al., "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional
    /// Neural Network", 2016.
    public func pixelShuffle(_ factor: Int) -> Tensor {
        guard rank >= 3, factor > 0, shape[-3] % (factor * factor) == 0 else {
            return stop(
                "pixel_shuffle", [spec], "[…, C, H, W] is expected, with C a multiple of \(factor) * \(factor)",
                fallback: self)
        }
        let (c, h, w) = (shape[-3] / (factor * factor), shape[-2], shape[-1])
        let batch = Array(shape.dropLast(3))
        return reshape([-1, c, factor, factor, h, w]).permute(0, 1, 4, 2, 5, 3)
            .reshape(Shape(batch + [c, h * factor, w * factor]))
    }

    /// `[…, C, H r, W r]` to `[…, C r², H, W]`: pixels become channels. PyTorch's `F.pixel_unshuffle`.
    public func pixelUnshuffle(_ factor: Int) -> Tensor {
        guard rank >= 3, factor > 0, shape[-2] % factor == 0, shape[-1] % factor == 0 else {
            return stop(
                "pixel_unshuffle", [spec], "[…, C, H, W] is expected, with H and W multiples of \(factor)",
                fallback: self)
        }
        let (c, h, w) = (shape[-3], shape[-2] / factor, shape[-1] / factor)
        let batch = Array(shape.dropLast(3))
        return reshape([-1, c, h, factor, w, factor]).permute(0, 1, 3, 5, 2, 4)
            .reshape(Shape(batch + [c * factor * factor, h, w]))
    }

    /// The channels of `[N, C, …]` dealt out: of `groups` parts the first of each, then the second of each, and so on.
    /// PyTorch's `F.channel_shuffle`.
    ///
    /// Source: Zhang et al., "ShuffleNet", 2017.
    public func channelShuffle(_ groups: Int) -> Tensor {
        guard rank >= 2, groups > 0, shape[1] % groups == 0 else {
            return stop(
                "channel_shuffle", [spec], "[N, C, …] is expected, with C a multiple of the \(groups) groups",
                fallback: self)
        }
        return reshape([shape[0], groups, shape[1] / groups, -1]).transpose(1, 2).reshape(shape)
    }
}
