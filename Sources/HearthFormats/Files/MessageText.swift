extension String {
    /// The text as it may stand in a message: characters that a terminal would obey or that turn the direction of writing
    /// are written out, `\\u{1B}`, and what stands between quotation marks has at most 80 characters.
    package var safeInMessages: String {
        var result = ""
        for scalar in unicodeScalars {
            if scalar != "\n", scalar.isUnsafeInMessages {
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result.shorteningQuotations(to: 80)
    }

    /// The text with the inner of each pair of `'` shortened to a number of characters.
    private func shorteningQuotations(to limit: Int) -> String {
        guard count > limit else { return self }
        let parts = split(separator: "'", omittingEmptySubsequences: false)
        return parts.enumerated().map { number, part in
            // Every second part stands between marks.
            number % 2 == 1 && part.count > limit ? "\(part.prefix(limit - 1))…" : String(part)
        }.joined(separator: "'")
    }
}

extension Unicode.Scalar {
    fileprivate var isUnsafeInMessages: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // Marks that turn the direction of writing.
        case .format: (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value) || value == 0xFEFF
        default: false
        }
    }
}
