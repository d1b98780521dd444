import HearthFormats

/// The rows of a PNG file one after another, decompressed and with the guesses of their filters put back.
struct PNGRows {
    private let inflater: Inflater
    private let name: String
    /// The row that was read last, behind the number of its filter.
    private var row: [UInt8] = []
    private var above: [UInt8] = []
    /// The bytes from one pixel to the next.
    private var step = 1

    /// The rows that `data` holds.
    init(_ data: [UInt8], name: String) {
        inflater = Inflater(data, name: "\(name)/IDAT", wrapper: .zlib)
        self.name = name
    }

    /// Begins with the rows of a picture, or of a part of one.
    mutating func begin(_ header: PNGHeader) {
        row = [UInt8](repeating: 0, count: header.bytesPerRow + 1)
        above = row
        step = max(header.bytesPerPixel, 1)
    }

    /// Calls `body` with the next row, which has this number. Throws `FormatError`.
    mutating func withNext(_ number: Int, _ body: (UnsafePointer<UInt8>) throws -> Void) throws {
        swap(&row, &above)
        let (inflater, step, length) = (inflater, step, row.count - 1)
        try row.withUnsafeMutableBytes { try inflater.readExactly(into: $0) }
        guard let filter = PNG.Filter(rawValue: row[0]) else {
            throw FormatError(file: name, expected: "a filter of PNG in row \(number)", found: "number \(row[0])")
        }
        try row.withUnsafeMutableBufferPointer { row in
            try above.withUnsafeBufferPointer { above in
                guard let row = row.baseAddress, let above = above.baseAddress else { return }
                filter.undo(in: row + 1, above: above + 1, length: length, step: step)
                try body(row + 1)
            }
        }
    }

    /// Reads on to the end of the data, which proves its checksum. Rows too many and bytes behind the data are left
    /// alone. Throws `FormatError`.
    func finish() throws {
        var extra: UInt8 = 0
        _ = try withUnsafeMutableBytes(of: &extra) { try inflater.read(into: $0) }
    }
}

extension PNG.Filter {
    /// Puts the guesses back into a row of differences.
    fileprivate func undo(
        in row: UnsafeMutablePointer<UInt8>, above: UnsafePointer<UInt8>, length: Int, step: Int
    ) {
        // One loop for each filter, so that the choice is made once a row and not once a byte.
        switch self {
        case .none: return
        case .sub: Self.undo(.sub, row, above, length, step)
        case .up: Self.undo(.up, row, above, length, step)
        case .average: Self.undo(.average, row, above, length, step)
        case .paeth: Self.undo(.paeth, row, above, length, step)
        }
    }

    @inline(__always)
    private static func undo(
        _ filter: Self, _ row: UnsafeMutablePointer<UInt8>, _ above: UnsafePointer<UInt8>, _ length: Int, _ step: Int
    ) {
        for i in 0..<min(step, length) { row[i] &+= filter.guess(0, above[i], 0) }
        guard step < length else { return }
        for i in step..<length { row[i] &+= filter.guess(row[i - step], above[i], above[i - step]) }
    }
}
