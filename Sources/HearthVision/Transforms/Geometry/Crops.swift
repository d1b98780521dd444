import HearthTensor

/// The middle of the image; what it lacks is border of zeros. torchvision's `CenterCrop`.
public struct CenterCrop: DraftTransform {
    private let height: Int
    private let width: Int

    /// The middle `size` × `size` pixels.
    public init(_ size: Int) { self.init(height: size, width: size) }

    /// The middle `height` × `width` pixels.
    public init(height: Int, width: Int) {
        require(height > 0 && width > 0, "CenterCrop", "a size must be positive; got \(height) × \(width)")
        self.height = height
        self.width = width
    }

    func edit(_ draft: inout Draft, random: Generator) {
        let (down, right) = (max(height - draft.height, 0), max(width - draft.width, 0))
        if down > 0 || right > 0 {
            draft.pad(
                Border(left: right / 2, top: down / 2, right: (right + 1) / 2, bottom: (down + 1) / 2), fill: [0])
        }
        // Halves are rounded to the even number, as Python's `round` does.
        let top = (Double(draft.height - height) / 2).rounded(.toNearestOrEven)
        let left = (Double(draft.width - width) / 2).rounded(.toNearestOrEven)
        draft.crop(top: Int(top), left: Int(left), height: height, width: width)
    }
}

/// A border around the image. torchvision's `Pad`.
public struct Pad: DraftTransform {
    private let border: Border
    private let fill: [Double]
    private let mode: PaddingStyle

    /// A border of `padding` pixels of one value, in the units of the image (0…255 for bytes), or of the image continued.
    public init(_ padding: Int, fill: Double..., mode: PaddingStyle = .constant) {
        self.init(left: padding, top: padding, right: padding, bottom: padding, fill: fill, mode: mode)
    }

    /// A border of another width on each side; a negative one takes pixels away. `fill` is one value, or one for each
    /// channel.
    public init(
        left: Int, top: Int, right: Int, bottom: Int, fill: [Double] = [0], mode: PaddingStyle = .constant
    ) {
        self.init(Border(left: left, top: top, right: right, bottom: bottom), fill: fill, mode: mode)
    }

    /// This border.
    public init(_ border: Border, fill: [Double] = [0], mode: PaddingStyle = .constant) {
        self.border = border
        self.fill = fill.isEmpty ? [0] : fill
        self.mode = mode
    }

    func edit(_ draft: inout Draft, random: Generator) { draft.pad(border, fill: fill, mode) }
}

/// A part of the image at a place left to chance, after a border was put around it. torchvision's `RandomCrop`.
public struct RandomCrop: DraftTransform {
    private let height: Int
    private let width: Int
    private let padding: Border
    private let padIfNeeded: Bool
    private let fill: [Double]
    private let mode: PaddingStyle

    /// Parts of `size` × `size` pixels of the image with a border of `padding` pixels of the value `fill`.
    public init(
        _ size: Int, padding: Int = 0, padIfNeeded: Bool = false, fill: Double..., mode: PaddingStyle = .constant
    ) {
        self.init(height: size, width: size, padding: padding, padIfNeeded: padIfNeeded, fill: fill, mode: mode)
    }

    /// Parts of `height` × `width` pixels. With `padIfNeeded` an image that is too small gets a larger border.
    public init(
        height: Int, width: Int, padding: Int = 0, padIfNeeded: Bool = false, fill: [Double] = [0],
        mode: PaddingStyle = .constant
    ) {
        self.init(
            height: height, width: width, padding: Border(padding), padIfNeeded: padIfNeeded, fill: fill, mode: mode)
    }

    /// Parts of `height` × `width` pixels of the image with a border that may differ from side to side.
    public init(
        height: Int, width: Int, padding: Border, padIfNeeded: Bool = false, fill: [Double] = [0],
        mode: PaddingStyle = .constant
    ) {
        require(height > 0 && width > 0, "RandomCrop", "a size must be positive; got \(height) × \(width)")
        self.height = height
        self.width = width
        self.padding = padding
        self.padIfNeeded = padIfNeeded
        self.fill = fill.isEmpty ? [0] : fill
        self.mode = mode
    }

    func edit(_ draft: inout Draft, random: Generator) {
        var border = padding
        if padIfNeeded {
            // On both sides, so that the image may be anywhere.
            let down = max(height - draft.height - padding.top - padding.bottom, 0)
            let right = max(width - draft.width - padding.left - padding.right, 0)
            (border.top, border.bottom) = (border.top + down, border.bottom + down)
            (border.left, border.right) = (border.left + right, border.right + right)
        }
        draft.pad(border, fill: fill, mode)
        require(
            draft.height >= height && draft.width >= width, "RandomCrop",
            "\(height) × \(width) pixels do not fit an image of \(draft.height) × \(draft.width)")
        let top = random.next(in: 0..<(draft.height - height + 1))
        let left = random.next(in: 0..<(draft.width - width + 1))
        draft.crop(top: top, left: left, height: height, width: width)
    }
}

