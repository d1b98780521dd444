/// What the samples of a picture are read as: bytes, or words of 16 bits. Decoders are generic over both, so
/// that a picture read as bytes never takes the memory of words.
protocol PictureSample: FixedWidthInteger, UnsignedInteger {
    /// A sample of 8 bits on this scale.
    init(byte: UInt8)
    /// A sample of 16 bits on this scale.
    init(word: UInt16)
    /// A picture of bytes on this scale; bytes themselves are not copied.
    static func scaled(_ pixels: Pixels<UInt8>) -> Pixels<Self>
}

extension UInt8: PictureSample {
    @inline(__always) init(byte: UInt8) { self = byte }
    /// The upper half, as PIL and libpng's `png_set_strip_16` have it.
    @inline(__always) init(word: UInt16) { self = UInt8(word >> 8) }
    static func scaled(_ pixels: Pixels<UInt8>) -> Pixels<UInt8> { pixels }
}

extension UInt16: PictureSample {
    @inline(__always) init(byte: UInt8) { self = UInt16(byte) * 257 }
    @inline(__always) init(word: UInt16) { self = word }

    static func scaled(_ pixels: Pixels<UInt8>) -> Pixels<UInt16> {
        Pixels<UInt16>(
            width: pixels.width, height: pixels.height, channels: pixels.channels,
            samples: pixels.samples.map { UInt16(byte: $0) })
    }
}
