import HearthTensor

/// The image mirrored left to right, with a probability. torchvision's `RandomHorizontalFlip`.
public struct RandomHorizontalFlip: DraftTransform {
    private let probability: Double

    /// A step that mirrors with `probability`.
    public init(_ probability: Double = 0.5) {
        self.probability = checkedProbability(probability, "RandomHorizontalFlip")
    }

    func edit(_ draft: inout Draft, random: Generator) {
        if random.happens(probability) { draft.mirrorColumns() }
    }
}

/// The image mirrored top to bottom, with a probability. torchvision's `RandomVerticalFlip`.
public struct RandomVerticalFlip: DraftTransform {
    private let probability: Double

    /// A step that mirrors with `probability`.
    public init(_ probability: Double = 0.5) {
        self.probability = checkedProbability(probability, "RandomVerticalFlip")
    }

    func edit(_ draft: inout Draft, random: Generator) {
        if random.happens(probability) { draft.mirrorRows() }
    }
}

/// The probability, which must be one. Stops the program otherwise.
func checkedProbability(_ probability: Double, _ step: String) -> Double {
    require((0...1).contains(probability), "\(step)", "probability \(probability) is not in 0...1")
    return probability
}
