import HearthTensor

/// A random rectangle of the image replaced by a value or by noise, with a probability. torchvision's `RandomErasing`
/// (Zhong et al., "Random erasing data augmentation", 2017).
public struct RandomErasing: DraftTransform {
    /// What is put into the rectangle.
    public enum Value: Sendable {
        /// One value for all channels.
        case constant(Double)
        /// One value for each channel.
        case channels([Double])
        /// Noise of the normal distribution, the same for all images of a batch.
        case random
    }

    private let probability: Double
    private let scale: ClosedRange<Double>
    private let ratio: ClosedRange<Double>
    private let value: Value

    /// - Parameters:
    ///   - probability: How often something is erased.
    ///   - scale: The rectangle's share of the area.
    ///   - ratio: Its height by its width.
    ///   - value: What is put there.
    public init(
        _ probability: Double = 0.5, scale: ClosedRange<Double> = 0.02...0.33, ratio: ClosedRange<Double> = 0.3...3.3,
        value: Value = .constant(0)
    ) {
        require(
            scale.lowerBound >= 0 && scale.upperBound <= 1 && ratio.lowerBound > 0, "RandomErasing",
            "shares \(scale) of the area and proportions \(ratio)")
        self.probability = checkedProbability(probability, "RandomErasing")
        self.scale = scale
        self.ratio = ratio
        self.value = value
    }

    func edit(_ draft: inout Draft, random: Generator) {
        if case .channels(let values) = value, ![1, draft.channels].contains(values.count) {
            fatalError("RandomErasing: \(values.count) values for \(draft.channels) channels")
        }
        guard random.happens(probability) else { return }
        let (height, width) = (draft.height, draft.width)
        let logarithms = ratio.lowerBound.logarithm...ratio.upperBound.logarithm
        for _ in 0..<10 {
            let area = Double(height * width) * random.uniform(in: scale)
            let proportion = random.uniform(in: logarithms).exponential
            let h = Int((area * proportion).squareRoot().rounded(.toNearestOrEven))
            let w = Int((area / proportion).squareRoot().rounded(.toNearestOrEven))
            guard h < height, w < width else { continue }
            let top = random.next(in: 0..<(height - h + 1))
            let left = random.next(in: 0..<(width - w + 1))
            let values = values(channels: draft.channels, height: h, width: w, random)
            return draft.erase(top..<(top + h), left..<(left + w), with: values)
        }
    }

    /// What is put into a rectangle of this size, or what can be repeated to fill it.
    private func values(channels: Int, height: Int, width: Int, _ random: Generator) -> Tensor {
        switch value {
        case .constant(let value): Tensor.full([], value, dtype: .float32)
        case .channels(let values): Tensor(values, dtype: .float32).reshape([values.count, 1, 1])
        case .random: Tensor.randn([channels, height, width], generator: random)
        }
    }
}
