/// Which part of a picture is meant, along one dimension: what cropping, padding and mirroring come down to, however
/// many of them follow each other.
struct WindowAxis: Equatable {
    /// The place in the picture of the first element.
    var start = 0
    /// 1, or -1 where the picture is mirrored.
    var step = 1
    /// The number of elements.
    var count: Int
    /// The places that show the picture; all others show the border.
    var visible: Range<Int>

    /// All of a picture of `size` elements.
    init(_ size: Int) {
        count = size
        visible = 0..<size
    }

    /// True when this is the picture of `size` elements as it is.
    func isWhole(of size: Int) -> Bool { self == WindowAxis(size) }

    /// The places of the picture between the first element and the last.
    private var span: Range<Int> {
        let last = start + step * (count - 1)
        return min(start, last)..<(max(start, last) + 1)
    }

    /// True when some elements are border.
    var hasBorder: Bool { count > 0 && (span.lowerBound < visible.lowerBound || span.upperBound > visible.upperBound) }

    /// The part of the picture, when the elements are one, in order and without a border.
    var part: Range<Int>? { step == 1 && !hasBorder ? span : nil }

    /// `length` elements from `first` on.
    mutating func crop(from first: Int, length: Int) {
        start += step * first
        count = length
        visible = visible.clamped(to: span)
    }

    mutating func mirror() {
        start += step * (count - 1)
        step = -step
    }

    mutating func pad(before: Int, after: Int) {
        // A window that was cut keeps its cut: growing it again adds border, not the pixels that were cut away.
        visible = visible.clamped(to: span)
        start -= step * before
        count += before + after
    }
}
