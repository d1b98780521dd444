import HearthTensor

/// Every pixel moved a little, its neighbours nearly the same way, as handwriting varies. torchvision's
/// `ElasticTransform` (Simard et al., "Best practices for convolutional neural networks applied to visual document
/// analysis", 2003).
public struct ElasticTransform: DraftTransform {
    private let alpha: Double
    private let sigma: Double
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
        guard alpha >= 0, sigma >= 0 else { fatalError("ElasticTransform: alpha \(alpha), sigma \(sigma)") }
        self.alpha = alpha
        self.sigma = sigma
        self.interpolation = interpolation
        self.fill = fill
    }

    func edit(_ draft: inout Draft, random: Generator) {
        let (height, width) = (draft.height, draft.width)
        let moves = (0..<2).map { _ in
            let noise = Tensor.uniform([1, height, width], low: -1, high: 1, generator: random)
            return sigma > 0 ? noise.blurred(GaussianKernel(size: Int(8 * sigma + 1) | 1, sigma: sigma)) : noise
        }
        draft.displace(moves[0] * alpha / 2, moves[1] * alpha / 2, by: interpolation, fill: fill)
    }
}

extension Draft {
    /// Takes every pixel from a place that is off by so many columns and rows, `[1, H, W]`.
    mutating func displace(_ columns: Tensor, _ rows: Tensor, by interpolation: Interpolation, fill: [Double]) {
        let map: Tensor = noGrad {
            let x = columns[0] + Tensor.arange(0, width, dtype: .float32)
            let y = rows[0] + Tensor.arange(0, height, dtype: .float32).unsqueeze(1)
            return Tensor.stack([x, y], dim: -1)
        }
        warp(.map(map), by: interpolation, fill: fill)
    }
}
