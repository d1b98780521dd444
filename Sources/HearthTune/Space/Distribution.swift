#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What values a parameter can have: what `suggestInt` and its kin ask for.
public enum Distribution: Sendable, Hashable {
    /// Whole numbers from `low` to `high`, every `step`-th, uniform or uniform in their logarithm.
    case int(low: Int, high: Int, step: Int, log: Bool)
    /// Real numbers from `low` to `high`, or every `step`-th of them where there is a step.
    case float(low: Double, high: Double, step: Double?, log: Bool)
    /// Words without an order.
    case categorical([String])

    /// True when there is but one value.
    package var isSingle: Bool {
        switch self {
        case .int(let low, let high, let step, _): steps(low, high, step) == 0
        case .float(let low, let high, let step, _): step.map { steps(low, high, $0) == 0 } ?? (low == high)
        case .categorical(let choices): choices.count == 1
        }
    }

    /// True when `value` is one of the values.
    package func contains(_ value: ParameterValue) -> Bool {
        switch (self, value) {
        case (.int(let low, let high, let step, _), .int(let x)):
            (low...high).contains(x) && UInt(bitPattern: x &- low) % UInt(step) == 0
        case (.float(let low, let high, _, _), .float(let x)): (low...high).contains(x)
        case (.categorical(let choices), .category(let x)): choices.contains(x)
        default: false
        }
    }

    /// Every value in order; nil where they are without steps, or more than a million.
    public var values: [ParameterValue]? {
        let most = 1_000_000
        switch self {
        case .int(let low, let high, let step, _):
            let count = steps(low, high, step)
            return count < most ? (0...count).map { .int(whole(low, step, $0)) } : nil
        case .float(let low, let high, let step, _):
            guard let step else { return low == high ? [.float(low)] : nil }
            let count = steps(low, high, step)
            return count < Double(most) ? (0...Int(count)).map { .float(min(low + Double($0) * step, high)) } : nil
        case .categorical(let choices): return choices.map { .category($0) }
        }
    }

    /// How many steps there are between the ends. As a number without a sign, since no other holds those of all whole numbers.
    private func steps(_ low: Int, _ high: Int, _ step: Int) -> UInt { UInt(bitPattern: high &- low) / UInt(step) }

    private func steps(_ low: Double, _ high: Double, _ step: Double) -> Double {
        // Rounding of the quotient must not drop the last step.
        ((high - low) / step + 1e-9).rounded(.down)
    }

    /// The whole number that is so many steps above the least.
    private func whole(_ low: Int, _ step: Int, _ count: UInt) -> Int {
        Int(bitPattern: UInt(bitPattern: low) &+ count &* UInt(step))
    }

    /// `value` as one of these: a whole number stands for the real one that it equals, and the other way round. Nil when it is
    /// none of them.
    package func taking(_ value: ParameterValue) -> ParameterValue? {
        let converted: ParameterValue? =
            switch (self, value) {
            case (.float, .int(let x)): .float(Double(x))
            case (.int, .float(let x)): Int(exactly: x).map { .int($0) }
            default: value
            }
        return converted.flatMap { contains($0) ? $0 : nil }
    }
}

// Samplers work on an interval of real numbers: the numbers themselves or their logarithms, with half a step of room at
// both ends where there are steps, so that every value gets an equal part. Of categories it is the place in the list.
extension Distribution {
    /// The interval.
    var interval: ClosedRange<Double> {
        switch self {
        case .int(let low, let high, let step, let isLog):
            let (a, b) = (Double(low) - 0.5 * Double(step), Double(high) + 0.5 * Double(step))
            return isLog ? log(a)...log(b) : a...b
        case .float(let low, let high, let step, let isLog):
            if isLog { return log(low)...log(high) }
            guard let step else { return low...high }
            return (low - step / 2)...(min(low + steps(low, high, step) * step, high) + step / 2)
        case .categorical(let choices): return -0.5...(Double(choices.count) - 0.5)
        }
    }

    /// The place of a value in the interval.
    package func place(of value: ParameterValue) -> Double {
        switch (self, value) {
        case (.int(_, _, _, let isLog), .int(let x)): isLog ? log(Double(x)) : Double(x)
        case (.float(_, _, _, let isLog), .float(let x)): isLog ? log(x) : x
        case (.categorical(let choices), .category(let x)): Double(choices.firstIndex(of: x) ?? 0)
        default: fatalError("the value \(value) is not of the kind of \(self)")
        }
    }

    /// The value at a place of the interval.
    package func value(at place: Double) -> ParameterValue {
        switch self {
        case .int(let low, let high, let step, let isLog):
            let x = isLog ? exp(place) : place
            let (count, most) = (((x - Double(low)) / Double(step)).rounded(), steps(low, high, step))
            return .int(whole(low, step, count >= Double(most) ? most : UInt(max(count, 0))))
        case .float(let low, let high, let step, let isLog):
            guard let step else { return .float(min(max(isLog ? exp(place) : place, low), high)) }
            let count = min(max(((place - low) / step).rounded(), 0), steps(low, high, step))
            // In floating point 3 × 0.1 is more than 0.3, so the value is limited to the range's end.
            return .float(min(low + count * step, high))
        case .categorical(let choices):
            return .category(choices[min(max(Int(place.rounded()), 0), choices.count - 1)])
        }
    }

    /// The value at a share of the interval, 0 to 1.
    package func value(atShare share: Double) -> ParameterValue {
        value(at: interval.lowerBound + share * (interval.upperBound - interval.lowerBound))
    }

    /// The share of the interval that a value is at, 0 to 1.
    func share(of value: ParameterValue) -> Double {
        let width = interval.upperBound - interval.lowerBound
        return width > 0 ? (place(of: value) - interval.lowerBound) / width : 0.5
    }
}
