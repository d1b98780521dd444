import HearthFormats

/// Reads one PNG file (<https://www.w3.org/TR/png-3/>): every colour type and depth, interlaced or not.
///
/// Checksums are compared, and the size is known to be reasonable before memory is taken for it. Rows are decompressed
/// one by one into the pixels, so that beside the file there is little more than the pixels at any time.
///
/// What a picture can be shown without is forgiven as libpng forgives it: a damaged chunk that is not needed is left out,
/// and what stands behind the last row is not looked at.
struct PNGDecoder {
    private let file: [UInt8]
    private let name: String
    private let limit: SizeLimit
    private var position = PNG.signature.count

    private var header: PNGHeader?
    private var palette: [UInt8] = []
    private var transparency: [UInt8]?
    private var data: [UInt8] = []
    /// How the camera was held, where the file tells.
    private(set) var orientation = Orientation.upright

    init(_ file: [UInt8], name: String, limit: SizeLimit) {
        self.file = file
        self.name = name
        self.limit = limit
    }

    /// The pixels. Throws `FormatError`.
    mutating func decode<Sample: PictureSample>(_ sample: Sample.Type = Sample.self) throws -> Pixels<Sample> {
        while try !readChunk() {}
        guard let header else { throw error("a header", "none") }
        if header.colour == .palette, palette.isEmpty { throw error("a palette", "none") }
        let format = PNGPixels<Sample>(header, palette: palette, transparency: transparency)
        try checkSize(header, channels: format.channels)
        guard let total = header.filteredByteCount, total / Inflater.largestRatio <= data.count else {
            throw error("data for \(header.width) × \(header.height) pixels", "\(data.count) bytes")
        }
        let count = header.width * header.height * format.channels
        var rows = PNGRows(data, name: name)
        let samples = try [Sample](unsafeUninitializedCapacity: count) { out, filled in
            guard let out = out.baseAddress else { return }
            for part in header.parts { try read(part, of: header, &rows, format, to: out) }
            filled = count
        }
        try rows.finish()
        return Pixels(width: header.width, height: header.height, channels: format.channels, samples: samples)
    }

    /// Reads pixels that stand in the file together into their places.
    private func read<Sample>(
        _ part: PNGHeader.Part, of header: PNGHeader, _ rows: inout PNGRows, _ format: PNGPixels<Sample>,
        to out: UnsafeMutablePointer<Sample>
    ) throws {
        let (width, channels) = (part.header.width, format.channels)
        rows.begin(part.header)
        var line = [Sample](repeating: 0, count: header.isInterlaced ? width * channels : 0)
        for y in 0..<part.header.height {
            let target = out + ((part.top + y * part.down) * header.width + part.left) * channels
            try rows.withNext(y) { row in
                guard header.isInterlaced else {
                    return try expect(format.expand(row, width: width, into: target))
                }
                try line.withUnsafeMutableBufferPointer { line in
                    guard let line = line.baseAddress else { return }
                    try expect(format.expand(row, width: width, into: line))
                    for x in 0..<width {
                        for channel in 0..<channels {
                            target[x * part.right * channels + channel] = line[x * channels + channel]
                        }
                    }
                }
            }
        }
    }

    /// Throws when there is a number that the palette lacks.
    private func expect(_ wrong: Int?) throws {
        if let wrong { throw error("a colour of the palette's \(palette.count / 3)", "number \(wrong)") }
    }

    private func checkSize(_ header: PNGHeader, channels: Int, at start: Int? = nil) throws {
        guard limit.admits(width: header.width, height: header.height, channels: channels) else {
            throw error(limit.expectation, "\(header.width) × \(header.height) pixels", at: start)
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
        position = start + 12 + length
        // A capital first letter marks a critical chunk, without which the picture cannot be decoded.
        let isNeeded = body[body.startIndex] & 0x20 == 0
        guard PNG.checksum(body) == bigEndian(at: start + 8 + length) else {
            guard isNeeded || header == nil else { return false }
            throw error("a right checksum of '\(type)'", "damaged data", at: start)
        }
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
        default: if isNeeded { throw error("known chunks", "'\(type)'", at: start) }
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
        // A palette's pixels become three colour channels, however few bits their indices take in the file.
        try checkSize(header, channels: colour == .palette ? 3 : colour.samples, at: start)
        self.header = header
    }

    private func bigEndian(at offset: Int) -> UInt32 {
        file[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func error(_ expected: String, _ found: String, at offset: Int? = nil) -> FormatError {
        FormatError(file: name, expected: expected, found: found, offset: offset)
    }
}
