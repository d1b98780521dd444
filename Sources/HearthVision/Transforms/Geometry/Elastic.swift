import HearthTensor

/// Every pixel moved a little, its neighbours nearly the same way, as handwriting varies. torchvision's
/// `ElasticTransform` (Simard et al., "Best practices for convolutional neural networks applied to visual document
/// analysis", 2003).
public struct ElasticTransform: DraftTransform {
    private let alpha: (x: Double, y: Double)
    private let sigma: (x: Double, y: Double)
    private let interpolation: Interpolation
    private let fill: [Double]

    /// - Parameters:
    ///   - alpha: How far pixels move.
    ///   - sigma: How smooth the moves are: the deviation of the Gaussian curve that smooths them, in pixels.
    ///   - interpolation: Nearest or bilinear.
    ///   - fill: What stands where the image does not reach, one value or one for each channel.
    public init(
        alpha: Double = 50, sigma: Double = 5, interpolation: Interpolation = .bilinear, fill: [Double] = [0]
    ) {
        self.init(alpha: (alpha, alpha), sigma: (sigma, sigma), interpolation: interpolation, fill: fill)
    }

    /// How far pixels move along rows and along columns, and how smooth the moves are in both directions: both deviations
    /// are zero or both are positive.
    public init(
        alpha: (x: Double, y: Double), sigma: (x: Double, y: Double), interpolation: Interpolation = .bilinear,
        fill: [Double] = [0]
    ) {
        require(
            min(alpha.x, alpha.y, sigma.x, sigma.y) >= 0 && (sigma.x > 0) == (sigma.y > 0), "ElasticTransform",
            "alpha \(alpha), sigma \(sigma)")
        self.alpha = alpha
        self.sigma = sigma
        self.interpolation = checkedBending(interpolation, "ElasticTransform")
        self.fill = fill
    }

    func edit(_ draft: inout Draft, random: Generator) {
        let (height, width) = (draft.height, draft.width)
        let moves = [sigma.x, sigma.y].map { own in
            let noise = Tensor.uniform([1, height, width], low: -1, high: 1, generator: random)
            guard own > 0 else { return noise }
            // torchvision derives the kernel's size in both directions from this direction's deviation.
            let size = Int(8 * own + 1) | 1
            return noise.blurred(
                across: GaussianKernel(size: size, sigma: sigma.x), down: GaussianKernel(size: size, sigma: sigma.y))
        }
        draft.displace(moves[0] * alpha.x / 2, moves[1] * alpha.y / 2, by: interpolation, fill: fill)
    }
}

extension Draft {
    /// Takes every pixel from a place that is off by so many columns and rows, `[1, H, W]`.
    package mutating func displace(_ columns: Tensor, _ rows: Tensor, by interpolation: Interpolation, fill: [Double]) {
        let map: Tensor = noGrad {
            let x = columns[0] + Tensor.arange(0, width, dtype: .float32)
            let y = rows[0] + Tensor.arange(0, height, dtype: .float32).unsqueeze(1)
            return Tensor.stack([x, y], dim: -1)
        }
        warp(.map(map), by: interpolation, fill: fill)
    }
}
