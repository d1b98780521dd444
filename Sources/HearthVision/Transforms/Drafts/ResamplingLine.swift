import CKernels
import HearthTensor

/// How a pixel that lies between pixels is found.
public enum Interpolation: String, Sendable, CaseIterable {
    /// The nearest pixel.
    case nearest
    /// A straight line between neighbours in each dimension.
    case bilinear
    /// A cubic curve through four neighbours in each dimension (a = -0.5; -0.75 without antialiasing, as in PyTorch).
    case bicubic
}

/// How the elements along one dimension of a picture become another number of elements: for each its neighbours and
/// their weights, in fixed point.
///
/// The arithmetic is that of PIL (`Resample.c`): curves that grow with the factor by which a picture shrinks, so that
/// every pixel counts, and weights rounded to 22 bits.
struct ResamplingLine {
    /// Bits behind the point of a weight.
    private static let precision = 22

    /// The most neighbours that an element has.
    let taps: Int
    private(set) var starts: [Int32] = []
    private(set) var counts: [Int32] = []
    private(set) var weights: [Int32] = []

    /// `newSize` elements of `size`, of which those in `wanted` are worked out. Without `antialias` curves keep their
    /// size, so that pixels are skipped where a picture shrinks.
    init(from size: Int, to newSize: Int, by interpolation: Interpolation, antialias: Bool = true, wanted: Range<Int>) {
        let scale = Double(size) / Double(newSize)
        switch interpolation {
        case .bilinear where !antialias:
            taps = 2
            neighbours(size, scale, reach: 1, wanted) { 1 - abs($0) }
        case .bicubic where !antialias:
            taps = 4
            neighbours(size, scale, reach: 2, wanted) { Self.cubic($0, -0.75) }
        case .nearest:
            taps = 1
            for place in wanted {
                // Single precision, as PyTorch has it.
                let source = Int(Float(place) * (Float(size) / Float(newSize)))
                append(from: min(source, size - 1), [1])
            }
        case .bilinear:
            taps = Self.taps(scale, reach: 1)
            curve(size, scale, reach: 1, wanted) { max(0, 1 - abs($0)) }
        case .bicubic:
            taps = Self.taps(scale, reach: 2)
            curve(size, scale, reach: 2, wanted) { Self.cubic($0, -0.5) }
        }
    }

    /// The elements next to each place, `reach` on either side; beyond the border the outermost is repeated. PyTorch's
    /// `interpolate` without antialiasing.
    private mutating func neighbours(
        _ size: Int, _ scale: Double, reach: Int, _ wanted: Range<Int>, _ value: (Double) -> Double
    ) {
        for place in wanted {
            let centre = (Double(place) + 0.5) * scale - 0.5
            let first = Int(centre.rounded(.down)) - reach + 1
            let start = max(0, min(first, size - 1))
            let end = max(start, min(first + 2 * reach - 1, size - 1))
            var shares = [Double](repeating: 0, count: end - start + 1)
            for index in first..<(first + 2 * reach) {
                shares[max(start, min(index, end)) - start] += value(Double(index) - centre)
            }
            append(from: start, shares)
        }
    }

    private static func taps(_ scale: Double, reach: Double) -> Int {
        Int((max(scale, 1) * reach).rounded(.up)) * 2 + 1
    }

    private static func cubic(_ distance: Double, _ a: Double) -> Double {
        let x = abs(distance)
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }

    private mutating func curve(
        _ size: Int, _ scale: Double, reach: Double, _ wanted: Range<Int>, _ value: (Double) -> Double
    ) {
        let support = max(scale, 1) * reach
        // Multiplying by it, as PIL does, may round otherwise than dividing by the scale.
        let shrinkage = 1 / max(scale, 1)
        for place in wanted {
            let centre = (Double(place) + 0.5) * scale
            let start = max(Int(centre - support + 0.5), 0)
            let end = min(Int(centre + support + 0.5), size)
            let raw = (start..<end).map { value((Double($0) - centre + 0.5) * shrinkage) }
            let sum = raw.reduce(0, +)
            append(from: start, raw.map { $0 / sum })
        }
    }

    private mutating func append(from start: Int, _ shares: [Double]) {
        starts.append(Int32(start))
        counts.append(Int32(shares.count))
        for share in shares {
            let scaled = share * Double(1 << Self.precision)
            weights.append(Int32((scaled + (scaled < 0 ? -0.5 : 0.5)).rounded(.towardZero)))
        }
        weights += repeatElement(0, count: taps - shares.count)
    }

    /// Calls `body` with this line as the kernels take it.
    func withKernelLine<R>(_ body: (UnsafePointer<hk_line>) -> R) -> R {
        starts.withUnsafeBufferPointer { starts in
            counts.withUnsafeBufferPointer { counts in
                weights.withUnsafeBufferPointer { weights in
                    var line = hk_line(
                        count: Int64(starts.count), taps: Int64(taps), starts: starts.baseAddress,
                        counts: counts.baseAddress, weights: weights.baseAddress)
                    return withUnsafePointer(to: &line, body)
                }
            }
        }
    }
}
