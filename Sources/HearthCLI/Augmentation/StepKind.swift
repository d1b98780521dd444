import Hearth
import HearthVision

/// A step that augmentations can have, under torchvision's name and with its arguments and defaults.
struct StepKind {
    let name: String
    /// In the order in which they may stand without a label.
    let labels: [String]
    let make: (StepCall) throws -> Step

    /// What a step does to single images, and to the size that they have, or to a batch.
    enum Step {
        case image(any Transform, resize: @Sendable (Size) throws -> Size)
        case batch(@Sendable (_ classes: Int) -> any BatchTransform)
    }

    /// Height and width.
    struct Size: Equatable {
        var height: Int
        var width: Int
    }

    private init(_ name: String, _ labels: [String], _ make: @escaping (StepCall) throws -> any Transform) {
        self.name = name
        self.labels = labels
        self.make = { .image(try make($0), resize: { $0 }) }
    }

    private init(
        _ name: String, _ labels: [String],
        size make: @escaping (StepCall) throws -> (any Transform, @Sendable (Size) throws -> Size)
    ) {
        self.name = name
        self.labels = labels
        self.make = { call in
            let (step, resize) = try make(call)
            return .image(step, resize: resize)
        }
    }

    private init(
        batch name: String, _ make: @escaping @Sendable (_ alpha: Double, _ classes: Int) -> any BatchTransform
    ) {
        self.name = name
        labels = ["alpha"]
        self.make = { call in
            let alpha = try call.number("alpha", at: 0, in: 1e-3...1e3, or: 1)
            return .batch { make(alpha, $0) }
        }
    }

    /// The kind with this name, in any case.
    static func named(_ name: String) -> StepKind? {
        all.first { $0.name.lowercased() == name.lowercased() }
    }

    static var all: [StepKind] { moving + bending + colouring + learned + mixing }

    private static let share = 0.0...1.0
    private static let sides = 1...4096
    private static let factors = 0.0...100.0
    private static let p = "p"

    private static var moving: [StepKind] {
        [
            StepKind("RandomCrop", ["size", "padding", "fill", "padding_mode"], size: crop),
            StepKind(
                "CenterCrop", ["size"],
                size: { call in
                    let size = try call.integer("size", at: 0, in: sides)
                    return (CenterCrop(size), { _ in Size(height: size, width: size) })
                }),
            StepKind(
                "RandomResizedCrop", ["size", "scale", "ratio", "interpolation"],
                size: { call in
                    let size = try call.integer("size", at: 0, in: sides)
                    let step = RandomResizedCrop(
                        size, scale: try call.span("scale", at: 1, in: 1e-4...1, or: 0.08...1),
                        ratio: try call.span("ratio", at: 2, in: 0.01...100, or: 3.0 / 4...4.0 / 3),
                        interpolation: try call.word("interpolation", at: 3, or: .bilinear))
                    return (step, { _ in Size(height: size, width: size) })
                }),
            StepKind(
                "Resize", ["size", "interpolation"],
                size: { call in
                    let size = try call.integer("size", at: 0, in: sides)
                    let step = Resize(size, interpolation: try call.word("interpolation", at: 1, or: .bilinear))
                    return (
                        step,
                        { old in
                            old.height <= old.width
                                ? Size(height: size, width: size * old.width / old.height)
                                : Size(height: size * old.height / old.width, width: size)
                        }
                    )
                }),
            StepKind(
                "Pad", ["padding", "fill", "padding_mode"],
                size: { call in
                    let padding = try call.integer("padding", at: 0, in: 0...1024)
                    let step = Pad(
                        padding, fill: try call.number("fill", at: 1, in: 0...255, or: 0),
                        mode: try call.word("padding_mode", at: 2, or: .constant))
                    return (step, { Size(height: $0.height + 2 * padding, width: $0.width + 2 * padding) })
                }),
            StepKind("RandomHorizontalFlip", [p]) { RandomHorizontalFlip(try $0.number(p, at: 0, in: share, or: 0.5)) },
            StepKind("RandomVerticalFlip", [p]) { RandomVerticalFlip(try $0.number(p, at: 0, in: share, or: 0.5)) },
            StepKind("RandomErasing", [p, "scale", "ratio", "value"]) { call in
                RandomErasing(
                    try call.number(p, at: 0, in: share, or: 0.5),
                    scale: try call.span("scale", at: 1, in: 1e-4...1, or: 0.02...0.33),
                    ratio: try call.span("ratio", at: 2, in: 0.01...100, or: 0.3...3.3),
                    value: .constant(try call.number("value", at: 3, in: 0...255, or: 0)))
            },
        ]
    }

