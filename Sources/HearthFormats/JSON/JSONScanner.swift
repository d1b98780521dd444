/// Reads JSON (RFC 8259) from front to back, strictly. A safetensors header is read piece by piece, since it needs only
/// objects, strings and integers that are not negative; anything else as a whole `JSON` value.
package struct JSONScanner {
    private let bytes: [UInt8]
    private(set) var position = 0
    private let file: String
    /// Where the text lies in the file.
    private let start: Int

    package init(_ bytes: [UInt8], file: String, start: Int) {
        self.bytes = bytes
        self.file = file
        self.start = start
    }

    func error(_ expected: String, _ found: String) -> FormatError {
        FormatError(file: file, expected: expected, found: found, offset: start + position)
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
    }

    /// Takes `character` when it comes next, after any space.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws {
        if !take(character) { throw error("'\(character)'", next) }
    }

    mutating func expectEnd() throws {
        skipSpace()
        if position < bytes.count { throw error("the end of the text", next) }
    }

    private var next: String {
        guard position < bytes.count else { return "the end of the text" }
        let byte = bytes[position]
        return byte >= 0x20 && byte < 0x7f ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
    }

    /// `{"key": …, …}`; `body` reads the value of a key.
    mutating func object(_ body: (inout JSONScanner, String) throws -> Void) throws {
        try expect("{")
        if take("}") { return }
        repeat {
            let key = try string()
            try expect(":")
            try body(&self, key)
        } while take(",")
        try expect("}")
    }

    /// Any value, nested at most `depth` levels deep.
    package mutating func value(depth: Int = 64) throws -> JSON {
        guard depth > 0 else { throw error("at most 64 levels", "more") }
        skipSpace()
        switch position < bytes.count ? bytes[position] : 0 {
        case UInt8(ascii: "{"):
            var members: [(key: String, value: JSON)] = []
            try object { scanner, key in members.append((key, try scanner.value(depth: depth - 1))) }
            return .object(members)
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func array(depth: Int) throws -> [JSON] {
        var values: [JSON] = []
        try expect("[")
        if take("]") { return values }
        repeat { values.append(try value(depth: depth - 1)) } while take(",")
        try expect("]")
        return values
    }

    private mutating func word(_ word: String, _ value: JSON) throws -> JSON {
        guard bytes[position...].starts(with: word.utf8) else { throw error("a value", next) }
        position += word.utf8.count
        return value
    }

    private mutating func number() throws -> Double {
        let start = position
        while position < bytes.count, "+-.eE0123456789".utf8.contains(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let digits = text.drop { $0 == "-" }
        guard let value = Double(text), let first = digits.first, first.isNumber, text.last?.isNumber ?? false,
            first != "0" || digits.count == 1 || digits.dropFirst().first?.isNumber != true
        else {
            position = start
            throw error("a value", next)
        }
        guard value.isFinite else { throw error("a number that fits into 64 bits", text) }
        return value
    }

    /// `[1, 2, …]`.
    mutating func integers() throws -> [Int] {
        var values: [Int] = []
        try expect("[")
        if take("]") { return values }
        repeat { values.append(try integer()) } while take(",")
        try expect("]")
        return values
    }

    private mutating func integer() throws -> Int {
        skipSpace()
        let first = position
        var value = 0
        while position < bytes.count, case let digit = Int(bytes[position]) - 0x30, (0...9).contains(digit) {
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowOfSum) = scaled.addingReportingOverflow(digit)
            guard !overflow, !overflowOfSum else { throw error("an integer of at most 63 bits", "a larger one") }
            value = sum
            position += 1
        }
        guard position > first, position == first + 1 || bytes[first] != 0x30 else {
            throw error("an integer that is not negative", next)
        }
        return value
    }

    mutating func string() throws -> String {
        try expect("\"")
        var text: [UInt8] = []
        while true {
            guard position < bytes.count else { throw error("the end of a string", next) }
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw error("a string in UTF-8", "other bytes")
                }
                return string
            case UInt8(ascii: "\\"): text += Array(try escape().utf8)
            case ..<0x20: throw error("a character of a string", "control character \(byte)")
            default: text.append(byte)
            }
        }
    }

    private mutating func escape() throws -> String {
        guard position < bytes.count else { throw error("an escaped character", next) }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(Unicode.Scalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw error("an escaped character", "byte \(byte)")
        }
    }

    /// The four digits of `\u`, and a second group when the first is half of a pair.
    private mutating func unicodeEscape() throws -> String {
        var units = [try codeUnit()]
        if UTF16.isLeadSurrogate(units[0]) {
            guard bytes[position...].starts(with: Array("\\u".utf8)) else {
                throw error("the second half of a surrogate pair", next)
            }
            position += 2
            units.append(try codeUnit())
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw error("a character in UTF-16", "half of a surrogate pair")
        }
        return text
    }

    private mutating func codeUnit() throws -> UInt16 {
        guard bytes.count - position >= 4 else { throw error("four hexadecimal digits", next) }
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw error("a hexadecimal digit", next)
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}

extension JSONScanner {
    /// `text` as a JSON string, with its quotes.
    package static func quoted(_ text: String) -> String {
        let digits = Array("0123456789abcdef")
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<"\u{20}": result += "\\u00\(digits[Int(scalar.value >> 4)])\(digits[Int(scalar.value & 15)])"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
