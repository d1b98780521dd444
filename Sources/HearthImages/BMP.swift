import HearthFormats

/// Windows bitmaps: 1, 4, 8, 16, 24 and 32 bits a pixel, with or without a palette, masks or run lengths.
struct BMP {
    static let signature = Array("BM".utf8)

    private let bytes: [UInt8]
    private let name: String
    private var width = 0
    private var height = 0
    private var isTopDown = false
    private var depth = 0
    private var compression = 0
    private var palette = Palette()
    private var dataOffset = 0
    /// Where red, green, blue and alpha are in a pixel of 16 or 32 bits.
    private var masks: [UInt32] = []

    /// The pixels of a file: red, green and blue, with alpha where the file has a mask for it. Throws `FormatError`.
    static func decode(_ bytes: [UInt8], name: String, limit: SizeLimit) throws -> Pixels<UInt8> {
        var reader = BMP(bytes: bytes, name: name)
        try reader.readHeader(limit)
        return try reader.pixels()
    }

    private init(bytes: [UInt8], name: String) { (self.bytes, self.name) = (bytes, name) }

    private mutating func readHeader(_ limit: SizeLimit) throws {
        guard bytes.count >= 26 else { throw error("a header", "\(bytes.count) bytes", 0) }
        dataOffset = integer(at: 10, 4)
        let size = integer(at: 14, 4)
        let isOld = size == 12
        guard isOld || (40...256).contains(size), 14 + size <= bytes.count else {
            throw error("a header of 12 or of 40 bytes and more", "\(size)", 14)
        }
        width = isOld ? integer(at: 18, 2) : Int(Int32(truncatingIfNeeded: integer(at: 18, 4)))
        height = isOld ? integer(at: 20, 2) : Int(Int32(truncatingIfNeeded: integer(at: 22, 4)))
        isTopDown = height < 0
        height = abs(height)
        depth = integer(at: isOld ? 24 : 28, 2)
        compression = isOld ? 0 : integer(at: 30, 4)
        let known = [0: [1, 4, 8, 16, 24, 32], 1: [8], 2: [4], 3: [16, 32], 6: [16, 32]]
        guard known[compression]?.contains(depth) == true else {
            throw error("a known kind of bitmap", "\(depth) bits with compression \(compression)", 28)
        }
        if depth <= 8 { try readPalette(at: 14 + size, isOld: isOld) }
        if depth == 16 || depth == 32 { try readMasks(headerSize: size) }
        guard limit.admits(width: width, height: height, channels: channels) else {
            throw error(limit.expectation, "\(width) × \(height) pixels", 18)
        }
    }

    private mutating func readPalette(at start: Int, isOld: Bool) throws {
        let told = isOld ? 0 : integer(at: 46, 4)
        let count = told == 0 ? 1 << depth : told
        let size = isOld ? 3 : 4
        guard count <= 1 << depth, start + count * size <= bytes.count else {
            throw error("a palette of at most \(1 << depth) colours inside the file", "\(count)", start)
        }
        palette = Palette(
            count: count,
            colours: (0..<count).flatMap { i in
                let at = start + i * size
                return [bytes[at + 2], bytes[at + 1], bytes[at]]
            })
    }

    /// The colours that pixels name by number.
    struct Palette {
        var count = 0
        /// Red, green and blue of each.
        var colours: [UInt8] = []
    }

