import HearthFormats

/// The plain formats of Netpbm: PBM, PGM and PPM (<https://netpbm.sourceforge.net/doc/ppm.html>), as text and as bytes.
struct Netpbm {
    private let bytes: [UInt8]
    private let name: String
    private let limit: Int
    private var position = 2

    static func isNetpbm(_ bytes: [UInt8]) -> Bool {
        bytes.count > 2 && bytes[0] == UInt8(ascii: "P") && (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[1])
            && isSpace(bytes[2])
    }

    /// The pixels of a file. Throws `FormatError`.
    static func decode(_ bytes: [UInt8], name: String, limit: Int) throws -> Pixels {
        var reader = Netpbm(bytes: bytes, name: name, limit: limit)
        return try reader.pixels()
    }

    private init(bytes: [UInt8], name: String, limit: Int) {
        (self.bytes, self.name, self.limit) = (bytes, name, limit)
    }

    private mutating func pixels() throws -> Pixels {
        // 1 to 3 are text, 4 to 6 bytes: bits, grey, colours.
        let kind = Int(bytes[1] - UInt8(ascii: "0"))
        let (isText, isBits, channels) = (kind < 4, kind % 3 == 1, kind % 3 == 0 ? 3 : 1)
        let (width, height) = (try number("a width"), try number("a height"))
        let largest = isBits ? 1 : try number("the value of white")
        let (area, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !overflow, area <= limit / channels else {
            throw error("a picture of at most \(limit) bytes", "\(width) × \(height) pixels")
        }
        guard (1...65535).contains(largest) else { throw error("white from 1 to 65535", "\(largest)") }
        let count = area * channels
        // A sample takes a character at least, so a short file cannot ask for much.
        guard isBits && !isText || count <= bytes.count - position else { throw cutShort(count) }
        let samples =
            if isText {
                try (0..<count).map { _ in try isBits ? bit() : number("a sample") }
            } else {
                try isBits ? packedBits(width: width, height: height) : binary(count, isWide: largest > 255)
            }
        if let wrong = samples.first(where: { $0 > largest }) { throw error("samples up to \(largest)", "\(wrong)") }
        // In bits, 1 is black.
        let values = isBits ? samples.map { 1 - $0 } : samples
        let words = largest > 255 ? values.map { UInt16(($0 * 65535 + largest / 2) / largest) } : nil
        // Halves go to the even number, as in PIL.
        let shown =
            words?.map { UInt8($0 >> 8) }
            ?? values.map { UInt8((Double($0 * 255) / Double(largest)).rounded(.toNearestOrEven)) }
        return Pixels(width: width, height: height, channels: channels, bytes: shown, words: words)
    }

    private mutating func binary(_ count: Int, isWide: Bool) throws -> [Int] {
        // One space stands between the header and the samples.
        position += 1
        let size = isWide ? 2 : 1
        guard count * size <= bytes.count - position else { throw cutShort(count * size) }
        return (0..<count).map { i in
            isWide ? Int(bytes[position + 2 * i]) << 8 | Int(bytes[position + 2 * i + 1]) : Int(bytes[position + i])
        }
    }

    private mutating func packedBits(width: Int, height: Int) throws -> [Int] {
        position += 1
        let length = (width + 7) / 8
        guard length * height <= bytes.count - position else { throw cutShort(length * height) }
        return (0..<(width * height)).map { i in
            let (x, y) = (i % width, i / width)
            return Int(bytes[position + y * length + x / 8] >> UInt8(7 - x % 8)) & 1
        }
    }

    private mutating func bit() throws -> Int {
        try skipSpace()
        guard position < bytes.count, bytes[position] == 0x30 || bytes[position] == 0x31 else {
            throw error("0 or 1", position < bytes.count ? "another character" : "the end of the file")
        }
        defer { position += 1 }
        return Int(bytes[position] - 0x30)
    }

    private mutating func number(_ what: String) throws -> Int {
        try skipSpace()
        var value = 0
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]), position - start < 10 {
            value = value * 10 + Int(bytes[position] - 0x30)
            position += 1
        }
        guard position > start else {
            throw error(what, position < bytes.count ? "another character" : "the end of the file")
        }
        return value
    }

    /// Skips spaces, and comments from # to the end of the line.
    private mutating func skipSpace() throws {
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "#") {
                while position < bytes.count, bytes[position] != 0x0a { position += 1 }
            } else if Self.isSpace(bytes[position]) {
                position += 1
            } else {
                return
            }
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    private func cutShort(_ count: Int) -> FormatError { error("\(count) samples", "\(bytes.count - position) bytes") }

    private func error(_ expected: String, _ found: String) -> FormatError {
        FormatError(file: name, expected: expected, found: found, offset: position)
    }

    /// A binary file of grey (PGM) or red, green and blue (PPM); alpha is left out.
    static func encode(_ pixels: Pixels) -> [UInt8] {
        let isGrey = pixels.channels <= 2
        let plain = isGrey ? pixels.grey : pixels.colours(alpha: false)
        return Array("P\(isGrey ? 5 : 6)\n\(plain.width) \(plain.height)\n255\n".utf8) + plain.bytes
    }
}
