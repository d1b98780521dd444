import HearthFormats

/// Reads one PNG file (<https://www.w3.org/TR/png-3/>): every colour type and depth, interlaced or not.
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
    /// How the camera was held, where the file tells.
    private(set) var orientation = Orientation.upright

    init(_ file: [UInt8], name: String, limit: Int) {
        self.file = file
        self.name = name
        self.limit = limit
    }

    mutating func decode() throws -> Pixels {
        while try !readChunk() {}
        guard let header else { throw error("a header", "none") }
        let samples = try samples(header)
        if header.colour == .palette, palette.isEmpty { throw error("a palette", "none") }
        return try PNGPixels(header, palette: palette, transparency: transparency).expand(samples) { index in
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
        case "eXIf": orientation = Orientation(tiff: Array(content)) ?? .upright
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
        let header = PNGHeader(
            width: width, height: height, depth: Int(content[8]), colour: colour, isInterlaced: content[12] == 1)
        // A palette with transparency takes 4 bytes a pixel.
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= limit / max(4, header.bytesPerPixel) else {
            throw error("a picture of at most \(limit) bytes", "\(width) × \(height) pixels", at: start)
        }
        self.header = header
    }

    /// Every sample as the number that the file has for it, row by row.
    private func samples(_ header: PNGHeader) throws -> [UInt16] {
        let parts = header.parts
        let total = parts.reduce(0) { $0 + ($1.header.bytesPerRow + 1) * $1.header.height }
        guard total / Inflater.largestRatio <= data.count else {
            throw error("data for \(header.width) × \(header.height) pixels", "\(data.count) bytes")
        }
        var rows = [UInt8](repeating: 0, count: total)
        let inflater = Inflater(data, name: "\(name)/IDAT", wrapper: .zlib)
        try rows.withUnsafeMutableBytes { try inflater.readExactly(into: $0) }
        try inflater.expectEnd()
        guard header.isInterlaced else { return header.samples(try unfiltered(rows[...], header)) }
        let channels = header.colour.samples
        var samples = [UInt16](repeating: 0, count: header.width * header.height * channels)
        var start = 0
        for part in parts {
            let count = (part.header.bytesPerRow + 1) * part.header.height
            let own = part.header.samples(try unfiltered(rows[start..<(start + count)], part.header))
            for y in 0..<part.header.height {
                for x in 0..<part.header.width {
                    let from = (y * part.header.width + x) * channels
                    let to = ((part.top + y * part.down) * header.width + part.left + x * part.right) * channels
                    for channel in 0..<channels { samples[to + channel] = own[from + channel] }
                }
            }
            start += count
        }
        return samples
    }

    /// Rows with the guesses of the filters put back.
    private func unfiltered(_ rows: ArraySlice<UInt8>, _ header: PNGHeader) throws -> [UInt8] {
        let length = header.bytesPerRow
        let step = max(header.bytesPerPixel, 1)
        var result = [UInt8](repeating: 0, count: length * header.height)
        for y in 0..<header.height {
            let start = y * (length + 1)
            guard let filter = PNG.Filter(rawValue: rows[rows.startIndex + start]) else {
                throw error("a filter of PNG in row \(y)", "number \(rows[rows.startIndex + start])")
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
