import HearthTensor

// Steps that change each value by itself: for bytes all of them are tables of 256, and tables that follow each other are
// one. Formulas are torchvision's, for bytes and for floats from 0 to 1.

/// White to black and black to white: the largest value minus each. torchvision's `invert`.
public struct Invert: DraftTransform {
    /// The step.
    public init() {}

    /// Every value is worked on alone.
    public var isPixelwise: Bool { true }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireScale("Invert")
        if draft.holdsBytes { draft.map { ~$0 } } else { draft.pixels = noGrad { draft.bound - draft.pixels } }
    }
}

/// Only the highest bits of each value. torchvision's `posterize`.
public struct Posterize: DraftTransform {
    private let bits: Int

    /// Keeps the highest `bits` of 8.
    public init(bits: Int) {
        require((0...8).contains(bits), "Posterize", "\(bits) bits are not in 0...8")
        self.bits = bits
    }

    /// Every value is worked on alone.
    public var isPixelwise: Bool { true }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireScale("Posterize")
        if draft.holdsBytes {
            let mask = UInt8(truncatingIfNeeded: 0xff << (8 - bits))
            draft.map { $0 & mask }
        } else {
            let levels = Double(1 << bits)
            draft.pixels = noGrad { (draft.pixels * levels).floor().clamp(min: 0, max: levels - 1) / levels }
        }
    }
}

/// Values from a threshold on are inverted. torchvision's `solarize`.
public struct Solarize: DraftTransform {
    private let threshold: Double

    /// The threshold in the units of the image, not above white: 0…255 for bytes, 0…1 for floats.
    public init(threshold: Double) { self.threshold = threshold }

    /// Every value is worked on alone.
    public var isPixelwise: Bool { true }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireScale("Solarize")
        require(
            threshold <= draft.bound, "Solarize", "the threshold \(threshold) is above white, which is \(draft.bound)")
        if draft.holdsBytes {
            draft.map { Double($0) >= threshold ? ~$0 : $0 }
        } else {
            let x = draft.pixels
            draft.pixels = noGrad { Tensor.where(x >= threshold, draft.bound - x, x) }
        }
    }
}

/// Values multiplied by a factor: 0 is black, 1 leaves them. torchvision's `adjust_brightness`.
public struct AdjustBrightness: DraftTransform {
    private let factor: Double

    /// The factor, not negative.
    public init(_ factor: Double) { self.factor = checkedFactor(factor, "AdjustBrightness") }

    /// Every value is worked on alone.
    public var isPixelwise: Bool { true }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireColours("AdjustBrightness")
        if draft.holdsBytes {
            draft.map { UInt8(min(Float($0) * Float(factor), 255)) }
        } else {
            draft.pixels = noGrad { (draft.pixels * factor).clamp(min: 0, max: draft.bound) }
        }
    }
}

/// Values raised to a power, on the scale from 0 to 1, and multiplied. torchvision's `adjust_gamma`.
public struct AdjustGamma: DraftTransform {
    private let gamma: Double
    private let gain: Double

    /// The power, not negative: above 1 shadows get darker, below 1 lighter.
    public init(_ gamma: Double, gain: Double = 1) {
        self.gamma = checkedFactor(gamma, "AdjustGamma")
        self.gain = gain
    }

    /// Every value is worked on alone.
    public var isPixelwise: Bool { true }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireScale("AdjustGamma")
        if draft.holdsBytes {
            let powers = adjusted(Tensor.arange(0, 256, dtype: .float32) / 255)
            draft.map(ConvertDType.bytes(powers).array(of: UInt8.self))
        } else {
            draft.pixels = adjusted(draft.pixels)
        }
    }

    private func adjusted(_ x: Tensor) -> Tensor {
        noGrad { gain == 1 ? x.pow(gamma) : (x.pow(gamma) * gain).clamp(min: 0, max: 1) }
    }
}

/// A factor that must not be negative. Stops the program otherwise.
func checkedFactor(_ factor: Double, _ step: String) -> Double {
    require(factor >= 0, "\(step)", "the factor \(factor) is negative")
    return factor
}

/// Each channel stretched so that its darkest value is black and its lightest white. torchvision's `autocontrast`.
public struct AutoContrast: DraftTransform {
    /// The step.
    public init() {}

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireColours("AutoContrast")
        if draft.holdsBytes {
            draft.map(draft.histograms().flatMap(Self.table))
        } else {
            let x = draft.pixels
            draft.pixels = noGrad {
                let (low, high) = (x.amin(dims: [-2, -1], keepDim: true), x.amax(dims: [-2, -1], keepDim: true))
                let isFlat = low == high
                let scale = Tensor.where(isFlat, 1.0, high - low)
                return ((x - Tensor.where(isFlat, 0.0, low)) / scale).clamp(min: 0, max: 1)
            }
        }
    }

    private static func table(_ histogram: ArraySlice<Int64>) -> [UInt8] {
        let used = histogram.indices.filter { histogram[$0] > 0 }.map { $0 - histogram.startIndex }
        let (low, high) = (used.first ?? 0, used.last ?? 0)
        guard low < high else { return Array(UInt8.min...UInt8.max) }
        // Single precision in this order, as torchvision has it.
        let scale = Float(high - low) * Float(1.0 / 255)
        return (0..<256).map { UInt8(max(0, min(255, Float($0 - low) / scale))) }
    }
}

/// Each channel changed so that all values are about equally frequent. torchvision's `equalize`, which is PIL's; floats
/// become bytes in between.
public struct Equalize: DraftTransform {
    /// The step.
    public init() {}

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireScale("Equalize")
        if draft.holdsBytes {
            draft.map(draft.histograms().flatMap(Self.table))
        } else {
            let dtype = draft.dtype
            draft.pixels = ConvertDType(.uint8, scale: true)(draft.pixels, random: random)
            edit(&draft, random: random)
            draft.pixels = ConvertDType(dtype, scale: true)(draft.pixels, random: random)
        }
    }

    private static func table(_ histogram: ArraySlice<Int64>) -> [UInt8] {
        let counts = Array(histogram)
        guard let last = counts.lastIndex(where: { $0 > 0 }) else { return Array(UInt8.min...UInt8.max) }
        let step = (counts.reduce(0, +) - counts[last]) / 255
        guard step > 0 else { return Array(UInt8.min...UInt8.max) }
        var before: Int64 = 0
        return counts.map { count in
            defer { before += count }
            return UInt8(min((before + step / 2) / step, 255))
        }
    }
}

extension Draft {
    /// How often each byte stands in each plane.
    mutating func histograms() -> [ArraySlice<Int64>] {
        let counts = pixels.byteCounts()
        return stride(from: 0, to: counts.count, by: 256).map { counts[$0..<($0 + 256)] }
    }
}
