extension Double {
    /// The number with so many decimals.
    func decimals(_ count: Int) -> String {
        guard isFinite, magnitude < 1e15 else { return "\(self)" }
        let scale = (0..<count).reduce(1) { scale, _ in scale * 10 }
        let (whole, part) = Int((magnitude * Double(scale)).rounded()).quotientAndRemainder(dividingBy: scale)
        let digits = String(part)
        let fraction = count == 0 ? "" : "." + String(repeating: "0", count: count - digits.count) + digits
        return (self < 0 && (whole, part) != (0, 0) ? "-" : "") + "\(whole)\(fraction)"
    }
}

extension String {
    /// The text with spaces after it, or before it, up to a width.
    func padded(to width: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(width - count, 0))
        return right ? space + self : self + space
    }
}

extension Substring {
    /// Without the spaces around.
    var trimmed: Substring {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
