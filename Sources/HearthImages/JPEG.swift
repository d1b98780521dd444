import CVendor
import HearthFormats
import HearthTensor

/// JPEG pictures (ISO/IEC 10918-1), baseline and progressive, read and written with libjpeg-turbo.
package enum JPEG {
    /// How every file begins.
    static let signature: [UInt8] = [0xff, 0xd8, 0xff]

    /// The pixels of a file, grey or red, green and blue. Throws `FormatError` for damaged files, pictures above the
    /// limit, and where libjpeg-turbo is missing.
    static func decode(_ bytes: [UInt8], name: String, limit: SizeLimit) throws -> Pixels<UInt8> {
        guard let library = TurboJPEG.shared else {
            throw FormatError(
                file: name, expected: "a picture that can be read here",
                found: "a JPEG picture, which needs libjpeg-turbo (\(NativeLibrary.turboJPEG.installation))", offset: 0)
        }
        return try library.withHandle(from: library.makeReader) { handle in
            try read(bytes, name: name, limit: limit, library, handle)
        }
    }

    private static func read(
        _ bytes: [UInt8], name: String, limit: SizeLimit, _ library: TurboJPEG, _ handle: UnsafeMutableRawPointer
    ) throws -> Pixels<UInt8> {
        func failure(_ expected: String) -> FormatError {
            FormatError(file: name, expected: expected, found: library.message(of: handle), offset: 0)
        }
        var (width, height, sampling, colourspace): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        guard library.header(handle, bytes, UInt(bytes.count), &width, &height, &sampling, &colourspace) == 0 else {
            throw failure("the header of a JPEG picture")
        }
        // The library accepts a file that holds only tables; such a file has no size.
        guard width > 0, height > 0 else { throw failure("a JPEG picture with pixels") }
        let isGrey = colourspace == Int32(HV_TJ_COLOURSPACE_GREY)
        let isInk = [Int32(HV_TJ_COLOURSPACE_CMYK), Int32(HV_TJ_COLOURSPACE_YCCK)].contains(colourspace)
        let channels = isGrey ? 1 : isInk ? 4 : 3
        guard limit.admits(width: Int(width), height: Int(height), channels: channels) else {
            throw FormatError(
                file: name, expected: limit.expectation, found: "\(width) × \(height) pixels", offset: 0)
        }
        try checkScans(of: bytes, name: name, pixels: Int(width) * Int(height))
        let size = Int(width) * Int(height) * channels
        let format = isGrey ? HV_TJ_GREY : isInk ? HV_TJ_CMYK : HV_TJ_RGB
        let flags = HV_TJ_ACCURATE_DCT | HV_TJ_STOP_ON_WARNING | HV_TJ_LIMIT_SCANS
        var isWhole = false
        let decoded = [UInt8](unsafeUninitializedCapacity: size) { pixels, count in
            isWhole =
                library.decompress(
                    handle, bytes, UInt(bytes.count), pixels.baseAddress, width, 0, height, Int32(format),
                    Int32(flags)) == 0
            count = isWhole ? size : 0
        }
        guard isWhole else { throw failure("a whole JPEG picture") }
        let pixels = Pixels(width: Int(width), height: Int(height), channels: channels, samples: decoded)
        return isInk ? pixels.fromInk() : pixels
    }

    /// Scans are walks over all of the picture, however little they hold, so a small file could keep a processor busy for
    /// minutes: there may be 32, more than any program writes, or as many as come to a walk over 2^30 pixels.
    private static func checkScans(of bytes: [UInt8], name: String, pixels: Int) throws {
        let most = max(32, (1 << 30) / pixels)
        // The library itself refuses files of more than 500.
        guard most < 500 else { return }
        let scans = scanCount(of: bytes)
        guard scans <= most else {
            throw FormatError(
                file: name, expected: "at most \(most) scans of a picture of \(pixels) pixels", found: "\(scans)")
        }
    }

    /// How many scans a file begins.
    package static func scanCount(of bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var (position, count) = (2, 0)
            while position + 4 <= bytes.count {
                // Entropy-coded data stands between markers; in it every byte 0xFF is followed by 0.
                guard bytes[position] == 0xff, ![0, 0xff].contains(bytes[position + 1]) else {
                    position += 1
                    continue
                }
                let marker = bytes[position + 1]
                let isAlone = (0xd0...0xd8).contains(marker) || marker == 1
                if marker == 0xda { count += 1 }
                position += isAlone ? 2 : 2 + (Int(bytes[position + 2]) << 8 | Int(bytes[position + 3]))
            }
            return count
        }
    }

    /// A file of grey, or of red, green and blue with colours at half the resolution; alpha is left out. `quality` is
    /// from 1 to 100. Throws `FormatError` where libjpeg-turbo is missing or refuses.
    static func encode(_ pixels: Pixels<UInt8>, quality: Int, name: String) throws -> [UInt8] {
        guard let library = TurboJPEG.shared else {
            throw FormatError(
                file: name, expected: "a format that can be written here",
                found: "JPEG, which needs libjpeg-turbo (\(NativeLibrary.turboJPEG.installation))")
        }
        let isGrey = pixels.channels <= 2
        let plain = isGrey ? pixels.grey : pixels.colours
        return try library.withHandle(from: library.makeWriter) { handle in
            var bytes: UnsafeMutablePointer<UInt8>?
            var count: UInt = 0
            defer { library.free(bytes) }
            let status = library.compress(
                handle, plain.samples, Int32(plain.width), 0, Int32(plain.height),
                Int32(isGrey ? HV_TJ_GREY : HV_TJ_RGB),
                &bytes, &count, Int32(isGrey ? HV_TJ_SAMPLING_GREY : HV_TJ_SAMPLING_420), Int32(quality),
                Int32(HV_TJ_ACCURATE_DCT))
            guard status == 0, let bytes else {
                throw FormatError(file: name, expected: "a picture for JPEG", found: library.message(of: handle))
            }
            return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
        }
    }
}

