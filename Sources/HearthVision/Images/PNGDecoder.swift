import HearthFormats

/// Reads one PNG file (<https://www.w3.org/TR/png-3/>): every colour type and depth, not interlaced.
///
/// Checksums are compared, and the size is known to be reasonable before memory is taken for it.
struct PNGDecoder {
    private let file: [UInt8]
    private let name: String
    private let limit: Int
    private var position = PNG.signature.count

    private var header: PNGHeader?
    private var palette: [UInt8] = []
    private var transparency: [UInt8]?
    private var data: [UInt8] = []

    init(_ file: [UInt8], name: String, limit: Int) {
        self.file = file
        self.name = name
        self.limit = limit
    }

    mutating func decode() throws -> Pixels {
        while try !readChunk() {}
        guard let header else { throw error("a header", "none") }
        let rows = try unfilteredRows(header)
        if header.colour == .palette, palette.isEmpty { throw error("a palette", "none") }
        return try PNGPixels(header, palette: palette, transparency: transparency).expand(rows) { index in
            error("a colour of the palette's \(palette.count / 3)", "number \(index)")
        }
    }

    /// Reads the next piece of the file; true when it was the last.
    private mutating func readChunk() throws -> Bool {
        let start = position
        guard file.count - start >= 12 else { throw error("a chunk", "the end of the file", at: start) }
        let length = Int(bigEndian(at: start))
        guard length <= file.count - start - 12 else {
            throw error("a chunk inside the file", "a length of \(length) bytes", at: start)
        }
        let body = file[(start + 4)..<(start + 8 + length)]
        let type = String(decoding: body.prefix(4), as: UTF8.self)
        guard PNG.checksum(body) == bigEndian(at: start + 8 + length) else {
            throw error("a right checksum of '\(type)'", "damaged data", at: start)
        }
        position = start + 12 + length
        let content = body.dropFirst(4)
        if header == nil, type != "IHDR" { throw error("the header first", "'\(type)'", at: start) }
        switch type {
        case "IHDR": try readHeader(Array(content), at: start)
        case "PLTE":
            guard content.count % 3 == 0, content.count <= 768 else {
                throw error("a palette of at most 256 colours", "\(content.count) bytes", at: start)
            }
            palette = Array(content)
        case "tRNS": transparency = Array(content)
        case "IDAT": data += content
        case "IEND": return true
        default:
            // A capital first letter marks what a picture cannot be shown without.
            guard body[body.startIndex] & 0x20 != 0 else { throw error("known chunks", "'\(type)'", at: start) }
        }
        return false
    }

    private mutating func readHeader(_ content: [UInt8], at start: Int) throws {
        guard header == nil, content.count == 13 else { throw error("one header of 13 bytes", "another", at: start) }
        let (width, height) = (Int(bigEndian(at: start + 8)), Int(bigEndian(at: start + 12)))
        guard width > 0, height > 0, width <= 1 << 31 - 1, height <= 1 << 31 - 1 else {
            throw error("a size", "\(width) × \(height)", at: start)
        }
        guard let colour = PNGHeader.Colour(rawValue: content[9]), colour.depths.contains(content[8]) else {
            throw error("a colour type of PNG", "type \(content[9]) with \(content[8]) bits", at: start)
        }
        guard content[10] == 0, content[11] == 0, content[12] <= 1 else {
            throw error("the methods of PNG", "others: \(content[10...])", at: start)
        }
        guard content[12] == 0 else {
            throw error("a picture that is not interlaced", "an interlaced one (Adam7); save it without", at: start)
        }
        let header = PNGHeader(width: width, height: height, depth: Int(content[8]), colour: colour)
        // A palette with transparency takes 4 bytes a pixel.
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= limit / max(4, header.bytesPerPixel) else {
            throw error("a picture of at most \(limit) bytes", "\(width) × \(height) pixels", at: start)
        }
        self.header = header
    }

    /// The rows as the file's depth has them, with the guesses of the filters put back.
    private func unfilteredRows(_ header: PNGHeader) throws -> [UInt8] {
        let length = header.bytesPerRow
        let total = (length + 1) * header.height
        guard total / Inflater.largestRatio <= data.count else {
            throw error("data for \(header.width) × \(header.height) pixels", "\(data.count) bytes")
        }
        var rows = [UInt8](repeating: 0, count: total)
        let inflater = Inflater(data, name: "\(name)/IDAT", wrapper: .zlib)
        try rows.withUnsafeMutableBytes { try inflater.readExactly(into: $0) }
        try inflater.expectEnd()
        let step = max(header.bytesPerPixel, 1)
        var result = [UInt8](repeating: 0, count: length * header.height)
        for y in 0..<header.height {
            let start = y * (length + 1)
            guard let filter = PNG.Filter(rawValue: rows[start]) else {
                throw error("a filter of PNG in row \(y)", "number \(rows[start])")
            }
            rows.withUnsafeBufferPointer { rows in
                result.withUnsafeMutableBufferPointer { result in
                    let row = y * length
                    for i in 0..<length {
                        let left = i < step ? 0 : result[row + i - step]
                        let up = y == 0 ? 0 : result[row - length + i]
                        let corner = i < step || y == 0 ? 0 : result[row - length + i - step]
                        result[row + i] = rows[start + 1 + i] &+ filter.guess(left, up, corner)
                    }
                }
            }
        }
        return result
    }

    private func bigEndian(at offset: Int) -> UInt32 {
        file[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func error(_ expected: String, _ found: String, at offset: Int? = nil) -> FormatError {
        FormatError(file: name, expected: expected, found: found, offset: offset)
    }
}

/// Size and kind of a PNG picture.
struct PNGHeader {
    enum Colour: UInt8 {
        case grey = 0
        case rgb = 2
        case palette = 3
        case greyAlpha = 4
        case rgba = 6

        var samples: Int {
            switch self {
            case .grey, .palette: 1
            case .greyAlpha: 2
            case .rgb: 3
            case .rgba: 4
            }
        }

        /// The bits that a sample may have.
        var depths: [UInt8] {
            switch self {
            case .grey: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            case .rgb, .greyAlpha, .rgba: [8, 16]
            }
        }
    }

    var width: Int
    var height: Int
    var depth: Int
    var colour: Colour

    /// 0 when several pixels share a byte.
    var bytesPerPixel: Int { colour.samples * depth / 8 }
    var bytesPerRow: Int { (width * colour.samples * depth + 7) / 8 }
}
