import HearthFormats

/// The plain formats of Netpbm: PBM, PGM and PPM (<https://netpbm.sourceforge.net/doc/ppm.html>), as text and as bytes.
struct Netpbm {
    private let bytes: [UInt8]
    private let name: String
    private let limit: SizeLimit
    private var position = 2

    static func isNetpbm(_ bytes: [UInt8]) -> Bool {
        bytes.count > 2 && bytes[0] == UInt8(ascii: "P") && (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[1])
            && isSpace(bytes[2])
    }

    /// The pixels of a file. Throws `FormatError`.
    static func decode<Sample: PictureSample>(
        _ bytes: [UInt8], name: String, limit: SizeLimit
    ) throws -> Pixels<Sample> {
        var reader = Netpbm(bytes: bytes, name: name, limit: limit)
        return try reader.pixels()
    }

    private init(bytes: [UInt8], name: String, limit: SizeLimit) {
        (self.bytes, self.name, self.limit) = (bytes, name, limit)
    }

    private mutating func pixels<Sample: PictureSample>() throws -> Pixels<Sample> {
        // 1 to 3 are text, 4 to 6 bytes: bits, grey, colours.
        let kind = Int(bytes[1] - UInt8(ascii: "0"))
        let (isText, isBits, channels) = (kind < 4, kind % 3 == 1, kind % 3 == 0 ? 3 : 1)
        let (width, height) = (try number("a width"), try number("a height"))
        let largest = isBits ? 1 : try number("the value of white")
        guard limit.admits(width: width, height: height, channels: channels) else {
            throw error(limit.expectation, "\(width) × \(height) pixels")
        }
        guard (1...65535).contains(largest) else { throw error("white from 1 to 65535", "\(largest)") }
        // One space stands between the header and samples that are bytes.
        if !isText { position += 1 }
        let count = width * height * channels
        // A sample takes a character at least, so a short file cannot ask for much.
        let needed = isText ? count : isBits ? (width + 7) / 8 * height : largest > 255 ? 2 * count : count
        guard needed <= bytes.count - position else { throw cutShort(needed) }
        let scale = Scale<Sample>(largest: largest)
        let samples = try [Sample](unsafeUninitializedCapacity: count) { out, filled in
            switch (isText, isBits) {
            case (true, true): for i in 0..<count { out[i] = try bit() == 0 ? .max : 0 }
            case (true, false):
                for i in 0..<count {
                    guard let sample = scale.sample(try number("a sample")) else { throw outside(largest) }
                    out[i] = sample
                }
            case (false, true): unpack(width: width, height: height, to: out)
            case (false, false):
                guard binary(count, isWide: largest > 255, scale, to: out) else { throw outside(largest) }
            }
            filled = count
        }
        return Pixels(width: width, height: height, channels: channels, samples: samples)
    }

    /// Samples as bytes, or as words with the upper byte first; false when one is above white.
    private func binary<Sample>(
        _ count: Int, isWide: Bool, _ scale: Scale<Sample>, to out: UnsafeMutableBufferPointer<Sample>
    ) -> Bool {
        bytes[position...].withUnsafeBufferPointer { source in
            for i in 0..<count {
                let number = isWide ? Int(source[2 * i]) << 8 | Int(source[2 * i + 1]) : Int(source[i])
                guard let sample = scale.sample(number) else { return false }
                out[i] = sample
            }
            return true
        }
    }

    /// Bits, of which 1 is black; every row begins with a new byte.
    private func unpack<Sample: PictureSample>(
        width: Int, height: Int, to out: UnsafeMutableBufferPointer<Sample>
    ) {
        let length = (width + 7) / 8
        bytes[position...].withUnsafeBufferPointer { source in
            for y in 0..<height {
                for x in 0..<width {
                    let bit = source[y * length + x / 8] >> UInt8(7 - x % 8) & 1
                    out[y * width + x] = bit == 0 ? .max : 0
                }
            }
        }
    }

    /// The numbers of a file up to white, as samples.
    private struct Scale<Sample: PictureSample> {
        let largest: Int
        /// What each number up to 255 becomes; empty where there are larger ones.
        private let table: [Sample]

        init(largest: Int) {
            self.largest = largest
            // Halves are rounded to the even number, as in PIL.
            table =
                largest > 255
                ? []
                : (0...largest).map {
                    Sample(byte: UInt8((Double($0 * 255) / Double(largest)).rounded(.toNearestOrEven)))
                }
        }

        @inline(__always)
        func sample(_ number: Int) -> Sample? {
            guard number <= largest else { return nil }
            return table.isEmpty
                ? Sample(word: UInt16(truncatingIfNeeded: (number * 65535 + largest / 2) / largest)) : table[number]
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

    private func outside(_ largest: Int) -> FormatError { error("samples up to \(largest)", "a larger one") }

    private func cutShort(_ count: Int) -> FormatError { error("\(count) samples", "\(bytes.count - position) bytes") }

    private func error(_ expected: String, _ found: String) -> FormatError {
        FormatError(file: name, expected: expected, found: found, offset: position)
    }

    /// A binary file of grey (PGM) or red, green and blue (PPM); alpha is left out.
    static func encode(_ pixels: Pixels<UInt8>) -> [UInt8] {
        let isGrey = pixels.channels <= 2
        let plain = isGrey ? pixels.grey : pixels.colours
        return Array("P\(isGrey ? 5 : 6)\n\(plain.width) \(plain.height)\n255\n".utf8) + plain.samples
    }
}
