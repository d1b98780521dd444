/// Writes all numbers of a tensor in one width.
struct NumberFormat {
    private enum Style { case bool, integer, fixed(Int), scientific }
    private let style: Style
    private var width = 0

    init(_ tensor: Tensor) {
        let dtype = tensor.dtype
        if dtype == .bool {
            style = .bool
        } else if !dtype.isFloatingPoint {
            style = .integer
        } else {
            let values = tensor.to(.float64).array(of: Double.self)
            let sizes = values.filter { $0.isFinite && $0 != 0 }.map(abs)
            let (low, high) = (sizes.min() ?? 1, sizes.max() ?? 1)
            if high >= 1e8 || low < 1e-4 || high / low > 1000 * 1e3 {
                style = .scientific
            } else {
                style = .fixed(values.map(Self.decimals).max() ?? 0)
            }
        }
        width = plainWords(tensor).map(\.count).max() ?? 0
    }

    /// The elements in words of one width.
    func words(_ tensor: Tensor) -> [String] {
        plainWords(tensor).map { String(repeating: " ", count: max(width - $0.count, 0)) + $0 }
    }

    private func plainWords(_ tensor: Tensor) -> [String] {
        switch style {
        case .bool: tensor.array(of: Bool.self).map { $0 ? "True" : "False" }
        // Not by way of a Double, which has no room for the digits of all integers.
        case .integer: tensor.to(.int64).array(of: Int.self).map(String.init)
        case .fixed, .scientific: tensor.to(.float64).array(of: Double.self).map(plain)
        }
    }

    /// The fewest decimals, up to four, that show the value.
    private static func decimals(_ value: Double) -> Int {
        guard value.isFinite else { return 0 }
        let scaled = (abs(value) * 10_000).rounded()
        var digits = 4
        var rest = scaled
        while digits > 0, rest.truncatingRemainder(dividingBy: 10) == 0 {
            rest /= 10
            digits -= 1
        }
        return digits
    }

    private func plain(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        switch style {
        case .fixed(let decimals): return Self.blanked(Self.fixed(value, decimals, keepPoint: true))
        case .bool, .integer, .scientific: return Self.scientific(value)
        }
    }

    /// Zeros at the end as spaces, so that points stay below each other: `1.   ` above `0.25`.
    private static func blanked(_ text: String) -> String {
        guard text.hasSuffix("0") else { return text }
        let digits = text.reversed().drop { $0 == "0" }.reversed()
        return String(digits) + String(repeating: " ", count: text.count - digits.count)
    }

    private static func fixed(_ value: Double, _ decimals: Int, keepPoint: Bool) -> String {
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (abs(value) * scale).rounded()
        let whole = Int(scaled / scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(whole)" + (keepPoint ? "." : "") }
        let fraction = String(Int(scaled - Double(whole) * scale))
        return "\(sign)\(whole)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    private static func scientific(_ value: Double) -> String {
        guard value != 0 else { return "0.0000e+00" }
        var exponent = 0
        var mantissa = abs(value)
        while mantissa >= 10 {
            mantissa /= 10
            exponent += 1
        }
        while mantissa < 1 {
            mantissa *= 10
            exponent -= 1
        }
        if (mantissa * 10_000).rounded() >= 100_000 {
            mantissa /= 10
            exponent += 1
        }
        let digits = String(abs(exponent))
        return (value < 0 ? "-" : "") + fixed(mantissa, 4, keepPoint: true) + "e" + (exponent < 0 ? "-" : "+")
            + (digits.count < 2 ? "0" : "") + digits
    }
}
