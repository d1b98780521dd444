#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Double {
    /// The number with four digits, as short as they allow: 0.9713, 12.5, 1.2e-5, 1.25M.
    package var short: String {
        guard isFinite else { return isNaN ? "–" : self > 0 ? "∞" : "\u{2212}∞" }
        let size = abs(self)
        // Below the smallest normal numbers a power of ten would be 0.
        if size < 1e-300 { return "0" }
        if size < 1e-3 || size >= 1e9 { return scientific }
        if size >= 1e6 { return (self / 1e6).trimmed(2) + "M" }
        return trimmed(size < 1 ? 4 : size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0)
    }

    private var scientific: String {
        let exponent = floor(log10(abs(self)))
        let digits = self / pow(10, exponent)
        // 9.999e-5 is rounded to 1e-4, not to 10e-5.
        return abs(digits) >= 9.995
            ? "\(self < 0 ? "\u{2212}" : "")1e\(Int(exponent) + 1)" : "\(digits.trimmed(2))e\(Int(exponent))"
    }

    /// With at most so many digits after the point, without zeros at the end.
    private func trimmed(_ digits: Int) -> String {
        var text = decimal(digits)
        if text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return text
    }

    /// With so many digits after the point, in ASCII whatever the locale is, with the typographer's minus.
    func decimal(_ digits: Int) -> String {
        let whole = Int((abs(self) * pow(10, Double(digits))).rounded())
        var text = String(whole)
        if digits > 0 {
            text = String(repeating: "0", count: max(digits + 1 - text.count, 0)) + text
            text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
        }
        return (self < 0 && whole != 0 ? "\u{2212}" : "") + text
    }
}
