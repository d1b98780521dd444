import HearthTensor

/// Makes the last dimensions of `[N, C, …]` larger or smaller. PyTorch's `nn.Upsample`.
///
///     Upsample(scale: 2, mode: .linear, alignCorners: true)   // bilinear for images
public final class Upsample: Module, Layer {
    private let size: (any Extent)?
    private let scale: [Double]?
    private let mode: InterpolationMode
    private let alignCorners: Bool
    private let recomputeScale: Bool

    /// A layer to these sizes.
    public init(size: some Extent, mode: InterpolationMode = .nearest, alignCorners: Bool = false) {
        self.size = size
        scale = nil
        self.mode = mode
        self.alignCorners = alignCorners
        recomputeScale = false
    }

    /// A layer by this factor.
    public convenience init(
        scale: Double, mode: InterpolationMode = .nearest, alignCorners: Bool = false, recomputeScale: Bool = false
    ) {
        self.init(scale: [scale], mode: mode, alignCorners: alignCorners, recomputeScale: recomputeScale)
    }

    /// A layer by these factors, one for each dimension.
    public init(
        scale: [Double], mode: InterpolationMode = .nearest, alignCorners: Bool = false, recomputeScale: Bool = false
    ) {
        size = nil
        self.scale = scale
        self.mode = mode
        self.alignCorners = alignCorners
        self.recomputeScale = recomputeScale
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        x.interpolate(
            size: size, scale: scale, mode: mode, alignCorners: alignCorners, recomputeScale: recomputeScale)
    }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String {
        "\(target), mode='\(mode.rawValue.snakeCased.replacing("_", with: "-"))'"
    }

    private var target: String {
        if let scale { return scale.count == 1 ? "scale_factor=\(scale[0])" : "scale_factor=\(scale)" }
        if let sizes = size as? any Collection<Int> { return "size=\(tuple: sizes)" }
        return "size=\(py: size)"
    }
}

extension Upsample {
    /// Nearest neighbours of `[N, C, H, W]`, by a factor. PyTorch's `nn.UpsamplingNearest2d`.
    public static func nearest2d(scale: Double) -> Upsample { Upsample(scale: scale) }

    /// Straight lines between neighbours of `[N, C, H, W]`, corners aligned, by a factor. PyTorch's
    /// `nn.UpsamplingBilinear2d`.
    public static func bilinear2d(scale: Double) -> Upsample {
        Upsample(scale: scale, mode: .linear, alignCorners: true)
    }
}
