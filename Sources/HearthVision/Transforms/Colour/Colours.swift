import CKernels
import HearthTensor

// Steps that look at the three colours of a pixel together. Formulas are torchvision's, for bytes and for floats from 0
// to 1; images of one channel have no colour to change.

/// The distance of each value from the mean brightness of the image multiplied by a factor: 0 is grey, 1 leaves it.
/// torchvision's `adjust_contrast`.
public struct AdjustContrast: DraftTransform {
    private let factor: Double

    /// The factor, not negative.
    public init(_ factor: Double) { self.factor = checkedFactor(factor, "AdjustContrast") }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireColours("AdjustContrast")
        guard draft.holdsBytes else {
            let x = draft.pixels
            draft.pixels = noGrad {
                let mean = x.brightness().mean(dims: [-3, -2, -1], keepDim: true)
                return (x * factor + mean * (1 - factor)).clamp(min: 0, max: draft.bound)
            }
            return
        }
        let channels = draft.channels
        draft.map(
            draft.pixels.meanBrightness().flatMap { mean in
                let table = (0..<256).map { value in
                    UInt8(max(0, min(255, (Float(value) * Float(factor)).addingProduct(Float(1 - factor), mean))))
                }
                return [[UInt8]](repeating: table, count: channels).joined()
            })
    }
}

/// Each pixel mixed with its own brightness: 0 is grey, 1 leaves it, 2 is twice as colourful. torchvision's
/// `adjust_saturation`.
public struct AdjustSaturation: DraftTransform {
    private let factor: Double

    /// The factor, not negative.
    public init(_ factor: Double) { self.factor = checkedFactor(factor, "AdjustSaturation") }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireColours("AdjustSaturation")
        guard draft.channels == 3 else { return }
        let x = draft.pixels
        if draft.holdsBytes {
            draft.pixels = x.remade { hk_picture_saturate($0, factor, $1) }
        } else {
            draft.pixels = noGrad { (x * factor + x.brightness() * (1 - factor)).clamp(min: 0, max: draft.bound) }
        }
    }
}

/// Every colour moved along the circle of hues. torchvision's `adjust_hue`.
public struct AdjustHue: DraftTransform {
    private let turn: Double

    /// The share of the circle, from -0.5 to 0.5.
    public init(_ turn: Double) {
        require((-0.5...0.5).contains(turn), "AdjustHue", "\(turn) is not in -0.5...0.5")
        self.turn = turn
    }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireColours("AdjustHue")
        guard draft.channels == 3 else { return }
        let x = draft.pixels
        if draft.holdsBytes {
            draft.pixels = x.remade { hk_picture_turn_hue($0, Float(turn), $1) }
        } else {
            draft.pixels = noGrad { x.withHueTurned(by: turn) }
        }
    }
}

/// Brightness, contrast, saturation and hue changed by chance, in random order. torchvision's `ColorJitter`.
///
///     ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1)
public struct ColorJitter: DraftTransform {
    private let brightness: ClosedRange<Double>?
    private let contrast: ClosedRange<Double>?
    private let saturation: ClosedRange<Double>?
    private let hue: ClosedRange<Double>?

    /// Factors of brightness, contrast and saturation from 1 - x (0 at least) to 1 + x, and turns of the hue from -x to x.
    /// What is 0 stays.
    public init(brightness: Double = 0, contrast: Double = 0, saturation: Double = 0, hue: Double = 0) {
        func factors(_ x: Double) -> ClosedRange<Double>? {
            let x = checkedFactor(x, "ColorJitter")
            return x == 0 ? nil : max(1 - x, 0)...(1 + x)
        }
        self.init(
            brightness: factors(brightness), contrast: factors(contrast), saturation: factors(saturation),
            hue: hue == 0 ? nil : -checkedFactor(hue, "ColorJitter")...hue)
    }

    /// Factors and turns from ranges; nil leaves the property as it is.
    public init(
        brightness: ClosedRange<Double>?, contrast: ClosedRange<Double>?, saturation: ClosedRange<Double>?,
        hue: ClosedRange<Double>?
    ) {
        for range in [brightness, contrast, saturation] { _ = checkedFactor(range?.lowerBound ?? 0, "ColorJitter") }
        if let hue, hue.lowerBound < -0.5 || hue.upperBound > 0.5 {
            fatalError("ColorJitter: turns of the hue are from -0.5 to 0.5, not \(hue)")
        }
        (self.brightness, self.contrast, self.saturation, self.hue) = (brightness, contrast, saturation, hue)
    }

    func edit(_ draft: inout Draft, random: Generator) {
        let order = random.order(of: 4)
        let steps: [(any DraftTransform)?] = [
            brightness.map { AdjustBrightness(random.uniform(in: $0)) },
            contrast.map { AdjustContrast(random.uniform(in: $0)) },
            saturation.map { AdjustSaturation(random.uniform(in: $0)) },
            hue.map { AdjustHue(random.uniform(in: $0)) },
        ]
        for index in order { steps[index]?.edit(&draft, random: random) }
    }
}

