#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Round numbers that divide an axis: steps of 1, 2 or 5 times a power of ten (P. Heckbert, "Nice numbers for graph
/// labels", Graphics Gems, 1990).
///
///     Ticks(from: 0.03, through: 0.97).labels    // 0.0, 0.2, 0.4, 0.6, 0.8, 1.0
public struct Ticks: Sendable, Hashable {
    /// Where the axis begins and ends: the first and the last tick.
    public let range: ClosedRange<Double>
    /// The distance between two ticks.
    public let step: Double
    /// From low to high.
    public let values: [Double]

    /// Ticks around all finite numbers of `values`, about `count` of them. A single value gets room on both sides, no
    /// value at all the axis from 0 to 1. Numbers beyond ±1e300 count as that.
    public init(around values: some Sequence<Double>, count: Int = 5, leastStep: Double = 0) {
        let finite = values.filter(\.isFinite)
        self.init(from: finite.min() ?? 0, through: finite.max() ?? 1, count: count, leastStep: leastStep)
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
        self.step = step
        self.values = (0...Int(last - first)).map { (first + Double($0)) * step }
        range = first * step...last * step
    }

    /// The nearest of 1, 2, 5 and 10 times a power of ten.
    private static func niceStep(_ rough: Double) -> Double {
        let power = pow(10, floor(log10(rough)))
        let fraction = rough / power
        return power * (fraction < 1.5 ? 1 : fraction < 3 ? 2 : fraction < 7 ? 5 : 10)
    }

    /// What stands at each tick, with as many digits as the step needs and the same for all.
    public var labels: [String] { values.map(label) }

    private func label(_ value: Double) -> String {
        let size = max(abs(range.lowerBound), abs(range.upperBound))
        if size >= 1e9 || size < 1e-3 { return scientific(value) }
        if size >= 1e6 { return scaled(value, by: 1e6, "M") }
        if size >= 1e4 { return scaled(value, by: 1e3, "k") }
        return decimal(value, step)
    }

    private func scaled(_ value: Double, by unit: Double, _ suffix: String) -> String {
        value == 0 ? "0" : decimal(value / unit, step / unit) + suffix
    }

    private func scientific(_ value: Double) -> String {
        if value == 0 { return "0" }
        // A step of 2e-5 between values near 1e-4 needs one digit after the point.
        let exponent = floor(log10(abs(value)) + 1e-9)
        let digits = decimal(value / pow(10, exponent), step / pow(10, exponent))
        return (digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits) + "e\(Int(exponent))"
    }

    /// With the digits after the point that `step` has, in ASCII whatever the locale is.
    private func decimal(_ value: Double, _ step: Double) -> String {
        let digits = min(max(Int(ceil(-log10(step) - 1e-9)), 0), 12)
        let whole = Int((abs(value) * pow(10, Double(digits))).rounded())
        var text = String(whole)
        if digits > 0 {
            text = String(repeating: "0", count: max(digits + 1 - text.count, 0)) + text
            text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
        }
        return (value < 0 && whole != 0 ? "\u{2212}" : "") + text
    }
}
