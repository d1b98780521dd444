import HearthTensor

/// Another size, taking in every pixel when it makes an image smaller (antialiasing). torchvision's `Resize`; the results
/// of bytes are those of PIL's `Image.resize` before version 13, to the bit, and of later ones but for the order of the
/// two passes.
public struct Resize: DraftTransform {
    private enum Target {
        case shorterSide(Int, longest: Int?)
        case longerSide(Int)
        case exact(height: Int, width: Int)
    }

    private let target: Target
    private let interpolation: Interpolation
    private let antialias: Bool

    /// The shorter side gets this size; the longer keeps its proportion, rounded down, and becomes at most `maxSize`.
    /// Without `antialias` pixels are skipped where the image shrinks.
    public init(
        _ size: Int, interpolation: Interpolation = .bilinear, maxSize: Int? = nil, antialias: Bool = true
    ) {
        require(
            size > 0 && maxSize ?? .max > size, "Resize", "the size must be positive and below maxSize; it is \(size)")
        target = .shorterSide(size, longest: maxSize)
        self.interpolation = interpolation
        self.antialias = antialias
    }

    /// The longer side gets this size; the shorter keeps its proportion, rounded down.
    public init(maxSize: Int, interpolation: Interpolation = .bilinear, antialias: Bool = true) {
        require(maxSize > 0, "Resize", "the size must be positive; it is \(maxSize)")
        target = .longerSide(maxSize)
        self.interpolation = interpolation
        self.antialias = antialias
    }

    /// Exactly this size, whatever the proportion.
    public init(height: Int, width: Int, interpolation: Interpolation = .bilinear, antialias: Bool = true) {
        require(height > 0 && width > 0, "Resize", "a size must be positive; got \(height) × \(width)")
        target = .exact(height: height, width: width)
        self.interpolation = interpolation
        self.antialias = antialias
    }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.requireScale("Resize")
        require(draft.height > 0 && draft.width > 0, "Resize", "the image has no pixels")
        let (height, width) = size(of: draft)
        draft.resize(to: Scaling(height: height, width: width, interpolation: interpolation, antialias: antialias))
    }

    private func size(of draft: Draft) -> (height: Int, width: Int) {
        let (short, long) = (min(draft.height, draft.width), max(draft.height, draft.width))
        var (newShort, newLong): (Int, Int)
        switch target {
        case .exact(let height, let width): return (height, width)
        case .longerSide(let size): (newShort, newLong) = (max(1, size * short / long), size)
        case .shorterSide(let size, let longest):
            (newShort, newLong) = (size, size * long / short)
            if let longest, newLong > longest { (newShort, newLong) = (max(1, longest * newShort / newLong), longest) }
        }
        return draft.height <= draft.width ? (newShort, newLong) : (newLong, newShort)
    }
}
