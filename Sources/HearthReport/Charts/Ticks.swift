#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The numbers or names at an axis, and how values are spread along it.
///
///     Ticks(from: 0.03, through: 0.97).labels                             // 0.0, 0.2, 0.4, 0.6, 0.8, 1.0
///     Ticks(around: [3e-4, 0.02], scale: .logarithmic).labels             // 2e-4, 5e-4, 0.001, 0.002, …
///
/// Steps between numbers are 1, 2 or 5 times a power of ten (P. Heckbert, "Nice numbers for graph labels", Graphics Gems,
/// 1990).
public struct Ticks: Sendable, Hashable {
    /// How values are spread.
    public enum Scale: Sendable {
        /// Equal differences are equally long.
        case linear
        /// Equal ratios are equally long. Only values above 0 have a place.
        case logarithmic

        /// True when a value has a place.
        func shows(_ value: Double) -> Bool { value.isFinite && (self == .linear || value > 0) }
    }

    /// Where the axis begins and ends.
    public let range: ClosedRange<Double>
    /// How values are spread.
    public let scale: Scale
    /// From low to high.
    public let values: [Double]
    /// What stands at each tick, with as many digits as the step needs and the same for all.
    public let labels: [String]
    /// True when ticks stand for names.
    let isNamed: Bool

    /// Ticks around all finite numbers of `values`, about `count` of them. A single value gets room on both sides, no
    /// value at all the axis from 0 to 1. Numbers beyond ±1e300 count as that.
    public init(
        around values: some Sequence<Double>, count: Int = 5, leastStep: Double = 0, scale: Scale = .linear
    ) {
        let usable = values.filter { $0.isFinite && (scale == .linear || $0 >= 1e-300) }
        if scale == .logarithmic {
            self.init(powersFrom: usable.min() ?? 0.1, through: min(usable.max() ?? 1, 1e300), count: count)
        } else {
            self.init(from: usable.min() ?? 0, through: usable.max() ?? 1, count: count, leastStep: leastStep)
        }
    }

    /// About `count` ticks that enclose the numbers from `low` through `high`, in either order. A `leastStep` of 1 keeps
    /// what is counted, such as epochs, from having fractions.
    public init(from low: Double, through high: Double, count: Int = 5, leastStep: Double = 0) {
        var (low, high) = (max(min(low, high), -1e300), min(max(low, high), 1e300))
        // Below the smallest normal numbers a power of ten would be 0.
        if max(abs(low), abs(high)) < 1e-300 { (low, high) = (0, 0) }
        if high - low <= max(abs(low), abs(high)) * 1e-12 {
            let room = low == 0 ? 0.5 : abs(low) * 0.5
            (low, high) = (low - room, high + room)
        }
        let step = max(Self.niceStep((high - low) / Double(max(count, 2) - 1)), leastStep)
        let (first, last) = ((low / step + 1e-9).rounded(.down), (high / step - 1e-9).rounded(.up))
        values = (0...Int(last - first)).map { (first + Double($0)) * step }
        range = first * step...last * step
        (scale, isNamed) = (.linear, false)
        let size = max(abs(range.lowerBound), abs(range.upperBound))
        labels = values.map { Self.label($0, step, size) }
    }

    /// A tick for each of some names, at 0, 1, 2, …
    public init(names: [String]) {
        values = names.indices.map(Double.init)
        labels = names
        range = -0.5...max(Double(names.count) - 0.5, 0.5)
        (scale, isNamed) = (.linear, true)
    }

    /// Powers of ten, and 2 and 5 times them where there are few, that enclose numbers above 0.
    private init(powersFrom low: Double, through high: Double, count: Int) {
        func power(_ exponent: Int) -> Double { pow(10, Double(exponent)) }
        let (first, last) = (Int(floor(log10(low) + 1e-9)), Int(ceil(log10(high) - 1e-9)))
        let stride = max(1, (last - first + count - 1) / max(count, 1))
        let exponents = Swift.stride(from: first, through: max(last, first + 1) + stride - 1, by: stride)
        let factors: [Double] = last - first > 2 ? [1] : [1, 2, 5]
        let candidates = exponents.flatMap { exponent in factors.map { $0 * power(exponent) } }
        let start = candidates.last { $0 <= low * (1 + 1e-9) } ?? candidates[0]
        let end = candidates.first { $0 >= high * (1 - 1e-9) && $0 > start } ?? candidates[candidates.count - 1]
        values = candidates.filter { (start...end).contains($0) }
        range = start...end
        (scale, isNamed) = (.logarithmic, false)
        labels = values.map(\.short)
    }

    /// The place of a value between the beginning, 0, and the end, 1, of the axis.
    public func share(of value: Double) -> Double {
        func place(_ value: Double) -> Double { scale == .linear ? value : log(max(value, 1e-308)) }
        let (low, high) = (place(range.lowerBound), place(range.upperBound))
        return min(max((place(value) - low) / (high - low), 0), 1)
    }

    /// True when the axis has a place for a value.
    func shows(_ value: Double) -> Bool { scale.shows(value) }

    /// The nearest of 1, 2, 5 and 10 times a power of ten.
    private static func niceStep(_ rough: Double) -> Double {
        let power = pow(10, floor(log10(rough)))
        let fraction = rough / power
        return power * (fraction < 1.5 ? 1 : fraction < 3 ? 2 : fraction < 7 ? 5 : 10)
    }

    private static func label(_ value: Double, _ step: Double, _ size: Double) -> String {
        if size >= 1e9 || size < 1e-3 { return scientific(value, step) }
        if size >= 1e6 { return scaled(value, step, by: 1e6, "M") }
        if size >= 1e4 { return scaled(value, step, by: 1e3, "k") }
        return decimal(value, step)
    }

    private static func scaled(_ value: Double, _ step: Double, by unit: Double, _ suffix: String) -> String {
        value == 0 ? "0" : decimal(value / unit, step / unit) + suffix
    }

    private static func scientific(_ value: Double, _ step: Double) -> String {
        if value == 0 { return "0" }
        // A step of 2e-5 between values near 1e-4 needs one digit after the point.
        let exponent = floor(log10(abs(value)) + 1e-9)
        let digits = decimal(value / pow(10, exponent), step / pow(10, exponent))
        return (digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits) + "e\(Int(exponent))"
    }

    /// With the digits after the point that `step` has.
    private static func decimal(_ value: Double, _ step: Double) -> String {
        value.decimal(min(max(Int(ceil(-log10(step) - 1e-9)), 0), 12))
    }
}
