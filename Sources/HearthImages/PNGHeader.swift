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
    /// Whether the picture comes in seven parts, coarse to fine (Adam7).
    var isInterlaced = false

    /// 0 when several pixels share a byte.
    var bytesPerPixel: Int { colour.samples * depth / 8 }
    var bytesPerRow: Int { (width * colour.samples * depth + 7) / 8 }

    /// Pixels that stand in the file together: every `right`-th of every `down`-th row, from the first on.
    struct Part {
        var header: PNGHeader
        var left: Int
        var top: Int
        var right: Int
        var down: Int
    }

    /// All of the picture, or the seven parts of one that is interlaced, without those that have no pixels.
    var parts: [Part] {
        guard isInterlaced else { return [Part(header: self, left: 0, top: 0, right: 1, down: 1)] }
        let grids = [
            (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
        ]
        return grids.compactMap { left, top, right, down in
            guard left < width, top < height else { return nil }
            var header = self
            header.width = (width - left + right - 1) / right
            header.height = (height - top + down - 1) / down
            return Part(header: header, left: left, top: top, right: right, down: down)
        }
    }

    /// The bytes of all rows with their filters; nil where no number can hold it.
    var filteredByteCount: Int? {
        var total = 0
        for part in parts {
            let (size, isTooLarge) = (part.header.bytesPerRow + 1).multipliedReportingOverflow(by: part.header.height)
            let (sum, isTooMuch) = total.addingReportingOverflow(size)
            if isTooLarge || isTooMuch { return nil }
            total = sum
        }
        return total
    }

    /// Sample `i` of an unfiltered row as the number that the file has for it.
    @inline(__always)
    func sample(_ i: Int, of row: UnsafePointer<UInt8>) -> UInt16 {
        switch depth {
        case 16: return UInt16(row[i * 2]) << 8 | UInt16(row[i * 2 + 1])
        case 8: return UInt16(row[i])
        default:
            let bit = i * depth
            let shift = 8 - depth - bit % 8
            return UInt16(row[bit / 8] >> UInt8(shift)) & (1 << UInt16(depth) - 1)
        }
    }
}
