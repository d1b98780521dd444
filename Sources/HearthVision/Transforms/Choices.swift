import HearthTensor

/// Steps that are all taken or all left out, by chance. torchvision's `RandomApply`.
public struct RandomApply: DraftTransform {
    private let steps: [any Transform]
    private let probability: Double

    /// Takes the steps with `probability`.
    public init(_ steps: any Transform..., probability: Double = 0.5) { self.init(steps, probability: probability) }

    /// Takes the steps with `probability`.
    public init(_ steps: [any Transform], probability: Double = 0.5) {
        self.steps = steps
        self.probability = checkedProbability(probability, "RandomApply")
    }

    func edit(_ draft: inout Draft, random: Generator) {
        if random.happens(probability) { draft.take(steps, random: random) }
    }
}

/// One of several steps, by chance. torchvision's `RandomChoice`.
public struct RandomChoice: DraftTransform {
    private let steps: [any Transform]
    private let weights: [Double]

    /// One of the steps, each as likely as the others.
    public init(_ steps: any Transform...) { self.init(steps) }

    /// One of the steps; `weights` say how likely each is, in proportion.
    public init(_ steps: [any Transform], weights: [Double]? = nil) {
        let weights = weights ?? steps.map { _ in 1 }
        require(
            !steps.isEmpty && weights.count == steps.count && weights.allSatisfy({ $0 >= 0 })
                && weights.contains(where: { $0 > 0 }), "RandomChoice",
            "\(steps.count) steps with the weights \(weights)")
        self.steps = steps
        self.weights = weights
    }

    func edit(_ draft: inout Draft, random: Generator) {
        var place = random.uniform(in: 0...weights.reduce(0, +))
        let index = weights.firstIndex { weight in
            place -= weight
            return place < 0
        }
        draft.take([steps[index ?? steps.count - 1]], random: random)
    }
}

/// Steps in an order left to chance. torchvision's `RandomOrder`.
public struct RandomOrder: DraftTransform {
    private let steps: [any Transform]

    /// All of the steps, in random order.
    public init(_ steps: any Transform...) { self.steps = steps }

    /// All of the steps, in random order.
    public init(_ steps: [any Transform]) { self.steps = steps }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.take(random.order(of: steps.count).map { steps[$0] }, random: random)
    }
}
