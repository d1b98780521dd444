import HearthTensor

/// Another size, taking in every pixel when it makes an image smaller (antialiasing). torchvision's `Resize`; the results
/// of bytes are those of PIL's `Image.resize` before version 13, to the bit, and of later ones but for the order of the
/// two passes.
public struct Resize: DraftTransform {
    private enum Target {
        case shorterSide(Int, longest: Int?)
        case exact(height: Int, width: Int)
    }

    private let target: Target
    private let interpolation: Interpolation

    /// The shorter side gets this size; the longer keeps its proportion, rounded down, and becomes at most `maxSize`.
    public init(_ size: Int, interpolation: Interpolation = .bilinear, maxSize: Int? = nil) {
        guard size > 0, maxSize ?? .max > size else {
            fatalError("Resize: the size must be positive and below maxSize; it is \(size)")
        }
        target = .shorterSide(size, longest: maxSize)
        self.interpolation = interpolation
    }

    /// Exactly this size, whatever the proportion.
    public init(height: Int, width: Int, interpolation: Interpolation = .bilinear) {
        guard height > 0, width > 0 else { fatalError("Resize: a size must be positive; got \(height) × \(width)") }
        target = .exact(height: height, width: width)
        self.interpolation = interpolation
    }

    func edit(_ draft: inout Draft, random: Generator) {
        guard draft.dtype == .uint8 || draft.dtype.isFloatingPoint, draft.height > 0, draft.width > 0 else {
            fatalError("Resize: a uint8 or floating-point image is expected, not \(draft.dtype)")
        }
        let (height, width) = size(of: draft)
        draft.resize(height: height, width: width, by: interpolation)
    }

    private func size(of draft: Draft) -> (height: Int, width: Int) {
        guard case .shorterSide(let size, let longest) = target else {
            guard case .exact(let height, let width) = target else { return (draft.height, draft.width) }
            return (height, width)
        }
        let (short, long) = (min(draft.height, draft.width), max(draft.height, draft.width))
        var (newShort, newLong) = (size, size * long / short)
        if let longest, newLong > longest { (newShort, newLong) = (max(1, longest * newShort / newLong), longest) }
        return draft.height <= draft.width ? (newShort, newLong) : (newLong, newShort)
    }
}
