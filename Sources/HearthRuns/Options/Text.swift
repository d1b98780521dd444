extension String {
    /// The text with spaces after it, or before it, up to a width.
    package func padded(to width: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(width - count, 0))
        return right ? space + self : self + space
    }
}

extension StringProtocol {
    /// Without the spaces around.
    package var trimmed: Substring {
        var text = Substring(self).drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
