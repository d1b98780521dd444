import Hearth
import HearthVision

/// A step that augmentations can have, under torchvision's name and with its arguments and defaults.
package struct StepKind {
    package let name: String
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
        /// True when pictures have different sizes by chance, which are this at least.
        var varies = false
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

    package static var all: [StepKind] { moving + bending + colouring + learned + mixing }

    private static let share = 0.0...1.0
    private static let sides = 1...4096
    private static let factors = 0.0...100.0
    private static let p = "p"

    private static var moving: [StepKind] {
        [
            StepKind("RandomCrop", ["size", "padding", "pad_if_needed", "fill", "padding_mode"], size: crop),
            StepKind(
                "CenterCrop", ["size"],
                size: { call in
                    let size = try call.integer("size", at: 0, in: sides)
                    return (CenterCrop(size), { _ in Size(height: size, width: size) })
                }),
            StepKind(
                "RandomResizedCrop", ["size", "scale", "ratio", "interpolation", "antialias"],
                size: { call in
                    let size = try call.integer("size", at: 0, in: sides)
                    let step = RandomResizedCrop(
                        size, scale: try call.span("scale", at: 1, in: 1e-4...1, or: 0.08...1),
                        ratio: try call.span("ratio", at: 2, in: 0.01...100, or: 3.0 / 4...4.0 / 3),
                        interpolation: try call.word("interpolation", at: 3, or: .bilinear),
                        antialias: try call.flag("antialias", at: 4, or: true))
                    return (step, { _ in Size(height: size, width: size) })
                }),
            StepKind("Resize", ["size", "interpolation", "max_size", "antialias"], size: resize),
            StepKind(
                "Pad", ["padding", "fill", "padding_mode"],
                size: { call in
                    guard call.has("padding", at: 0) else { throw RunError("'\(call.text)' needs 'padding'") }
                    let border = try border(call, at: 0)
                    let step = Pad(
                        border, fill: [try call.number("fill", at: 1, in: 0...255, or: 0)],
                        mode: try call.word("padding_mode", at: 2, or: .constant))
                    return (step, { $0.inside(border) })
                }),
            StepKind("RandomHorizontalFlip", [p]) { RandomHorizontalFlip(try $0.number(p, at: 0, in: share, or: 0.5)) },
            StepKind("RandomVerticalFlip", [p]) { RandomVerticalFlip(try $0.number(p, at: 0, in: share, or: 0.5)) },
            StepKind("RandomErasing", [p, "scale", "ratio", "value"]) { call in
                RandomErasing(
                    try call.number(p, at: 0, in: share, or: 0.5),
                    scale: try call.span("scale", at: 1, in: 1e-4...1, or: 0.02...0.33),
                    ratio: try call.span("ratio", at: 2, in: 0.01...100, or: 0.3...3.3),
                    value: call.isWord("random", "value", at: 3)
                        ? .random : .constant(try call.number("value", at: 3, in: 0...255, or: 0)))
            },
        ]
    }

    private static func crop(_ call: StepCall) throws -> (any Transform, @Sendable (Size) throws -> Size) {
        let size = try call.integer("size", at: 0, in: sides)
        let border = try border(call, at: 1)
        let padIfNeeded = try call.flag("pad_if_needed", at: 2, or: false)
        let step = RandomCrop(
            height: size, width: size, padding: border, padIfNeeded: padIfNeeded,
            fill: [try call.number("fill", at: 3, in: 0...255, or: 0)],
            mode: try call.word("padding_mode", at: 4, or: .constant))
        let text = call.text
        return (
            step,
            { old in
                let padded = old.inside(border)
                guard padIfNeeded || min(padded.height, padded.width) >= size else {
                    throw RunError("'\(text)' does not fit pictures of \(old.height) × \(old.width) pixels")
                }
                return Size(height: size, width: size)
            }
        )
    }

    private static func resize(_ call: StepCall) throws -> (any Transform, @Sendable (Size) throws -> Size) {
        let size = try call.integer("size", at: 0, in: sides)
        let longest =
            call.has("max_size", at: 2) ? try call.integer("max_size", at: 2, in: (size + 1)...(1 << 16)) : nil
        let step = Resize(
            size, interpolation: try call.word("interpolation", at: 1, or: .bilinear), maxSize: longest,
            antialias: try call.flag("antialias", at: 3, or: true))
        return (
            step,
            { old in
                let (short, long) = (min(old.height, old.width), max(old.height, old.width))
                var (newShort, newLong) = (size, size * long / short)
                if let longest, newLong > longest {
                    (newShort, newLong) = (max(1, longest * newShort / newLong), longest)
                }
                return old.height <= old.width
                    ? Size(height: newShort, width: newLong, varies: old.varies)
                    : Size(height: newLong, width: newShort, varies: old.varies)
            }
        )
    }

    /// One number for all sides, two for left and right and for top and bottom, or four from the left clockwise.
    private static func border(_ call: StepCall, at place: Int) throws -> Border {
        let widths = try call.integers("padding", at: place, in: 0...1024, counts: [1, 2, 4])
        return switch widths.count {
        case 1: Border(widths[0])
        case 2: Border(horizontal: widths[0], vertical: widths[1])
        case 4: Border(left: widths[0], top: widths[1], right: widths[2], bottom: widths[3])
        default: Border(0)
        }
    }

    private static var bending: [StepKind] {
        [
            StepKind("RandomRotation", ["degrees", "interpolation", "expand", "fill"], size: rotation),
            StepKind("RandomAffine", ["degrees", "translate", "scale", "shear", "interpolation", "fill"]) { call in
                RandomAffine(
                    degrees: try angles(call, "degrees"),
                    translate: try call.pair("translate", in: share, or: (0, 0)),
                    scale: try call.span("scale", in: 0.01...100, or: 1...1),
                    shear: try shear(call),
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
                let sigma = try call.pair("sigma", at: 1, in: 0...100, or: (5, 5))
                guard (sigma.x > 0) == (sigma.y > 0) else {
                    throw RunError("'\(call.text)': 'sigma' must be zero in both directions or in none")
                }
                return ElasticTransform(
                    alpha: try call.pair("alpha", at: 0, in: 0...1e4, or: (50, 50)), sigma: sigma,
                    interpolation: try nearestOrBilinear(call, at: 2, or: .bilinear),
                    fill: [try call.number("fill", at: 3, in: 0...255, or: 0)])
            },
        ]
    }

    private static func rotation(_ call: StepCall) throws -> (any Transform, @Sendable (Size) throws -> Size) {
        let expand = try call.flag("expand", at: 2, or: false)
        let step = RandomRotation(
            try angles(call, "degrees"), interpolation: try nearestOrBilinear(call, at: 1, or: .nearest),
            expand: expand,
            fill: [try call.number("fill", at: 3, in: 0...255, or: 0)])
        return (
            step,
            { old in
                // A rotated picture that is expanded to fit is at least as large as the shorter side in each direction.
                let shorter = min(old.height, old.width)
                return expand ? Size(height: shorter, width: shorter, varies: true) : old
            }
        )
    }

    /// One number, which is not negative, stands for both directions.
    private static func angles(
        _ call: StepCall, _ label: String, or fallback: ClosedRange<Double>? = nil, most: Double = 360
    ) throws -> ClosedRange<Double> {
        let place = label == "degrees" ? 0 : nil
        guard call.has(label, at: place) else {
            guard let fallback else { throw RunError("'\(call.text)' needs '\(label)'") }
            return fallback
        }
        let ends = try call.numbers(label, at: place, in: -most...most, counts: [1, 2])
        guard let first = ends.first, let last = ends.last, ends.count == 1 ? first >= 0 : first <= last else {
            throw RunError("'\(call.text)': '\(label)' must be one number that is not negative, or (low, high)")
        }
        return ends.count == 1 ? -first...first : first...last
    }

    /// Angles along rows, or four numbers for rows and columns.
    private static func shear(_ call: StepCall) throws -> (x: ClosedRange<Double>, y: ClosedRange<Double>) {
        let ends = try call.numbers("shear", in: -89...89, counts: [1, 2, 4])
        guard ends.count == 4 else { return (try angles(call, "shear", or: 0...0, most: 89), 0...0) }
        guard ends[0] <= ends[1], ends[2] <= ends[3] else {
            throw RunError("'\(call.text)': 'shear' must be (low, high) along rows and then along columns")
        }
        return (ends[0]...ends[1], ends[2]...ends[3])
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
                    brightness: try jitter(call, "brightness", at: 0), contrast: try jitter(call, "contrast", at: 1),
                    saturation: try jitter(call, "saturation", at: 2), hue: try turns(call, at: 3))
            },
            // The result keeps the number of channels, which the network was made for.
            StepKind("Grayscale", []) { _ in RandomGrayscale(1) },
            StepKind("RandomGrayscale", [p]) { RandomGrayscale(try $0.number(p, at: 0, in: share, or: 0.1)) },
            StepKind("GaussianBlur", ["kernel_size", "sigma"]) { call in
                guard call.has("kernel_size", at: 0) else { throw RunError("'\(call.text)' needs 'kernel_size'") }
                let sizes = try call.integers("kernel_size", at: 0, in: 1...255, counts: [1, 2])
                guard let width = sizes.first, let height = sizes.last, sizes.allSatisfy({ $0 % 2 == 1 }) else {
                    throw RunError("'\(call.text)': 'kernel_size' must be odd")
                }
                return GaussianBlur(
                    kernelWidth: width, kernelHeight: height,
                    sigma: try call.span("sigma", at: 1, in: 1e-3...100, or: 0.1...2))
            },
            StepKind("GaussianNoise", ["mean", "sigma", "clip"]) { call in
                GaussianNoise(
                    mean: try call.number("mean", at: 0, in: -1...1, or: 0),
                    sigma: try call.number("sigma", at: 1, in: share, or: 0.1),
                    clip: try call.flag("clip", at: 2, or: true))
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

    /// Factors around 1, by how far they may be from it or as (low, high).
    private static func jitter(_ call: StepCall, _ label: String, at place: Int) throws -> ClosedRange<Double>? {
        let ends = try call.numbers(label, at: place, in: factors, counts: [1, 2])
        guard ends.count == 2 else { return ends.first.flatMap { $0 == 0 ? nil : max(1 - $0, 0)...(1 + $0) } }
        guard ends[0] <= ends[1] else { throw RunError("'\(call.text)': '\(label)' must be (low, high)") }
        return ends[0]...ends[1]
    }

    /// Turns of the hue, by how far they go in both directions or as (low, high).
    private static func turns(_ call: StepCall, at place: Int) throws -> ClosedRange<Double>? {
        guard call.has("hue", at: place) else { return nil }
        let ends = try call.numbers("hue", at: place, in: -0.5...0.5, counts: [1, 2])
        let (low, high) = ends.count == 1 ? (-ends[0], ends[0]) : (ends[0], ends[1])
        guard low <= high else {
            throw RunError("'\(call.text)': 'hue' must be one number that is not negative, or (low, high)")
        }
        return ends == [0] ? nil : low...high
    }

    private static var learned: [StepKind] {
        let border = ["interpolation", "fill"]
        return [
            StepKind("AutoAugment", ["policy"] + border) { call in
                AutoAugment(
                    try call.word("policy", at: 0, or: .imageNet),
                    interpolation: try nearestOrBilinear(call, at: 1, or: .nearest), fill: try fill(call, at: 2))
            },
            StepKind("RandAugment", ["num_ops", "magnitude", "num_magnitude_bins"] + border) { call in
                let bins = try call.integer("num_magnitude_bins", at: 2, in: 1...1000, or: 31)
                return RandAugment(
                    operations: try call.integer("num_ops", at: 0, in: 0...100, or: 2),
                    magnitude: try call.integer("magnitude", at: 1, in: 0...(bins - 1), or: min(9, bins - 1)),
                    levels: bins, interpolation: try nearestOrBilinear(call, at: 3, or: .nearest),
                    fill: try fill(call, at: 4))
            },
            StepKind("TrivialAugmentWide", ["num_magnitude_bins"] + border) { call in
                TrivialAugmentWide(
                    levels: try call.integer("num_magnitude_bins", at: 0, in: 1...1000, or: 31),
                    interpolation: try nearestOrBilinear(call, at: 1, or: .nearest), fill: try fill(call, at: 2))
            },
            StepKind("AugMix", ["severity", "mixture_width", "chain_depth", "alpha", "all_ops"] + border) { call in
                let depth = try call.integer("chain_depth", at: 2, in: -1...100, or: -1)
                return AugMix(
                    severity: try call.integer("severity", at: 0, in: 1...10, or: 3),
                    mixtureWidth: try call.integer("mixture_width", at: 1, in: 1...100, or: 3),
                    chainDepth: depth > 0 ? depth : nil, alpha: try call.number("alpha", at: 3, in: 1e-3...1e3, or: 1),
                    allOperations: try call.flag("all_ops", at: 4, or: true),
                    interpolation: try nearestOrBilinear(call, at: 5, or: .bilinear), fill: try fill(call, at: 6))
            },
        ]
    }

    /// What stands where a picture does not reach; nothing where it is not told.
    private static func fill(_ call: StepCall, at place: Int) throws -> [Double]? {
        call.has("fill", at: place) ? [try call.number("fill", at: place, in: 0...255)] : nil
    }

    private static var mixing: [StepKind] {
        [
            StepKind(batch: "MixUp") { MixUp(classes: $1, alpha: $0) },
            StepKind(batch: "CutMix") { CutMix(classes: $1, alpha: $0) },
        ]
    }
}

extension StepKind.Size {
    /// The size with a border around it.
    func inside(_ border: Border) -> Self {
        Self(
            height: height + border.top + border.bottom, width: width + border.left + border.right, varies: varies)
    }
}
