import CKernels
import HearthTensor

/// A picture with the channels of a pixel side by side, as files hold it: what codecs work on.
struct Pixels<Sample: PictureSample> {
    var width: Int
    var height: Int
    /// 1 grey, 2 grey and alpha, 3 red, green, blue, 4 with alpha.
    var channels: Int
    /// Row by row, from the top.
    var samples: [Sample]

    /// The brightness of a pixel: ITU-R 601-2 in 16-bit fixed point, as PIL has it.
    @inline(__always)
    static func brightness(_ red: Sample, _ green: Sample, _ blue: Sample) -> Sample {
        Sample(truncatingIfNeeded: (Int(red) * 19595 + Int(green) * 38470 + Int(blue) * 7471 + 0x8000) >> 16)
    }

    /// One channel of brightness; alpha is left out.
    var grey: Pixels { channels == 1 ? self : converted(to: .grey) }

    /// Red, green and blue; alpha is left out.
    var colours: Pixels { channels == 3 ? self : converted(to: .rgb) }

    private func converted(to mode: ImageReadMode) -> Pixels {
        let wanted = mode.channels(of: channels)
        let converted = [Sample](unsafeUninitializedCapacity: width * height * wanted) { out, count in
            guard let base = out.baseAddress else { return }
            for channel in 0..<wanted { write(channel, of: mode, to: base + channel, step: wanted) { $0 } }
            count = width * height * wanted
        }
        return Pixels(width: width, height: height, channels: wanted, samples: converted)
    }

    /// The last row first.
    mutating func turnUpsideDown() {
        let length = width * channels
        samples.withUnsafeMutableBufferPointer { samples in
            for y in 0..<(height / 2) {
                for i in 0..<length { samples.swapAt(y * length + i, (height - 1 - y) * length + i) }
            }
        }
    }

    /// Writes one channel of a mode, made into values, to every `step`-th place from `out` on. What is missing of alpha
    /// is opaque.
    @inline(__always)
    func write<Value>(
        _ channel: Int, of mode: ImageReadMode, to out: UnsafeMutablePointer<Value>, step: Int = 1,
        _ value: (Sample) -> Value
    ) {
        let (count, channels) = (width * height, channels)
        samples.withUnsafeBufferPointer { source in
            if mode == .grey, channels > 2 {
                for i in 0..<count {
                    let at = i * channels
                    out[i * step] = value(Self.brightness(source[at], source[at + 1], source[at + 2]))
                }
            } else if mode == .rgba, channel == 3, channels % 2 == 1 {
                for i in 0..<count { out[i * step] = value(.max) }
            } else {
                // A grey sample is repeated for red, green and blue; alpha is the last channel.
                let isAlpha = mode == .rgba && channel == 3
                let from = mode == .unchanged || channels > 2 ? channel : isAlpha ? channels - 1 : 0
                for i in 0..<count { out[i * step] = value(source[i * channels + from]) }
            }
        }
    }
}

extension Pixels<UInt8> {
    /// The pixels of a uint8 tensor `[C, H, W]`.
    init(_ image: Tensor) {
        let (channels, height, width) = (image.shape[0], image.shape[1], image.shape[2])
        let count = width * height
        let samples = [UInt8](unsafeUninitializedCapacity: count * channels) { out, filled in
            image.withUnsafeBytes { planes in
                hk_picture_interleave(
                    Int64(count), Int64(channels), planes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    out.baseAddress)
            }
            filled = count * channels
        }
        self.init(width: width, height: height, channels: channels, samples: samples)
    }
}

extension Tensor {
    /// The pixels as a uint8 tensor `[C, H, W]`.
    init(_ pixels: Pixels<UInt8>, as mode: ImageReadMode) {
        guard mode.channels(of: pixels.channels) == pixels.channels else {
            self = Tensor.planes(of: pixels, as: mode, .uint8) { $0 }
            return
        }
        self = Tensor.make([pixels.channels, pixels.height, pixels.width], .uint8, device: .cpu) { out in
            pixels.samples.withUnsafeBufferPointer { source in
                hk_picture_separate(
                    Int64(pixels.width * pixels.height), Int64(pixels.channels), source.baseAddress,
                    out.baseAddress?.assumingMemoryBound(to: UInt8.self))
            }
        }
    }

    /// The pixels as an int32 tensor `[C, H, W]` from 0 to 65535.
    init(deep pixels: Pixels<UInt16>, as mode: ImageReadMode) {
        self = Tensor.planes(of: pixels, as: mode, .int32) { Int32($0) }
    }

    /// The pixels as a float32 tensor `[C, H, W]` from 0 to 1.
    init(floats pixels: Pixels<UInt16>, as mode: ImageReadMode) {
        self = Tensor.planes(of: pixels, as: mode, .float32) { Float($0) / 65535 }
    }

    @inline(__always)
    private static func planes<Sample, Value>(
        of pixels: Pixels<Sample>, as mode: ImageReadMode, _ dtype: DType, _ value: (Sample) -> Value
    ) -> Tensor {
        let channels = mode.channels(of: pixels.channels)
        return Tensor.make([channels, pixels.height, pixels.width], dtype, device: .cpu) { out in
            guard let base = out.bindMemory(to: Value.self).baseAddress else { return }
            for channel in 0..<channels {
                pixels.write(channel, of: mode, to: base + channel * pixels.width * pixels.height, value)
            }
        }
    }
}
