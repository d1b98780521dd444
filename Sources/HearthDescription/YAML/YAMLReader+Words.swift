extension YAMLReader {
    /// A word, plain or in quotation marks.
    mutating func word(inFlow: Bool) throws(DescriptionError) -> (text: String, isQuoted: Bool) {
        if let quote = next, quote == "\"" || quote == "'" { return (try quoted(quote), true) }
        if let refusal { throw error("\(refusal) are not read") }
        let start = position
        while let scalar = next, scalar != "\n", !isColon, !(inFlow && ",[]{}".unicodeScalars.contains(scalar)) {
            if scalar == "#", position > start, text[position - 1] == " " { break }
            if scalar == "\t" { throw error("expected spaces, found a tab") }
            advance()
        }
        var end = position
        while end > start, text[end - 1] == " " { end -= 1 }
        guard end > start else { throw error("expected a name or a value, found \(found)") }
        return (String(String.UnicodeScalarView(text[start..<end])), false)
    }

    /// What of YAML begins here that descriptions have no use for; nil for a plain word.
    private var refusal: String? {
        switch next {
        case "&": "anchors ('&')"
        case "*": "aliases ('*')"
        case "!": "tags ('!')"
        case "|", ">": "texts of several lines ('|', '>')"
        case "%": "directives ('%')"
        case "?": "names of several parts ('?')"
        case "@", "`": "words that begin with '@' or '`'"
        default: nil
        }
    }

    /// A text in quotation marks, on one line.
    private mutating func quoted(_ quote: Unicode.Scalar) throws(DescriptionError) -> String {
        let start = place
        var result = String.UnicodeScalarView()
        advance()
        while let scalar = next, scalar != "\n" {
            advance()
            if scalar == quote {
                // Within single marks, two of them are one.
                guard quote == "'", next == "'" else { return String(result) }
                advance()
            } else if scalar == "\\", quote == "\"" {
                result.append(try escaped())
                continue
            }
            result.append(scalar)
        }
        throw error("the quotation mark is not closed", at: start)
    }

    private mutating func escaped() throws(DescriptionError) -> Unicode.Scalar {
        guard let scalar = next else { throw error("expected a character after '\\', found \(found)") }
        guard let value = Self.escapes[scalar] else {
            throw error("expected \\n, \\t, \\\" or \\\\, found '\\\(scalar)'")
        }
        advance()
        return value
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "t": "\t", "\"": "\"", "\\": "\\"]
}
