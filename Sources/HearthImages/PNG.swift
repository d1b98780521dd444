import HearthFormats

/// What reading and writing PNG files share (<https://www.w3.org/TR/png-3/>).
package enum PNG {
    package static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

    /// How a row is written as differences: from nothing, or from a guess made of its neighbours.
    enum Filter: UInt8, CaseIterable {
        case none, sub, up, average, paeth

        /// The guess for a byte from those to the left, above, and above to the left.
        @inline(__always)
        func guess(_ left: UInt8, _ up: UInt8, _ corner: UInt8) -> UInt8 {
            switch self {
            case .none: return 0
            case .sub: return left
            case .up: return up
            case .average: return UInt8((Int(left) + Int(up)) / 2)
            case .paeth:
                let (a, b, c) = (Int(left), Int(up), Int(corner))
                let (toLeft, toUp, toCorner) = (abs(b - c), abs(a - c), abs(a + b - 2 * c))
                if toLeft <= toUp, toLeft <= toCorner { return left }
                return toUp <= toCorner ? up : corner
            }
        }
    }

    /// The checksum of a chunk: of its type and its data.
    package static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var checksum = CRC32()
        bytes.withUnsafeBytes { checksum.update($0) }
        return checksum.value
    }
}

extension PNG {
    /// A file of 8 bits a channel, or of 16 for pixels of words, not interlaced.
    static func encode<Sample>(_ pixels: Pixels<Sample>) -> [UInt8] {
        var file = signature
        let colour: UInt8 = [0, 4, 2, 6][pixels.channels - 1]
        let depth = UInt8(Sample.bitWidth)
        append("IHDR", bigEndian(pixels.width) + bigEndian(pixels.height) + [depth, colour, 0, 0, 0], to: &file)
        let bytes =
            pixels.samples as? [UInt8]
            ?? pixels.samples.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        let rows = filtered(bytes, height: pixels.height, step: pixels.channels * Int(depth) / 8)
        append("IDAT", rows.withUnsafeBytes { Deflater.compress([$0], wrapper: .zlib) }, to: &file)
        append("IEND", [], to: &file)
        return file
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(value).bigEndian) { Array($0) }
    }

    private static func append(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
        file += bigEndian(data.count)
        let start = file.count
        file += Array(type.utf8) + data
        file += bigEndian(Int(checksum(file[start...])))
    }

    /// Every row with the filter that leaves the smallest differences, which is what compresses best as a rule.
    private static func filtered(_ bytes: [UInt8], height: Int, step: Int) -> [UInt8] {
        let length = bytes.count / height
        var rows: [UInt8] = []
        rows.reserveCapacity((length + 1) * height)
        var above = [UInt8](repeating: 0, count: length)
        for y in 0..<height {
            let row = Array(bytes[(y * length)..<((y + 1) * length)])
            var best: (filter: Filter, differences: [UInt8], cost: Int)?
            for filter in Filter.allCases {
                let differences = difference(row, above, step, filter)
                let cost = differences.reduce(0) { $0 + Int(min($1, 0 &- $1)) }
                if cost < best?.cost ?? .max { best = (filter, differences, cost) }
            }
            if let best {
                rows.append(best.filter.rawValue)
                rows += best.differences
            }
            above = row
        }
        return rows
    }

    private static func difference(_ row: [UInt8], _ above: [UInt8], _ step: Int, _ filter: Filter) -> [UInt8] {
        row.indices.map { i in
            let left = i < step ? 0 : row[i - step]
            let corner = i < step ? 0 : above[i - step]
            return row[i] &- filter.guess(left, above[i], corner)
        }
    }
}