/// A part of random size, proportion and place, brought to one size. torchvision's `RandomResizedCrop`, with which
/// networks for ImageNet are trained (Szegedy et al., "Going deeper with convolutions", 2014).
public struct RandomResizedCrop: DraftTransform {
    private let height: Int
    private let width: Int
    private let scale: ClosedRange<Double>
    private let ratio: ClosedRange<Double>
    private let interpolation: Interpolation
    private let antialias: Bool

    /// Parts brought to `size` × `size` pixels: `scale` is their share of the area, `ratio` width by height.
    public init(
        _ size: Int, scale: ClosedRange<Double> = 0.08...1, ratio: ClosedRange<Double> = 3.0 / 4...4.0 / 3,
        interpolation: Interpolation = .bilinear, antialias: Bool = true
    ) {
        self.init(
            height: size, width: size, scale: scale, ratio: ratio, interpolation: interpolation, antialias: antialias)
    }

    /// Parts brought to `height` × `width` pixels. Without `antialias` pixels are skipped where a part shrinks.
    public init(
        height: Int, width: Int, scale: ClosedRange<Double> = 0.08...1,
        ratio: ClosedRange<Double> = 3.0 / 4...4.0 / 3, interpolation: Interpolation = .bilinear, antialias: Bool = true
    ) {
        require(
            height > 0 && width > 0 && scale.lowerBound >= 0 && ratio.lowerBound > 0, "RandomResizedCrop",
            "\(height) × \(width) of \(scale) of the area, proportions \(ratio)")
        self.height = height
        self.width = width
        self.scale = scale
        self.ratio = ratio
        self.interpolation = interpolation
        self.antialias = antialias
    }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireScale("RandomResizedCrop")
        let part = part(of: draft.height, draft.width, random)
        draft.crop(top: part.top, left: part.left, height: part.height, width: part.width)
        draft.resize(to: Scaling(height: height, width: width, interpolation: interpolation, antialias: antialias))
    }

    private func part(
        of height: Int, _ width: Int, _ random: Generator
    ) -> (top: Int, left: Int, height: Int, width: Int) {
        let logarithms = ratio.lowerBound.logarithm...ratio.upperBound.logarithm
        for _ in 0..<10 {
            let area = Double(height * width) * random.uniform(in: scale)
            let proportion = random.uniform(in: logarithms).exponential
            let partWidth = Int((area * proportion).squareRoot().rounded(.toNearestOrEven))
            let partHeight = Int((area / proportion).squareRoot().rounded(.toNearestOrEven))
            guard (1...width).contains(partWidth), (1...height).contains(partHeight) else { continue }
            let top = random.next(in: 0..<(height - partHeight + 1))
            return (top, random.next(in: 0..<(width - partWidth + 1)), partHeight, partWidth)
        }
        return middle(of: height, width)
    }

    /// What is taken when no part fits: the middle, of the nearest proportion that is allowed.
    private func middle(of height: Int, _ width: Int) -> (top: Int, left: Int, height: Int, width: Int) {
        let proportion = Double(width) / Double(height)
        var (partHeight, partWidth) = (height, width)
        if proportion < ratio.lowerBound {
            partHeight = Int((Double(width) / ratio.lowerBound).rounded(.toNearestOrEven))
        } else if proportion > ratio.upperBound {
            partWidth = Int((Double(height) * ratio.upperBound).rounded(.toNearestOrEven))
        }
        return ((height - partHeight) / 2, (width - partWidth) / 2, partHeight, partWidth)
    }
}

/// Five parts of an image: its corners and its middle. torchvision's `FiveCrop`; the mean of a network's answers to them
/// is a better answer.
///
///     let answers = model(FiveCrop(224)(image)).softmax(dim: -1).mean(dim: 0)
public struct FiveCrop: Transform {
    private let height: Int
    private let width: Int

    /// Parts of `size` × `size` pixels.
    public init(_ size: Int) { self.init(height: size, width: size) }

    /// Parts of `height` × `width` pixels.
    public init(height: Int, width: Int) {
        require(height > 0 && width > 0, "FiveCrop", "a size must be positive; got \(height) × \(width)")
        self.height = height
        self.width = width
    }

    /// The parts, `[5, …, C, height, width]`: top left, top right, bottom left, bottom right, middle.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor {
        let (down, right) = (image.shape[-2] - height, image.shape[-1] - width)
        require(
            down >= 0 && right >= 0, "FiveCrop", "\(height) × \(width) pixels do not fit an image of \(image.shape)")
        let corners = [(0, 0), (0, right), (down, 0), (down, right)].map { top, left in
            image.narrow(-2, start: top, length: height).narrow(-1, start: left, length: width)
        }
        return Tensor.stack(corners + [CenterCrop(height: height, width: width)(image, random: random)])
    }
}
