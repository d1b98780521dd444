import CKernels
import HearthTensor

/// An image as bytes, the channels of a pixel side by side, as files hold it: what codecs and resampling work on.
struct Pixels {
    var width: Int
    var height: Int
    /// 1 grey, 2 grey and alpha, 3 red, green, blue, 4 with alpha.
    var channels: Int
    /// Row by row, from the top.
    var bytes: [UInt8]
    /// The samples of a picture that has more than 8 bits each, on the scale of 16; nil for others.
    var words: [UInt16]?

    init(width: Int, height: Int, channels: Int, bytes: [UInt8], words: [UInt16]? = nil) {
        self.width = width
        self.height = height
        self.channels = channels
        self.bytes = bytes
        self.words = words
    }

    /// The pixels of a uint8 tensor `[C, H, W]`.
    init(_ image: Tensor) {
        (channels, height, width) = (image.shape[0], image.shape[1], image.shape[2])
        let (count, channels) = (width * height, channels)
        bytes = [UInt8](unsafeUninitializedCapacity: count * channels) { out, filled in
            image.withUnsafeBytes { planes in
                hk_picture_interleave(
                    Int64(count), Int64(channels), planes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    out.baseAddress)
            }
            filled = count * channels
        }
    }

    /// One channel of brightness: ITU-R 601-2 in 16-bit fixed point.
    var grey: Pixels {
        if channels == 1 { return self }
        let count = width * height
        let grey = [UInt8](unsafeUninitializedCapacity: count) { out, initialized in
            bytes.withUnsafeBufferPointer { source in
                for i in 0..<count {
                    guard channels > 2 else {
                        out[i] = source[i * 2]
                        continue
                    }
                    let (red, green, blue) = (
                        Int(source[i * channels]), Int(source[i * channels + 1]), Int(source[i * channels + 2])
                    )
                    out[i] = UInt8((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16)
                }
            }
            initialized = count
        }
        return Pixels(width: width, height: height, channels: 1, bytes: grey)
    }

    /// With red, green and blue, and with alpha or without; what is missing of alpha is opaque.
    func colours(alpha: Bool) -> Pixels {
        let wanted = alpha ? 4 : 3
        if channels == wanted { return self }
        var result: [UInt8] = []
        result.reserveCapacity(width * height * wanted)
        for start in stride(from: 0, to: bytes.count, by: channels) {
            if channels > 2 {
                result.append(contentsOf: bytes[start..<(start + 3)])
            } else {
                result.append(contentsOf: repeatElement(bytes[start], count: 3))
            }
            if alpha { result.append(channels % 2 == 0 ? bytes[start + channels - 1] : 255) }
        }
        return Pixels(width: width, height: height, channels: wanted, bytes: result)
    }
}

extension Tensor {
    /// The pixels as a uint8 tensor `[C, H, W]`.
    init(_ pixels: Pixels) {
        self = Tensor.make([pixels.channels, pixels.height, pixels.width], .uint8) { out in
            pixels.bytes.withUnsafeBufferPointer { source in
                hk_picture_separate(
                    Int64(pixels.width * pixels.height), Int64(pixels.channels), source.baseAddress,
                    out.baseAddress?.assumingMemoryBound(to: UInt8.self))
            }
        }
    }

    /// The pixels as an int32 tensor `[C, H, W]` on the scale of 16 bits.
    init(deep pixels: Pixels) {
        let words = pixels.words?.map { Int32($0) } ?? pixels.bytes.map { Int32($0) * 257 }
        self = noGrad {
            Tensor(words, shape: [pixels.height, pixels.width, pixels.channels]).permute(2, 0, 1).contiguous()
        }
    }
}
