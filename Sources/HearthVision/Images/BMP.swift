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
    private var palette: [[UInt8]] = []
    private var dataOffset = 0
    /// Where red, green, blue and alpha are in a pixel of 16 or 32 bits.
    private var masks: [UInt32] = []

    /// The pixels of a file: red, green and blue, with alpha where the file has a mask for it. Throws `FormatError`.
    static func decode(_ bytes: [UInt8], name: String, limit: Int) throws -> Pixels {
        var reader = BMP(bytes: bytes, name: name)
        try reader.readHeader(limit)
        return try reader.pixels()
    }

    private init(bytes: [UInt8], name: String) { (self.bytes, self.name) = (bytes, name) }

    private mutating func readHeader(_ limit: Int) throws {
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
        let (area, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !overflow, area <= limit / 4 else {
            throw error("a picture of at most \(limit) bytes", "\(width) × \(height) pixels", 18)
        }
        let known = [0: [1, 4, 8, 16, 24, 32], 1: [8], 2: [4], 3: [16, 32], 6: [16, 32]]
        guard known[compression]?.contains(depth) == true else {
            throw error("a known kind of bitmap", "\(depth) bits with compression \(compression)", 28)
        }
        if depth <= 8 { try readPalette(at: 14 + size, isOld: isOld) }
        if depth == 16 || depth == 32 { try readMasks(headerSize: size) }
    }

    private mutating func readPalette(at start: Int, isOld: Bool) throws {
        let told = isOld ? 0 : integer(at: 46, 4)
        let count = told == 0 ? 1 << depth : told
        let size = isOld ? 3 : 4
        guard count <= 1 << depth, start + count * size <= bytes.count else {
            throw error("a palette of at most \(1 << depth) colours inside the file", "\(count)", start)
        }
        palette = (0..<count).map { i in
            let at = start + i * size
            return [bytes[at + 2], bytes[at + 1], bytes[at]]
        }
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

    private func pixels() throws -> Pixels {
        if compression == 1 || compression == 2 { return try coloured(try runs()) }
        let length = (width * depth + 31) / 32 * 4
        guard dataOffset >= 0, length * height <= bytes.count - dataOffset else {
            throw error("\(length * height) bytes of pixels", "\(max(bytes.count - dataOffset, 0))", dataOffset)
        }
        let rows = (0..<height).map { dataOffset + (isTopDown ? $0 : height - 1 - $0) * length }
        if depth <= 8 {
            return try coloured(
                rows.flatMap { row in
                    (0..<width).map { x in
                        let bit = x * depth
                        return bytes[row + bit / 8] >> UInt8(8 - depth - bit % 8)
                            & UInt8(truncatingIfNeeded: 1 << depth - 1)
                    }
                })
        }
        let channels = depth == 24 ? 3 : masks.count
        var result: [UInt8] = []
        result.reserveCapacity(width * height * channels)
        for row in rows {
            for x in 0..<width {
                if depth == 24 {
                    let at = row + x * 3
                    result += [bytes[at + 2], bytes[at + 1], bytes[at]]
                } else {
                    let pixel = UInt32(integer(at: row + x * depth / 8, depth / 8))
                    for mask in masks { result.append(Self.part(of: pixel, mask)) }
                }
            }
        }
        return Pixels(width: width, height: height, channels: channels, bytes: result)
    }

    /// The bits of a mask on the scale of a byte.
    private static func part(of pixel: UInt32, _ mask: UInt32) -> UInt8 {
        guard mask != 0 else { return 0 }
        let most = UInt64(mask >> UInt32(mask.trailingZeroBitCount))
        let value = UInt64((pixel & mask) >> UInt32(mask.trailingZeroBitCount))
        return UInt8((value * 255 + most / 2) / most)
    }

    private func coloured(_ numbers: [UInt8]) throws -> Pixels {
        if let wrong = numbers.first(where: { $0 >= palette.count }) {
            throw error("a colour of the palette's \(palette.count)", "number \(wrong)", dataOffset)
        }
        return Pixels(width: width, height: height, channels: 3, bytes: numbers.flatMap { palette[Int($0)] })
    }

    /// The numbers of colours of a picture packed as runs; what no run covers has number 0.
    private func runs() throws -> [UInt8] {
        var numbers = [UInt8](repeating: 0, count: width * height)
        var (x, y, position) = (0, 0, dataOffset)
        func put(_ number: UInt8) {
            if x < width, y < height { numbers[(isTopDown ? y : height - 1 - y) * width + x] = number }
            x += 1
        }
        func byte() throws -> Int {
            guard bytes.indices.contains(position) else {
                throw error("the end of the bitmap", "that of the file", position)
            }
            defer { position += 1 }
            return Int(bytes[position])
        }
        while y < height {
            let (count, value) = (try byte(), try byte())
            if count > 0 {
                for i in 0..<count { put(number(i, of: [UInt8(value)], repeating: true)) }
            } else if value == 0 {
                (x, y) = (0, y + 1)
            } else if value == 1 {
                break
            } else if value == 2 {
                x += try byte()
                y += try byte()
            } else {
                // Literal numbers, up to an even byte.
                let size = depth == 8 ? value : (value + 1) / 2
                let literal = try (0..<size).map { _ in UInt8(try byte()) }
                if size % 2 == 1 { _ = try byte() }
                for i in 0..<value { put(number(i, of: literal, repeating: false)) }
            }
        }
        return numbers
    }

    /// Number `i` of a run: bytes, or halves of bytes that take turns.
    private func number(_ i: Int, of run: [UInt8], repeating: Bool) -> UInt8 {
        if depth == 8 { return run[repeating ? 0 : i] }
        let byte = run[repeating ? 0 : i / 2]
        return i % 2 == 0 ? byte >> 4 : byte & 15
    }

    private func integer(at offset: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << ($1 * 8) }
    }

    private func error(_ expected: String, _ found: String, _ offset: Int) -> FormatError {
        FormatError(file: name, expected: expected, found: found, offset: offset)
    }

    /// A file of 24 bits a pixel; alpha is left out.
    static func encode(_ pixels: Pixels) -> [UInt8] {
        let plain = pixels.colours(alpha: false)
        let length = (plain.width * 3 + 3) / 4 * 4
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        var file = signature + little(54 + length * plain.height, 4) + little(0, 4) + little(54, 4)
        file += little(40, 4) + little(plain.width, 4) + little(plain.height, 4) + little(1, 2) + little(24, 2)
        // Not compressed, 72 dots an inch, no palette.
        file += little(0, 4) + little(length * plain.height, 4) + little(2835, 4) + little(2835, 4) + little(0, 8)
        for y in (0..<plain.height).reversed() {
            for x in 0..<plain.width {
                let at = (y * plain.width + x) * 3
                file += [plain.bytes[at + 2], plain.bytes[at + 1], plain.bytes[at]]
            }
            file += [UInt8](repeating: 0, count: length - plain.width * 3)
        }
        return file
    }
}