    private static func crop(_ call: StepCall) throws -> (any Transform, @Sendable (Size) throws -> Size) {
        let size = try call.integer("size", at: 0, in: sides)
        let padding = try call.integer("padding", at: 1, in: 0...1024, or: 0)
        let step = RandomCrop(
            size, padding: padding, fill: try call.number("fill", at: 2, in: 0...255, or: 0),
            mode: try call.word("padding_mode", at: 3, or: .constant))
        let text = call.text
        return (
            step,
            { old in
                guard min(old.height, old.width) + 2 * padding >= size else {
                    throw RunError("'\(text)' does not fit pictures of \(old.height) × \(old.width) pixels")
                }
                return Size(height: size, width: size)
            }
        )
    }

    private static var bending: [StepKind] {
        [
            StepKind("RandomRotation", ["degrees", "interpolation", "fill"]) { call in
                RandomRotation(
                    try angles(call, "degrees"), interpolation: try nearestOrBilinear(call, at: 1, or: .nearest),
                    fill: [try call.number("fill", at: 2, in: 0...255, or: 0)])
            },
            StepKind("RandomAffine", ["degrees", "translate", "scale", "shear", "interpolation", "fill"]) { call in
                RandomAffine(
                    degrees: try angles(call, "degrees"),
                    translate: try call.pair("translate", in: share, or: (0, 0)),
                    scale: try call.span("scale", in: 0.01...100, or: 1...1),
                    shear: (try angles(call, "shear", or: 0...0, most: 89), 0...0),
                    interpolation: try nearestOrBilinear(call, or: .nearest),
                    fill: [try call.number("fill", in: 0...255, or: 0)])
            },
            StepKind("RandomPerspective", ["distortion_scale", p, "interpolation", "fill"]) { call in
                RandomPerspective(
                    distortionScale: try call.number("distortion_scale", at: 0, in: share, or: 0.5),
                    probability: try call.number(p, at: 1, in: share, or: 0.5),
                    interpolation: try nearestOrBilinear(call, at: 2, or: .bilinear),
                    fill: [try call.number("fill", at: 3, in: 0...255, or: 0)])
            },
            StepKind("ElasticTransform", ["alpha", "sigma", "interpolation", "fill"]) { call in
                ElasticTransform(
                    alpha: try call.number("alpha", at: 0, in: 0...1e4, or: 50),
                    sigma: try call.number("sigma", at: 1, in: 0...100, or: 5),
                    interpolation: try nearestOrBilinear(call, at: 2, or: .bilinear),
                    fill: [try call.number("fill", at: 3, in: 0...255, or: 0)])
            },
        ]
    }

    /// One number stands for both directions.
    private static func angles(
        _ call: StepCall, _ label: String, or fallback: ClosedRange<Double>? = nil, most: Double = 360
    ) throws -> ClosedRange<Double> {
        let place = label == "degrees" ? 0 : nil
        guard call.has(label, at: place) else {
            guard let fallback else { throw RunError("'\(call.text)' needs '\(label)'") }
            return fallback
        }
        if let both = try? call.number(label, at: place, in: 0...most) { return -both...both }
        return try call.span(label, at: place, in: -most...most, or: 0...0)
    }

