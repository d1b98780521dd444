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
    var isSingle: Bool {
        switch self {
        case .int(let low, let high, _, _): low == high
        case .float(let low, let high, _, _): low == high
        case .categorical(let choices): choices.count == 1
        }
    }

    /// True when `value` is one of the values.
    func contains(_ value: ParameterValue) -> Bool {
        switch (self, value) {
        case (.int(let low, let high, let step, _), .int(let x)): (low...high).contains(x) && (x - low) % step == 0
        case (.float(let low, let high, _, _), .float(let x)): (low...high).contains(x)
        case (.categorical(let choices), .category(let x)): choices.contains(x)
        default: false
        }
    }

    /// Every value in order, where their number is finite.
    var values: [ParameterValue]? {
        switch self {
        case .int(let low, let high, let step, _): return stride(from: low, through: high, by: step).map { .int($0) }
        case .float(let low, let high, let step, _):
            guard let step else { return low == high ? [.float(low)] : nil }
            return (0...steps(low, high, step)).map { .float(low + Double($0) * step) }
        case .categorical(let choices): return choices.map { .category($0) }
        }
    }

    private func steps(_ low: Double, _ high: Double, _ step: Double) -> Int {
        // What the division loses must not lose the last value.
        Int(((high - low) / step + 1e-9).rounded(.down))
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
            return (low - step / 2)...(low + Double(steps(low, high, step)) * step + step / 2)
        case .categorical(let choices): return -0.5...(Double(choices.count) - 0.5)
        }
    }

    /// The place of a value in the interval.
    func place(of value: ParameterValue) -> Double {
        switch (self, value) {
        case (.int(_, _, _, let isLog), .int(let x)): isLog ? log(Double(x)) : Double(x)
        case (.float(_, _, _, let isLog), .float(let x)): isLog ? log(x) : x
        case (.categorical(let choices), .category(let x)): Double(choices.firstIndex(of: x) ?? 0)
        default: fatalError("the value \(value) is not of the kind of \(self)")
        }
    }

    /// The value at a place of the interval.
    func value(at place: Double) -> ParameterValue {
        switch self {
        case .int(let low, let high, let step, let isLog):
            let x = isLog ? exp(place) : place
            let count = ((x - Double(low)) / Double(step)).rounded()
            let most = (high - low) / step
            return .int(low + min(max(Int(max(count, 0)), 0), most) * step)
        case .float(let low, let high, let step, let isLog):
            guard let step else { return .float(min(max(isLog ? exp(place) : place, low), high)) }
            let count = min(max(((place - low) / step).rounded(), 0), Double(steps(low, high, step)))
            return .float(low + count * step)
        case .categorical(let choices):
            return .category(choices[min(max(Int(place.rounded()), 0), choices.count - 1)])
        }
    }

    /// The value at a share of the interval, 0 to 1.
    func value(atShare share: Double) -> ParameterValue {
        value(at: interval.lowerBound + share * (interval.upperBound - interval.lowerBound))
    }

    /// The share of the interval that a value is at, 0 to 1.
    func share(of value: ParameterValue) -> Double {
        let width = interval.upperBound - interval.lowerBound
        return width > 0 ? (place(of: value) - interval.lowerBound) / width : 0.5
    }
}
