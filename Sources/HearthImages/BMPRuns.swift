/// The pixels of a bitmap that is packed as runs of equal numbers: in bytes, or in halves of bytes that take turns.
struct BMPRuns {
    /// Red, green and blue row by row, in the order of the file. What no run covers is the first colour.
    private(set) var colours: [UInt8]
    private let palette: BMP.Palette
    private let width: Int
    private let height: Int
    private let isNarrow: Bool

    enum Outcome {
        case whole, cutShort
        case outside(UInt8)
    }

    /// An empty picture. The palette has a colour at least.
    init(_ palette: BMP.Palette, width: Int, height: Int, isNarrow: Bool) {
        (self.palette, self.width, self.height, self.isNarrow) = (palette, width, height, isNarrow)
        colours = [UInt8](unsafeUninitializedCapacity: width * height * 3) { out, count in
            for i in 0..<(width * height * 3) { out[i] = palette.colours[i % 3] }
            count = width * height * 3
        }
    }

    /// Paints the runs of a file.
    mutating func read(_ data: ArraySlice<UInt8>) -> Outcome {
        var (x, y, position) = (0, 0, data.startIndex)
        while y < height {
            guard data.endIndex - position >= 2 else { return .cutShort }
            let (count, value) = (Int(data[position]), data[position + 1])
            position += 2
            switch (count, value) {
            case (0, 0): (x, y) = (0, y + 1)
            case (0, 1): return .whole
            case (0, 2):
                guard data.endIndex - position >= 2 else { return .cutShort }
                (x, y) = (x + Int(data[position]), y + Int(data[position + 1]))
                position += 2
            case (0, _):
                // Single indices follow, padded to an even number of bytes.
                let size = isNarrow ? (Int(value) + 1) / 2 : Int(value)
                guard data.endIndex - position >= size + size % 2 else { return .cutShort }
                for i in 0..<Int(value) {
                    let byte = data[position + (isNarrow ? i / 2 : i)]
                    if let wrong = paint(number(i, of: byte), x + i, y) { return .outside(wrong) }
                }
                x += Int(value)
                position += size + size % 2
            default:
                for i in 0..<count {
                    if let wrong = paint(number(i, of: value), x + i, y) { return .outside(wrong) }
                }
                x += count
            }
        }
        return .whole
    }

    @inline(__always)
    private func number(_ i: Int, of byte: UInt8) -> UInt8 {
        isNarrow ? (i % 2 == 0 ? byte >> 4 : byte & 15) : byte
    }

    /// Gives a pixel its colour; what is beyond the end of a row is left out. Returns a number that the palette lacks.
    @inline(__always)
    private mutating func paint(_ number: UInt8, _ x: Int, _ y: Int) -> UInt8? {
        guard x < width else { return nil }
        guard Int(number) < palette.count else { return number }
        let (from, to) = (Int(number) * 3, (y * width + x) * 3)
        for channel in 0..<3 { colours[to + channel] = palette.colours[from + channel] }
        return nil
    }
}
