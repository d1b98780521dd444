/// Walks once through the text of a table.
struct CSVReader {
    let separator: Character
    private let file: String
    private let bytes: [UInt8]
    private let mark: UInt8

    private static let (quote, newline, carriageReturn) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))

    /// Finds the separator where none is given: what the first line has most of.
    init(_ text: String, file: String, separator: Character?) throws(FormatError) {
        // Some programs put a byte order mark in front.
        bytes = Array((text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text).utf8)
        self.file = file
        guard let separator else {
            mark = Self.separator(of: bytes)
            self.separator = Character(Unicode.Scalar(mark))
            return
        }
        guard let mark = separator.asciiValue, mark != Self.quote, mark != Self.newline else {
            throw FormatError(file: file, expected: "a separator of one ASCII character", found: "'\(separator)'")
        }
        (self.mark, self.separator) = (mark, separator)
    }

    private static func separator(of bytes: [UInt8]) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes {
            if byte == quote { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == newline || byte == carriageReturn {
                if !counts.isEmpty { break }
            } else {
                counts[byte, default: 0] += 1
            }
        }
        let known = [",", ";", "\t"].map { UInt8(ascii: $0) }
        return known.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? known[0]
    }

    /// The rows that are not empty.
    mutating func rows() throws(FormatError) -> [CSV.Row] {
        var rows: [CSV.Row] = []
        var (position, line) = (0, 1)
        while position < bytes.count {
            let first = line
            var cells: [String] = []
            repeat { cells.append(try cell(&position, &line, first)) } while take(mark, &position)
            _ = take(Self.carriageReturn, &position)
            if take(Self.newline, &position) || position < bytes.count { line += 1 }
            if cells.count > 1 || cells[0].contains(where: { !$0.isWhitespace }) {
                rows.append(CSV.Row(line: first, cells: cells))
            }
        }
        return rows
    }

    private func take(_ byte: UInt8, _ position: inout Int) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// One cell, up to a separator or the end of the line.
    private func cell(_ position: inout Int, _ line: inout Int, _ first: Int) throws(FormatError) -> String {
        var text: [UInt8] = []
        var (isQuoted, wasQuoted) = (false, false)
        while position < bytes.count {
            let byte = bytes[position]
            if byte == Self.quote {
                if isQuoted, position + 1 < bytes.count, bytes[position + 1] == Self.quote {
                    text.append(byte)
                    position += 1
                } else {
                    isQuoted.toggle()
                    wasQuoted = true
                }
            } else if !isQuoted, byte == mark || byte == Self.newline || byte == Self.carriageReturn {
                break
            } else {
                if byte == Self.newline { line += 1 }
                text.append(byte)
            }
            position += 1
        }
        guard !isQuoted else {
            throw FormatError(
                file: file, expected: "the end of a quotation", found: "none for the mark in line \(first)")
        }
        let cell = String(decoding: text, as: UTF8.self)
        return wasQuoted ? cell : decimal(cell.trimmed)
    }

    /// A number with a decimal comma, which a semicolon between cells makes room for, with a point.
    private func decimal(_ cell: String) -> String {
        guard mark == UInt8(ascii: ";"), cell.utf8.count(where: { $0 == UInt8(ascii: ",") }) == 1 else { return cell }
        let point = cell.replacing(",", with: ".")
        return Double(point) == nil ? cell : point
    }
}

extension String {
    /// Without the spaces around.
    fileprivate var trimmed: String {
        var text = Substring(self).drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