    private static func nearestOrBilinear(_ call: StepCall, at place: Int? = nil, or fallback: Interpolation) throws
        -> Interpolation
    {
        let chosen = try call.word("interpolation", at: place, or: fallback)
        guard chosen != .bicubic else { throw RunError("'\(call.text)': 'interpolation' must be nearest or bilinear") }
        return chosen
    }

    private static var colouring: [StepKind] {
        [
            StepKind("ColorJitter", ["brightness", "contrast", "saturation", "hue"]) { call in
                ColorJitter(
                    brightness: try call.number("brightness", at: 0, in: factors, or: 0),
                    contrast: try call.number("contrast", at: 1, in: factors, or: 0),
                    saturation: try call.number("saturation", at: 2, in: factors, or: 0),
                    hue: try call.number("hue", at: 3, in: 0...0.5, or: 0))
            },
            StepKind("RandomGrayscale", [p]) { RandomGrayscale(try $0.number(p, at: 0, in: share, or: 0.1)) },
            StepKind("GaussianBlur", ["kernel_size", "sigma"]) { call in
                let size = try call.integer("kernel_size", at: 0, in: 1...255)
                guard size % 2 == 1 else { throw RunError("'\(call.text)': 'kernel_size' must be odd") }
                return GaussianBlur(size, sigma: try call.span("sigma", at: 1, in: 1e-3...100, or: 0.1...2))
            },
            StepKind("RandomInvert", [p]) { RandomInvert(try $0.number(p, at: 0, in: share, or: 0.5)) },
            StepKind("RandomPosterize", ["bits", p]) { call in
                RandomPosterize(
                    bits: try call.integer("bits", at: 0, in: 0...8),
                    probability: try call.number(p, at: 1, in: share, or: 0.5))
            },
            StepKind("RandomSolarize", ["threshold", p]) { call in
                RandomSolarize(
                    threshold: try call.number("threshold", at: 0, in: 0...255),
                    probability: try call.number(p, at: 1, in: share, or: 0.5))
            },
            StepKind("RandomAutocontrast", [p]) { RandomAutocontrast(try $0.number(p, at: 0, in: share, or: 0.5)) },
            StepKind("RandomEqualize", [p]) { RandomEqualize(try $0.number(p, at: 0, in: share, or: 0.5)) },
            StepKind("RandomAdjustSharpness", ["sharpness_factor", p]) { call in
                RandomAdjustSharpness(
                    try call.number("sharpness_factor", at: 0, in: factors),
                    probability: try call.number(p, at: 1, in: share, or: 0.5))
            },
        ]
    }

    private static var learned: [StepKind] {
        [
            StepKind("AutoAugment", ["policy"]) { AutoAugment(try $0.word("policy", at: 0, or: .imageNet)) },
            StepKind("RandAugment", ["num_ops", "magnitude", "num_magnitude_bins"]) { call in
                let bins = try call.integer("num_magnitude_bins", at: 2, in: 1...1000, or: 31)
                return RandAugment(
                    operations: try call.integer("num_ops", at: 0, in: 0...100, or: 2),
                    magnitude: try call.integer("magnitude", at: 1, in: 0...(bins - 1), or: min(9, bins - 1)),
                    levels: bins)
            },
            StepKind("TrivialAugmentWide", ["num_magnitude_bins"]) { call in
                TrivialAugmentWide(levels: try call.integer("num_magnitude_bins", at: 0, in: 1...1000, or: 31))
            },
            StepKind("AugMix", ["severity", "mixture_width", "alpha"]) { call in
                AugMix(
                    severity: try call.integer("severity", at: 0, in: 1...10, or: 3),
                    mixtureWidth: try call.integer("mixture_width", at: 1, in: 1...100, or: 3),
                    alpha: try call.number("alpha", at: 2, in: 1e-3...1e3, or: 1))
            },
        ]
    }

    private static var mixing: [StepKind] {
        [
            StepKind(batch: "MixUp") { MixUp(classes: $1, alpha: $0) },
            StepKind(batch: "CutMix") { CutMix(classes: $1, alpha: $0) },
        ]
    }
}
