import CVendor
import HearthFormats
import HearthTensor

/// JPEG pictures (ISO/IEC 10918-1), baseline and progressive, read and written with libjpeg-turbo.
enum JPEG {
    /// How every file begins.
    static let signature: [UInt8] = [0xff, 0xd8, 0xff]

    /// The pixels of a file, grey or red, green and blue. Throws `FormatError` for damaged files, pictures of more than
    /// `limit` bytes, and where libjpeg-turbo is missing.
    static func decode(_ bytes: [UInt8], name: String, limit: Int) throws -> Pixels {
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
        _ bytes: [UInt8], name: String, limit: Int, _ library: TurboJPEG, _ handle: UnsafeMutableRawPointer
    ) throws -> Pixels {
        func failure(_ expected: String) -> FormatError {
            FormatError(file: name, expected: expected, found: library.message(of: handle), offset: 0)
        }
        var (width, height, sampling, colourspace): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        guard library.header(handle, bytes, UInt(bytes.count), &width, &height, &sampling, &colourspace) == 0 else {
            throw failure("the header of a JPEG picture")
        }
        // A file of nothing but tables is no mistake to the library, and has no size.
        guard width > 0, height > 0 else { throw failure("a JPEG picture with pixels") }
        let isGrey = colourspace == Int32(HV_TJ_COLOURSPACE_GREY)
        let isInk = [Int32(HV_TJ_COLOURSPACE_CMYK), Int32(HV_TJ_COLOURSPACE_YCCK)].contains(colourspace)
        let channels = isGrey ? 1 : isInk ? 4 : 3
        let size = Int(width) * Int(height) * channels
        guard size <= limit else {
            throw FormatError(
                file: name, expected: "pixels of at most \(limit) bytes", found: "\(width) × \(height) pixels",
                offset: 0)
        }
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
        let pixels = Pixels(width: Int(width), height: Int(height), channels: channels, bytes: decoded)
        return isInk ? pixels.fromInk : pixels
    }

    /// A file of grey, or of red, green and blue with colours at half the resolution; alpha is left out. `quality` is
    /// from 1 to 100. Throws `FormatError` where libjpeg-turbo is missing or refuses.
    static func encode(_ pixels: Pixels, quality: Int, name: String) throws -> [UInt8] {
        guard let library = TurboJPEG.shared else {
            throw FormatError(
                file: name, expected: "a format that can be written here",
                found: "JPEG, which needs libjpeg-turbo (\(NativeLibrary.turboJPEG.installation))")
        }
        let isGrey = pixels.channels <= 2
        let plain = isGrey ? pixels.grey : pixels.colours(alpha: false)
        return try library.withHandle(from: library.makeWriter) { handle in
            var bytes: UnsafeMutablePointer<UInt8>?
            var count: UInt = 0
            defer { library.free(bytes) }
            let status = library.compress(
                handle, plain.bytes, Int32(plain.width), 0, Int32(plain.height), Int32(isGrey ? HV_TJ_GREY : HV_TJ_RGB),
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

extension Pixels {
    /// Inks as red, green and blue. Files hold them inverted, as Adobe's programs write them, so that 255 is no ink.
    fileprivate var fromInk: Pixels {
        var result: [UInt8] = []
        result.reserveCapacity(width * height * 3)
        for start in stride(from: 0, to: bytes.count, by: 4) {
            let black = Int(bytes[start + 3])
            for ink in 0..<3 { result.append(UInt8((Int(bytes[start + ink]) * black + 127) / 255)) }
        }
        return Pixels(width: width, height: height, channels: 3, bytes: result)
    }
}
