import HearthTensor

/// One of the changes that the learned policies choose from, with how strong each of its levels is.
package enum Augmentation: String, CaseIterable, Sendable {
    case identity, shearX, shearY, translateX, translateY, rotate, brightness, color, contrast, sharpness, posterize
    case solarize, autoContrast, equalize, invert

    /// Changes a picture. `magnitude` is an angle's tangent, pixels, degrees, what is added to a factor of 1, bits, or a
    /// share of white, as torchvision has them.
    package func apply(_ magnitude: Double, to draft: inout Draft, _ border: Bending, _ random: Generator) {
        switch self {
        case .identity: return
        // The shear is about the corner of the image, not its centre.
        case .shearX: border.apply(Affine(shear: (magnitude.arcTangent.degrees, 0), center: (0, 0)), to: &draft)
        case .shearY: border.apply(Affine(shear: (0, magnitude.arcTangent.degrees), center: (0, 0)), to: &draft)
        case .translateX: border.apply(Affine(translation: (magnitude.rounded(.towardZero), 0)), to: &draft)
        case .translateY: border.apply(Affine(translation: (0, magnitude.rounded(.towardZero))), to: &draft)
        case .rotate: border.apply(Affine(angle: -magnitude), to: &draft)
        case .brightness: AdjustBrightness(1 + magnitude).edit(&draft, random: random)
        case .color: AdjustSaturation(1 + magnitude).edit(&draft, random: random)
        case .contrast: AdjustContrast(1 + magnitude).edit(&draft, random: random)
        case .sharpness: AdjustSharpness(1 + magnitude).edit(&draft, random: random)
        case .posterize: Posterize(bits: Int(magnitude)).edit(&draft, random: random)
        case .solarize: Solarize(threshold: draft.bound * magnitude).edit(&draft, random: random)
        case .autoContrast: AutoContrast().edit(&draft, random: random)
        case .equalize: Equalize().edit(&draft, random: random)
        case .invert: Invert().edit(&draft, random: random)
        }
    }

    /// How pictures are bent.
    package struct Bending: Sendable {
        let interpolation: Interpolation
        let fill: [Double]?

        package init(interpolation: Interpolation, fill: [Double]?, _ policy: String) {
            self.interpolation = checkedBending(interpolation, policy)
            self.fill = fill
        }

        func apply(_ affine: Affine, to draft: inout Draft) {
            affine.apply(to: &draft, by: interpolation, fill: fill)
        }
    }
}

extension Double {
    fileprivate var degrees: Double { self * 180 / .pi }
}

/// How strong changes are at each of a number of levels.
package struct AugmentationSpace: Sendable {
    /// The strongest shear, factor and turn, and the fewest bits.
    var shear: Double
    var factor: Double
    var degrees: Double
    var bits: (most: Double, fewest: Double)
    /// The farthest move of a picture of this extent.
    var move: @Sendable (_ extent: Int) -> Double

    /// That of AutoAugment and RandAugment.
    package static let standard = AugmentationSpace(shear: 0.3, factor: 0.9, degrees: 30, bits: (8, 4)) {
        150.0 / 331 * Double($0)
    }
    /// That of TrivialAugment.
    package static let wide = AugmentationSpace(shear: 0.99, factor: 0.99, degrees: 135, bits: (8, 2)) { _ in 32 }
    /// That of AugMix.
    package static let mixing = AugmentationSpace(shear: 0.3, factor: 0.9, degrees: 30, bits: (4, 0)) { Double($0) / 3 }

    /// The magnitude of a change at `level` of `levels`, half of those that have a direction turned around by chance.
    package func magnitude(
        of change: Augmentation, level: Int, levels: Int, for draft: Draft, _ random: Generator
    ) -> Double {
        let share = levels > 1 ? Double(level) / Double(levels - 1) : 0
        let value: Double
        switch change {
        case .identity, .autoContrast, .equalize, .invert: return 0
        case .posterize: return (bits.most - share * (bits.most - bits.fewest)).rounded(.toNearestOrEven)
        case .solarize: return 1 - share
        case .shearX, .shearY: value = share * shear
        case .translateX: value = share * move(draft.width)
        case .translateY: value = share * move(draft.height)
        case .rotate: value = share * degrees
        case .brightness, .color, .contrast, .sharpness: value = share * factor
        }
        return random.happens(0.5) ? -value : value
    }

    /// Changes a picture at a level.
    func apply(
        _ change: Augmentation, level: Int, levels: Int, to draft: inout Draft, _ bending: Augmentation.Bending,
        _ random: Generator
    ) {
        let magnitude = magnitude(of: change, level: level, levels: levels, for: draft, random)
        change.apply(magnitude, to: &draft, bending, random)
    }
}