    private mutating func readMasks(headerSize: Int) throws {
        guard compression == 3 || compression == 6 else {
            masks = depth == 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff]
            return
        }
        // Behind a header of 40 bytes, or inside a longer one, which has room for alpha too.
        let count = headerSize >= 56 || compression == 6 ? 4 : 3
        guard 54 + count * 4 <= bytes.count else { throw error("masks", "the end of the file", 54) }
        masks = (0..<count).map { UInt32(integer(at: 54 + $0 * 4, 4)) }
        if masks.last == 0, count == 4 { masks.removeLast() }
    }

    /// Red, green and blue, with alpha where there is a mask for it.
    private var channels: Int { masks.isEmpty ? 3 : masks.count }

    private func pixels() throws -> Pixels<UInt8> {
        if compression == 1 || compression == 2 { return try runs() }
        let length = (width * depth + 31) / 32 * 4
        guard dataOffset <= bytes.count, length <= (bytes.count - dataOffset) / height else {
            throw error("\(height) rows of \(length) bytes", "\(max(bytes.count - dataOffset, 0)) bytes", dataOffset)
        }
        let count = width * height * channels
        let samples = try [UInt8](unsafeUninitializedCapacity: count) { out, filled in
            guard let out = out.baseAddress else { return }
            try bytes.withUnsafeBufferPointer { bytes in
                for y in 0..<height {
                    let row = dataOffset + (isTopDown ? y : height - 1 - y) * length
                    try read(bytes[row..<(row + length)], to: out + y * width * channels)
                }
            }
            filled = count
        }
        return Pixels(width: width, height: height, channels: channels, samples: samples)
    }

    private func read(_ row: Slice<UnsafeBufferPointer<UInt8>>, to out: UnsafeMutablePointer<UInt8>) throws {
        let row = UnsafeBufferPointer(rebasing: row)
        switch depth {
        case 1, 4, 8:
            for x in 0..<width {
                let bit = x * depth
                let number = row[bit / 8] >> UInt8(8 - depth - bit % 8) & UInt8(truncatingIfNeeded: 1 << depth - 1)
                guard Int(number) < palette.count else { throw outside(number) }
                for channel in 0..<3 { out[x * 3 + channel] = palette.colours[Int(number) * 3 + channel] }
            }
        case 24:
            for x in 0..<width {
                (out[x * 3], out[x * 3 + 1], out[x * 3 + 2]) = (row[x * 3 + 2], row[x * 3 + 1], row[x * 3])
            }
        default:
            let size = depth / 8
            for x in 0..<width {
                var pixel: UInt32 = 0
                for i in 0..<size { pixel |= UInt32(row[x * size + i]) << UInt32(i * 8) }
                for channel in 0..<masks.count {
                    out[x * masks.count + channel] = Self.part(of: pixel, masks[channel])
                }
            }
        }
    }

    /// The bits of a mask on the scale of a byte, rounded down as in PIL.
    private static func part(of pixel: UInt32, _ mask: UInt32) -> UInt8 {
        guard mask != 0 else { return 0 }
        let most = UInt64(mask >> UInt32(mask.trailingZeroBitCount))
        let value = UInt64((pixel & mask) >> UInt32(mask.trailingZeroBitCount))
        return UInt8(value * 255 / most)
    }

    /// The pixels of a picture packed as runs.
    private func runs() throws -> Pixels<UInt8> {
        // Runs may leave out the rest of a row or of the picture, so the size does not follow from the data. Pictures
        // more than a thousand times as large as their data are refused, as in PNG, unless they are small.
        let area = width * height
        guard area <= max(1 << 16, (bytes.count - dataOffset) * Inflater.largestRatio) else {
            throw error("data for \(width) × \(height) pixels", "\(max(bytes.count - dataOffset, 0)) bytes", dataOffset)
        }
        var runs = BMPRuns(palette, width: width, height: height, isNarrow: depth == 4)
        switch runs.read(bytes[min(dataOffset, bytes.count)...]) {
        case .whole: break
        case .cutShort: throw error("the end of the bitmap", "that of the file", bytes.count)
        case .outside(let number): throw outside(number)
        }
        var pixels = Pixels(width: width, height: height, channels: 3, samples: runs.colours)
        if !isTopDown { pixels.turnUpsideDown() }
        return pixels
    }

    private func outside(_ number: UInt8) -> FormatError {
        error("a colour of the palette's \(palette.count)", "number \(number)", dataOffset)
    }

    private func integer(at offset: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << ($1 * 8) }
    }

    private func error(_ expected: String, _ found: String, _ offset: Int) -> FormatError {
        FormatError(file: name, expected: expected, found: found, offset: offset)
    }

    /// A file of 24 bits a pixel; alpha is left out.
    static func encode(_ pixels: Pixels<UInt8>) -> [UInt8] {
        let plain = pixels.colours
        let length = (plain.width * 3 + 3) / 4 * 4
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        var file = signature + little(54 + length * plain.height, 4) + little(0, 4) + little(54, 4)
        file += little(40, 4) + little(plain.width, 4) + little(plain.height, 4) + little(1, 2) + little(24, 2)
        // Not compressed, 72 dots an inch, no palette.
        file += little(0, 4) + little(length * plain.height, 4) + little(2835, 4) + little(2835, 4) + little(0, 8)
        file.reserveCapacity(file.count + length * plain.height)
        for y in (0..<plain.height).reversed() {
            for at in stride(from: y * plain.width * 3, to: (y + 1) * plain.width * 3, by: 3) {
                file.append(plain.samples[at + 2])
                file.append(plain.samples[at + 1])
                file.append(plain.samples[at])
            }
            for _ in (plain.width * 3)..<length { file.append(0) }
        }
        return file
    }
}
