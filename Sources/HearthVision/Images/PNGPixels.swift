/// Turns the samples of a PNG file, of 1 to 16 bits, into bytes of grey or colours.
struct PNGPixels {
    private let header: PNGHeader
    private let palette: [UInt8]
    /// For a palette the alpha of its first colours; otherwise the one colour that is transparent, 16 bits a sample.
    private let transparency: [UInt8]?

    init(_ header: PNGHeader, palette: [UInt8], transparency: [UInt8]?) {
        self.header = header
        self.palette = palette
        let expected = header.colour.samples * 2
        let isUsable = header.colour == .palette || transparency?.count == expected
        self.transparency = isUsable && (header.colour.samples % 2 == 1) ? transparency : nil
    }

    /// The pixels of the file's samples. Throws `outside` for a number that the palette lacks.
    func expand(_ samples: [UInt16], outside: (Int) -> any Error) throws -> Pixels {
        if header.colour == .palette { return try colours(samples, outside) }
        let channels = header.colour.samples
        let bytes = samples.map(byte)
        let words = header.depth == 16 ? samples : nil
        guard let transparency else {
            return Pixels(width: header.width, height: header.height, channels: channels, bytes: bytes, words: words)
        }
        let key = (0..<channels).map { UInt16(transparency[$0 * 2]) << 8 | UInt16(transparency[$0 * 2 + 1]) }
        func withAlpha<Value: FixedWidthInteger>(_ values: [Value]) -> [Value] {
            var result: [Value] = []
            result.reserveCapacity(values.count / channels * (channels + 1))
            for start in stride(from: 0, to: values.count, by: channels) {
                result += values[start..<(start + channels)]
                result.append(samples[start..<(start + channels)].elementsEqual(key) ? 0 : .max)
            }
            return result
        }
        return Pixels(
            width: header.width, height: header.height, channels: channels + 1, bytes: withAlpha(bytes),
            words: words.map(withAlpha))
    }

    /// A sample on the scale of a byte; of 16 bits the upper half, as PIL and libpng's `png_set_strip_16` do.
    private func byte(_ sample: UInt16) -> UInt8 {
        switch header.depth {
        case 16: UInt8(sample >> 8)
        case 8: UInt8(sample)
        default: UInt8(sample * (255 / (1 << UInt16(header.depth) - 1)))
        }
    }

    private func colours(_ samples: [UInt16], _ outside: (Int) -> any Error) throws -> Pixels {
        let channels = transparency == nil ? 3 : 4
        var bytes: [UInt8] = []
        bytes.reserveCapacity(samples.count * channels)
        for sample in samples {
            let index = Int(sample)
            guard index * 3 < palette.count else { throw outside(index) }
            bytes += palette[(index * 3)..<(index * 3 + 3)]
            if let transparency { bytes.append(index < transparency.count ? transparency[index] : 255) }
        }
        return Pixels(width: header.width, height: header.height, channels: channels, bytes: bytes)
    }
}