/// The functions of libjpeg-turbo.
private struct TurboJPEG: Sendable {
    let error: hv_tj_error
    let header: hv_tj_header
    let decompress: hv_tj_decompress
    let compress: hv_tj_compress
    let free: hv_tj_free
    let makeReader: hv_tj_init_decompress
    let makeWriter: hv_tj_init_compress
    private let destroy: hv_tj_destroy

    static let shared = TurboJPEG(.turboJPEG)

    init?(_ library: NativeLibrary) {
        guard let makeReader = library.function("tjInitDecompress", as: hv_tj_init_decompress.self),
            let makeWriter = library.function("tjInitCompress", as: hv_tj_init_compress.self),
            let destroy = library.function("tjDestroy", as: hv_tj_destroy.self),
            let error = library.function("tjGetErrorStr2", as: hv_tj_error.self),
            let header = library.function("tjDecompressHeader3", as: hv_tj_header.self),
            let decompress = library.function("tjDecompress2", as: hv_tj_decompress.self),
            let compress = library.function("tjCompress2", as: hv_tj_compress.self),
            let free = library.function("tjFree", as: hv_tj_free.self)
        else { return nil }
        self.error = error
        self.header = header
        self.decompress = decompress
        self.compress = compress
        self.free = free
        self.makeReader = makeReader
        self.makeWriter = makeWriter
        self.destroy = destroy
    }

    /// Runs `body` with a handle of its own: one that was used before remembers the tables of earlier files, which a file
    /// without tables would then be read with.
    func withHandle<R>(
        from make: () -> UnsafeMutableRawPointer?, _ body: (UnsafeMutableRawPointer) throws -> R
    ) rethrows -> R {
        guard let handle = make() else { fatalError("JPEG: the machine is out of memory") }
        defer { _ = destroy(handle) }
        return try body(handle)
    }

    func message(of handle: UnsafeMutableRawPointer) -> String {
        error(handle).map { String(cString: $0) } ?? "damage"
    }
}

extension Pixels<UInt8> {
    /// Inks as red, green and blue, in the same memory. Files hold them inverted, as Adobe's programs write them, so that
    /// 255 is no ink.
    fileprivate consuming func fromInk() -> Pixels {
        let count = width * height
        samples.withUnsafeMutableBufferPointer { samples in
            for i in 0..<count {
                let black = Int(samples[i * 4 + 3])
                for ink in 0..<3 { samples[i * 3 + ink] = UInt8((Int(samples[i * 4 + ink]) * black + 127) / 255) }
            }
        }
        samples.removeLast(count)
        channels = 3
        return self
    }
}
