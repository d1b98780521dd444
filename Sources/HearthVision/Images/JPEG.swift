import CVendor
import HearthFormats
import HearthTensor

/// JPEG pictures (ISO/IEC 10918-1), baseline and progressive, read with libjpeg-turbo.
enum JPEG {
    /// How every file begins.
    static let signature: [UInt8] = [0xff, 0xd8, 0xff]

    /// The pixels of a file, grey or red, green and blue. Throws `FormatError` for damaged files, pictures of more than
    /// `limit` bytes, and where libjpeg-turbo is missing.
    static func decode(_ bytes: [UInt8], name: String, limit: Int) throws -> Pixels {
        guard let library = Library.shared else {
            throw FormatError(
                file: name, expected: "a picture that can be read here",
                found: "a JPEG picture, which needs libjpeg-turbo (\(NativeLibrary.turboJPEG.installation))", offset: 0)
        }
        guard let handle = library.initialise() else { fatalError("JPEG: the machine is out of memory") }
        defer { _ = library.destroy(handle) }
        func failure(_ expected: String) -> FormatError {
            FormatError(
                file: name, expected: expected, found: library.error(handle).map { String(cString: $0) } ?? "damage",
                offset: 0)
        }
        var (width, height, subsampling, colourspace): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        guard library.header(handle, bytes, UInt(bytes.count), &width, &height, &subsampling, &colourspace) == 0 else {
            throw failure("the header of a JPEG picture")
        }
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

    /// The functions of libjpeg-turbo.
    private struct Library: Sendable {
        let initialise: hv_tj_init_decompress
        let destroy: hv_tj_destroy
        let error: hv_tj_error
        let header: hv_tj_header
        let decompress: hv_tj_decompress

        static let shared = Library(.turboJPEG)

        init?(_ library: NativeLibrary) {
            guard let initialise = library.function("tjInitDecompress", as: hv_tj_init_decompress.self),
                let destroy = library.function("tjDestroy", as: hv_tj_destroy.self),
                let error = library.function("tjGetErrorStr2", as: hv_tj_error.self),
                let header = library.function("tjDecompressHeader3", as: hv_tj_header.self),
                let decompress = library.function("tjDecompress2", as: hv_tj_decompress.self)
            else { return nil }
            self.initialise = initialise
            self.destroy = destroy
            self.error = error
            self.header = header
            self.decompress = decompress
        }
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
