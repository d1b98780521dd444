import HearthTensor

/// A pair of changes chosen by chance from 25 that were found by search on a dataset. torchvision's `AutoAugment`.
///
/// Source: Cubuk et al., "AutoAugment: Learning augmentation strategies from data", 2018
/// (<https://arxiv.org/abs/1805.09501>).
public struct AutoAugment: DraftTransform {
    /// What the pairs were found on.
    public enum Policy: String, Sendable, CaseIterable {
        /// Photographs of a thousand classes.
        case imageNet
        /// Small photographs of ten classes.
        case cifar10
        /// House numbers.
        case svhn
    }

    private let policy: [Pair]
    private let bending: Augmentation.Bending

    /// - Parameters:
    ///   - policy: What the pairs were found on.
    ///   - interpolation: How turned and sheared images are made.
    ///   - fill: What stands where the image does not reach; zero when nil.
    public init(_ policy: Policy = .imageNet, interpolation: Interpolation = .nearest, fill: [Double]? = nil) {
        self.policy = policy.pairs
        bending = Augmentation.Bending(interpolation: interpolation, fill: fill, "AutoAugment")
    }

    func edit(_ draft: inout Draft, random: Generator) {
        let pair = policy[random.next(in: 0..<policy.count)]
        for step in [pair.first, pair.second] where random.happens(step.probability) {
            AugmentationSpace.standard.apply(step.change, level: step.level, levels: 10, to: &draft, bending, random)
        }
    }
}

/// Two changes, each with its probability and its level of ten.
package struct Pair: Sendable {
    package struct Step: Sendable {
        package let change: Augmentation
        package let probability: Double
        package let level: Int

        init(_ change: Augmentation, _ probability: Double, _ level: Int = 0) {
            (self.change, self.probability, self.level) = (change, probability, level)
        }
    }

    package let first: Step
    package let second: Step

    init(_ first: Step, _ second: Step) { (self.first, self.second) = (first, second) }
}