/// Colours as one channel of brightness, 0.2989 R + 0.587 G + 0.114 B, rounded down for bytes; or as three such channels,
/// for networks that want three. An image of one channel stays as it is; an alpha channel is left out. torchvision's
/// `Grayscale` on tensors, to the bit. (`Image.read(_:as: .grey)` rounds to the nearest, as PIL does.)
public struct Grayscale: DraftTransform {
    private let channels: Int

    /// The step from colours to grey, in 1 channel or 3.
    public init(channels: Int = 1) {
        require(channels == 1 || channels == 3, "Grayscale", "1 or 3 channels, not \(channels)")
        self.channels = channels
    }

    func edit(_ draft: inout Draft, random: Generator) {
        require(
            (1...4).contains(draft.channels), "Grayscale",
            "an image [C, H, W] of 1 to 4 channels is expected, not one of \(draft.channels)")
        draft.requireScale("Grayscale")
        if draft.channels != 1 { draft.pixels = draft.pixels.grey() }
        if channels == 3 { draft.pixels = Tensor.cat([draft.pixels, draft.pixels, draft.pixels], dim: -3) }
    }
}

extension Draft {
    /// Stops the program unless the picture is grey or has three colours, of a known scale.
    func requireColours(_ step: String) {
        requireScale(step)
        require(
            channels == 1 || channels == 3, "\(step)", "an image of 1 or 3 channels is expected, not one of \(channels)"
        )
    }
}

extension Tensor {
    /// The brightness of floats, with the weights that torchvision uses here.
    fileprivate func brightness() -> Tensor {
        guard shape[-3] == 3 else { return self }
        let (red, green, blue) = (channel(0), channel(1), channel(2))
        return red * 0.2989 + green * 0.587 + blue * 0.114
    }

    private func channel(_ index: Int) -> Tensor { narrow(-3, start: index, length: 1) }

    /// The mean brightness of each picture of bytes.
    fileprivate func meanBrightness() -> [Float] {
        let (pictures, area) = (shape.dropLast(3).reduce(1, *), shape[-1] * shape[-2])
        guard shape[-3] == 3 else {
            return byteSums().map { Float($0 / Double(area)) }
        }
        var sums = [Double](repeating: 0, count: pictures)
        measured { picture in sums.withUnsafeMutableBufferPointer { hk_picture_sum_grey(picture, $0.baseAddress) } }
        return sums.map { Float($0 / Double(area)) }
    }

    /// How often each of 256 bytes stands in each plane of a picture: 256 numbers for each.
    func byteCounts() -> [Int64] {
        var counts = [Int64](repeating: 0, count: shape.dropLast(2).reduce(1, *) * 256)
        measured { picture in counts.withUnsafeMutableBufferPointer { hk_picture_count(picture, $0.baseAddress) } }
        return counts
    }

    private func byteSums() -> [Double] {
        let counts = byteCounts()
        return stride(from: 0, to: counts.count, by: 256).map { (start: Int) -> Double in
            var sum: Int64 = 0
            for byte in 0..<256 { sum += Int64(byte) * counts[start + byte] }
            return Double(sum)
        }
    }

    /// One channel of brightness; what comes before the channels stays.
    fileprivate func grey() -> Tensor {
        let channels = shape[-3]
        guard channels > 2 else { return channel(0).contiguous() }
        guard dtype == .uint8 else { return noGrad { narrow(-3, start: 0, length: 3).brightness() } }
        let source = contiguous()
        return Tensor.make(Shape(Array(shape.dropLast(3)) + [1, shape[-2], shape[-1]]), .uint8, device: .cpu) { out in
            source.withUnsafeBytes { bytes in
                var picture = hk_picture(bytes, of: source.shape)
                hk_picture_grey(&picture, Int64(channels), out.baseAddress?.assumingMemoryBound(to: UInt8.self))
            }
        }
    }

    /// Floats from 0 to 1 by way of hue, saturation and value.
    fileprivate func withHueTurned(by turn: Double) -> Tensor {
        let (red, green, blue) = (channel(0), channel(1), channel(2))
        let (high, low) = (amax(dims: [-3], keepDim: true), amin(dims: [-3], keepDim: true))
        let isGrey = high == low
        let range = high - low
        let saturation = range / Tensor.where(isGrey, 1.0, high)
        let divisor = Tensor.where(isGrey, 1.0, range)
        let (rc, gc, bc) = ((high - red) / divisor, (high - green) / divisor, (high - blue) / divisor)
        let hue = Tensor.where(high == red, bc - gc, Tensor.where(high == green, rc + 2 - bc, gc + 4 - rc))
        let turned: Tensor = (hue / 6 + 1 + turn).remainder(Tensor(1.0)) * 6
        // Each colour is the value, less what the saturation takes at its distance from the hue (on a circle of six).
        let colours = [5.0, 3.0, 1.0].map { (offset: Double) -> Tensor in
            let k: Tensor = (turned + offset).remainder(Tensor(6.0))
            let distance: Tensor = k.minimum(4 - k).clamp(min: 0, max: 1)
            return high - high * saturation * distance
        }
        return Tensor.cat(colours, dim: -3)
    }
}
