import HearthTensor

/// A random rectangle of the image replaced by a value or by noise, with a probability. torchvision's `RandomErasing`
/// (Zhong et al., "Random erasing data augmentation", 2017).
public struct RandomErasing: Transform {
    /// What is put into the rectangle.
    public enum Value: Sendable {
        /// One value for all channels.
        case constant(Double)
        /// One value for each channel.
        case channels([Double])
        /// Noise of the normal distribution.
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
        guard scale.lowerBound >= 0, scale.upperBound <= 1, ratio.lowerBound > 0 else {
            fatalError("RandomErasing: shares \(scale) of the area and proportions \(ratio)")
        }
        self.probability = checkedProbability(probability, "RandomErasing")
        self.scale = scale
        self.ratio = ratio
        self.value = value
    }

    /// The image with or without a hole.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor {
        guard random.happens(probability) else { return image }
        let (height, width) = (image.shape[-2], image.shape[-1])
        let logarithms = ratio.lowerBound.logarithm...ratio.upperBound.logarithm
        for _ in 0..<10 {
            let area = Double(height * width) * random.uniform(in: scale)
            let proportion = random.uniform(in: logarithms).exponential
            let h = Int((area * proportion).squareRoot().rounded(.toNearestOrEven))
            let w = Int((area / proportion).squareRoot().rounded(.toNearestOrEven))
            guard h < height, w < width else { continue }
            let top = random.next(in: 0..<(height - h + 1))
            let left = random.next(in: 0..<(width - w + 1))
            return erased(image, top..<(top + h), left..<(left + w), random)
        }
        return image
    }

    private func erased(_ image: Tensor, _ rows: Range<Int>, _ columns: Range<Int>, _ random: Generator) -> Tensor {
        var result = image
        let channels = image.shape[-3]
        switch value {
        case .constant(let value): result.fill(value, at: .ellipsis, rows, columns)
        case .channels(let values):
            guard values.count == channels else {
                fatalError("RandomErasing: \(values.count) values for \(channels) channels")
            }
            for (channel, value) in values.enumerated() { result.fill(value, at: .ellipsis, channel, rows, columns) }
        case .random:
            let size = Shape(Array(image.shape.dropLast(2)) + [rows.count, columns.count])
            result[.ellipsis, rows, columns] = Tensor.randn(size, generator: random).to(image.dtype)
        }
        return result
    }
}
