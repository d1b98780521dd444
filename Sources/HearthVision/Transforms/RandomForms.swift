import HearthTensor

/// A step that is taken with a probability, under a name of its own: what torchvision's `RandomInvert` and its kin are.
protocol RandomForm: DraftTransform {
    /// The step and how often it is taken.
    var form: RandomApply { get }
}

extension RandomForm {
    func edit(_ draft: inout Draft, random: Generator) { form.edit(&draft, random: random) }
}

/// `Invert` with a probability. torchvision's `RandomInvert`.
public struct RandomInvert: RandomForm {
    let form: RandomApply

    /// Inverts with `probability`.
    public init(_ probability: Double = 0.5) { form = RandomApply(Invert(), probability: probability) }
}

/// `Posterize` with a probability. torchvision's `RandomPosterize`.
public struct RandomPosterize: RandomForm {
    let form: RandomApply

    /// Keeps the highest `bits` with `probability`.
    public init(bits: Int, probability: Double = 0.5) {
        form = RandomApply(Posterize(bits: bits), probability: probability)
    }
}

/// `Solarize` with a probability. torchvision's `RandomSolarize`.
public struct RandomSolarize: RandomForm {
    let form: RandomApply

    /// Inverts values from `threshold` on with `probability`.
    public init(threshold: Double, probability: Double = 0.5) {
        form = RandomApply(Solarize(threshold: threshold), probability: probability)
    }
}

/// `AutoContrast` with a probability. torchvision's `RandomAutocontrast`.
public struct RandomAutocontrast: RandomForm {
    let form: RandomApply

    /// Stretches channels with `probability`.
    public init(_ probability: Double = 0.5) { form = RandomApply(AutoContrast(), probability: probability) }
}

/// `Equalize` with a probability. torchvision's `RandomEqualize`.
public struct RandomEqualize: RandomForm {
    let form: RandomApply

    /// Equalizes channels with `probability`.
    public init(_ probability: Double = 0.5) { form = RandomApply(Equalize(), probability: probability) }
}

/// `AdjustSharpness` with a probability. torchvision's `RandomAdjustSharpness`.
public struct RandomAdjustSharpness: RandomForm {
    let form: RandomApply

    /// Changes the sharpness by `factor` with `probability`.
    public init(_ factor: Double, probability: Double = 0.5) {
        form = RandomApply(AdjustSharpness(factor), probability: probability)
    }
}

/// `Grayscale` in as many channels as before, with a probability. torchvision's `RandomGrayscale`.
public struct RandomGrayscale: DraftTransform {
    private let probability: Double

    /// Takes the colours of an image of one or three channels away with `probability`.
    public init(_ probability: Double = 0.1) { self.probability = checkedProbability(probability, "RandomGrayscale") }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireColours("RandomGrayscale")
        if random.happens(probability) { Grayscale(channels: draft.channels).edit(&draft, random: random) }
    }
}
