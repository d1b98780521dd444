/// Turns the samples of a PNG file, of 1 to 16 bits, into grey or colours.
struct PNGPixels<Sample: PictureSample> {
    /// The channels of the picture, with alpha where the file tells of it.
    let channels: Int
    private let header: PNGHeader
    /// The colours of a palette, `channels` samples each.
    private let palette: [Sample]
    /// The one colour that is transparent, as the file has it; empty where there is none.
    private let key: [UInt16]

    /// - Parameters:
    ///   - palette: Red, green and blue of each colour; empty where the picture has none.
    ///   - transparency: For a palette the alpha of its first colours; otherwise the one colour that is transparent, 16
    ///     bits a sample.
    init(_ header: PNGHeader, palette: [UInt8], transparency: [UInt8]?) {
        self.header = header
        let stored = header.colour.samples
        guard header.colour == .palette else {
            self.palette = []
            // Only kinds of pixels without alpha may name one transparent colour (tRNS).
            let hasKey = transparency?.count == stored * 2 && stored % 2 == 1
            key = hasKey ? (0..<stored).map { i in transparency.map { UInt16(bigEndian: $0, at: i * 2) } ?? 0 } : []
            channels = hasKey ? stored + 1 : stored
            return
        }
        key = []
        channels = transparency == nil ? 3 : 4
        self.palette = (0..<(palette.count / 3)).flatMap { index -> [Sample] in
            let colour = palette[(index * 3)..<(index * 3 + 3)].map { Sample(byte: $0) }
            guard let transparency else { return colour }
            return colour + [index < transparency.count ? Sample(byte: transparency[index]) : .max]
        }
    }

    /// Writes the pixels of an unfiltered row. Returns a number that the palette lacks, if there is one.
    func expand(_ row: UnsafePointer<UInt8>, width: Int, into out: UnsafeMutablePointer<Sample>) -> Int? {
        if header.colour == .palette { return look(up: row, width, out) }
        let count = width * header.colour.samples
        guard key.isEmpty else {
            withKey(row, width, out)
            return nil
        }
        switch header.depth {
        case 8: for i in 0..<count { out[i] = Sample(byte: row[i]) }
        case 16: for i in 0..<count { out[i] = Sample(word: UInt16(row[i * 2]) << 8 | UInt16(row[i * 2 + 1])) }
        default: for i in 0..<count { out[i] = value(header.sample(i, of: row)) }
        }
        return nil
    }

    @inline(__always)
    private func value(_ number: UInt16) -> Sample {
        switch header.depth {
        case 16: Sample(word: number)
        case 8: Sample(byte: UInt8(truncatingIfNeeded: number))
        default: Sample(byte: UInt8(truncatingIfNeeded: number * (255 / (1 << UInt16(header.depth) - 1))))
        }
    }

    private func withKey(_ row: UnsafePointer<UInt8>, _ width: Int, _ out: UnsafeMutablePointer<Sample>) {
        let stored = channels - 1
        for x in 0..<width {
            var isKey = true
            for channel in 0..<stored {
                let number = header.sample(x * stored + channel, of: row)
                out[x * channels + channel] = value(number)
                if number != key[channel] { isKey = false }
            }
            out[x * channels + stored] = isKey ? 0 : .max
        }
    }

    private func look(up row: UnsafePointer<UInt8>, _ width: Int, _ out: UnsafeMutablePointer<Sample>) -> Int? {
        palette.withUnsafeBufferPointer { palette in
            for x in 0..<width {
                let start = Int(header.sample(x, of: row)) * channels
                guard start < palette.count else { return start / channels }
                for channel in 0..<channels { out[x * channels + channel] = palette[start + channel] }
            }
            return nil
        }
    }
}

extension UInt16 {
    fileprivate init(bigEndian bytes: [UInt8], at offset: Int) {
        self = UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
    }
}
