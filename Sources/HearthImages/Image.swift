import HearthFormats
import HearthTensor

/// Pictures in files, as tensors.
///
///     let digit = try Image.read("digit.png", as: .grey)      // [1, H, W] uint8
///     let input = Compose(Resize(height: 28, width: 28), ToTensor())(digit)
///     try Image.write(digit, to: "copy.png")
///
/// PNG, BMP and the plain formats of Netpbm (PBM, PGM, PPM) are read and written anywhere, JPEG where libjpeg-turbo is
/// installed. torchvision's `torchvision.io.decode_image`, `write_png` and `write_jpeg`.
public enum Image {
    /// Which channels a picture gets.
    public typealias Mode = ImageReadMode

    /// The most bytes that one picture may take, unless told otherwise: 256 MiB. A small file can ask for any amount of
    /// memory, so files that are not yours need such a limit.
    public static let standardLimit = 1 << 28

    /// The picture in the file at `path`, `[C, H, W]` uint8.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - mode: Which channels the picture gets.
    ///   - applyExifOrientation: Whether a picture that was taken with the camera turned is turned upright. Without it
    ///     pixels are as the file has them, as PyTorch and PIL read them.
    ///   - limit: The most bytes that the picture may take, with the channels of the file if these are more. Reading one
    ///     takes the file's bytes twice and, at its peak, about twice the picture's (for a progressive JPEG four times).
    ///
    /// Throws `FileError` when the file cannot be read, and `FormatError` when it is no picture that can be read,
    /// damaged, or would be a picture of more than `limit` bytes.
    public static func read(
        _ path: String, as mode: Mode = .unchanged, applyExifOrientation: Bool = false, limit: Int = standardLimit
    ) throws -> Tensor {
        try decode(
            bytes(of: path), name: path, as: mode, applyExifOrientation: applyExifOrientation, limit: limit)
    }

    /// The picture that a file of these bytes holds. Throws as `read` does; `name` is what errors call the bytes.
    public static func decode(
        _ bytes: [UInt8], name: String = "picture", as mode: Mode = .unchanged, applyExifOrientation: Bool = false,
        limit: Int = standardLimit
    ) throws -> Tensor {
        let limit = SizeLimit(bytes: limit, mode: mode, sampleSize: 1)
        return try picture(of: bytes, name: name, limit, isTurned: applyExifOrientation) {
            (pixels: Pixels<UInt8>) in Tensor(pixels, as: mode)
        }
    }

    /// The picture in the file at `path` in floats: `[C, H, W]` float32 from 0 to 1, with all that samples of 16 bits tell.
    ///
    ///     let depth = try Image.readFloat("depth16.png", as: .grey)      // as ToTensor() makes it of 8 bits
    ///
    /// Samples of 8 bits are divided by 255 and those of 16 by 65535, so files of both can be mixed, and all transforms
    /// take the result. The parameters are those of `read`, and it throws as `read` does.
    public static func readFloat(
        _ path: String, as mode: Mode = .unchanged, applyExifOrientation: Bool = false, limit: Int = standardLimit
    ) throws -> Tensor {
        try decodeFloat(
            bytes(of: path), name: path, as: mode, applyExifOrientation: applyExifOrientation, limit: limit)
    }

    /// The picture that a file of these bytes holds, in floats as `readFloat` gives it.
    public static func decodeFloat(
        _ bytes: [UInt8], name: String = "picture", as mode: Mode = .unchanged, applyExifOrientation: Bool = false,
        limit: Int = standardLimit
    ) throws -> Tensor {
        let limit = SizeLimit(bytes: limit, mode: mode, sampleSize: DType.float32.byteCount)
        return try picture(of: bytes, name: name, limit, isTurned: applyExifOrientation) {
            (pixels: Pixels<UInt16>) in Tensor(floats: pixels, as: mode)
        }
    }

    /// The picture in the file at `path` as the whole numbers of 16 bits: `[C, H, W]` int32 from 0 to 65535. Samples of 8
    /// bits are multiplied by 257.
    ///
    /// This is for looking at the numbers of a file, and for `encodeDeepPNG`; transforms that change values take the floats
    /// of `readFloat`. The parameters are those of `read`, and it throws as `read` does.
    public static func readDeep(
        _ path: String, as mode: Mode = .unchanged, applyExifOrientation: Bool = false, limit: Int = standardLimit
    ) throws -> Tensor {
        try decodeDeep(
            bytes(of: path), name: path, as: mode, applyExifOrientation: applyExifOrientation, limit: limit)
    }

    /// The picture that a file of these bytes holds, in whole numbers as `readDeep` gives it.
    public static func decodeDeep(
        _ bytes: [UInt8], name: String = "picture", as mode: Mode = .unchanged, applyExifOrientation: Bool = false,
        limit: Int = standardLimit
    ) throws -> Tensor {
        let limit = SizeLimit(bytes: limit, mode: mode, sampleSize: DType.int32.byteCount)
        return try picture(of: bytes, name: name, limit, isTurned: applyExifOrientation) {
            (pixels: Pixels<UInt16>) in Tensor(deep: pixels, as: mode)
        }
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        let source = try ByteSource(path: path)
        return try source.bytes(at: 0, count: source.byteCount)
    }

    private static func picture<Sample: PictureSample>(
        of bytes: [UInt8], name: String, _ limit: SizeLimit, isTurned: Bool, _ tensor: (Pixels<Sample>) -> Tensor
    ) throws -> Tensor {
        let (pixels, orientation) = try pixels(of: bytes, name: name, limit, as: Sample.self)
        let image = tensor(pixels)
        return isTurned ? orientation.apply(to: image) : image
    }

    private static func pixels<Sample: PictureSample>(
        of bytes: [UInt8], name: String, _ limit: SizeLimit, as sample: Sample.Type
    ) throws -> (pixels: Pixels<Sample>, orientation: Orientation) {
        if bytes.starts(with: JPEG.signature) {
            let pixels = try JPEG.decode(bytes, name: name, limit: limit)
            return (Sample.scaled(pixels), Orientation(jpeg: bytes))
        }
        if bytes.starts(with: PNG.signature) {
            var decoder = PNGDecoder(bytes, name: name, limit: limit)
            return (try decoder.decode(), decoder.orientation)
        }
        if Netpbm.isNetpbm(bytes) { return (try Netpbm.decode(bytes, name: name, limit: limit), .upright) }
        if bytes.starts(with: BMP.signature) {
            return (Sample.scaled(try BMP.decode(bytes, name: name, limit: limit)), .upright)
        }
        throw FormatError(
            file: name, expected: "a PNG, JPEG, BMP, PBM, PGM or PPM picture", found: kind(of: bytes), offset: 0)
    }

    /// What a file is by its first bytes, for an error that helps.
    private static func kind(of bytes: [UInt8]) -> String {
        let kinds: [(start: [UInt8], name: String)] = [
            (Array("GIF8".utf8), "a GIF picture"), (Array("II*\0".utf8), "a TIFF picture"),
            (Array("MM\0*".utf8), "a TIFF picture"), (Array("RIFF".utf8), "a WebP picture or another RIFF file"),
        ]
        return kinds.first { bytes.starts(with: $0.start) }?.name ?? "other bytes"
    }
}

extension Image {
    /// Writes a picture in the format that the name ends in: `.png`, `.jpg`, `.jpeg`, `.bmp`, `.pgm` or `.ppm`. The file is
    /// replaced as a whole or not at all.
    ///
    /// `image` is `[C, H, W]` of 1 to 4 channels, or `[H, W]`; `uint8`, or floating-point from 0 to 1, which is scaled,
    /// rounded and clamped as torchvision's `save_image` does. Alpha is kept by PNG alone. `quality`, from 1 to 100, is
    /// JPEG's. Throws `FileError`, and `FormatError` for another ending or where JPEG cannot be written.
    public static func write(_ image: Tensor, to path: String, quality: Int = 75) throws {
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let bytes =
            switch ending {
            case "png": encodePNG(image)
            case "jpg", "jpeg": try encodeJPEG(image, quality: quality, name: path)
            case "bmp": BMP.encode(pixels(of: image))
            case "pgm", "ppm": Netpbm.encode(pixels(of: image))
            default:
                throw FormatError(
                    file: path, expected: "a name that ends in .png, .jpg, .bmp, .pgm or .ppm", found: "'.\(ending)'")
            }
        try AtomicFile.write(bytes, to: path)
    }

    /// The bytes of a PNG file of a picture. `image` is as in `write`.
    public static func encodePNG(_ image: Tensor) -> [UInt8] { PNG.encode(pixels(of: image)) }

    /// The bytes of a PNG file with 16 bits a sample, of an int32 picture from 0 to 65535 as `readDeep` gives it, or of a
    /// floating-point one from 0 to 1.
    public static func encodeDeepPNG(_ image: Tensor) -> [UInt8] {
        let picture = checked(image, isExpected: { $0 == .int32 || $0.isFloatingPoint }, "int32 or floating-point")
        let rows = noGrad { () -> Tensor in
            let columns = picture.detach().permute(1, 2, 0)
            guard columns.dtype.isFloatingPoint else { return columns.clamp(min: 0, max: 65535) }
            // Clamped as floats, before the conversion: a float may be larger than an integer can hold.
            return (columns.to(.float64).nanToNum() * 65535 + 0.5).clamp(min: 0, max: 65535).to(.int32)
        }
        let samples = rows.array(of: Int32.self).map { UInt16($0) }
        return PNG.encode(
            Pixels(
                width: picture.shape[2], height: picture.shape[1], channels: picture.shape[0], samples: samples))
    }

    /// The bytes of a JPEG file of a picture, baseline, with colours at half the resolution. `image` is as in `write`,
    /// `quality` from 1 to 100, `name` what errors call the file. Throws `FormatError` where libjpeg-turbo is missing.
    public static func encodeJPEG(_ image: Tensor, quality: Int = 75, name: String = "picture") throws -> [UInt8] {
        require((1...100).contains(quality), "Image", "the quality \(quality) is not in 1...100")
        return try JPEG.encode(pixels(of: image), quality: quality, name: name)
    }

    private static func pixels(of image: Tensor) -> Pixels<UInt8> {
        let picture = checked(image, isExpected: { $0 == .uint8 || $0.isFloatingPoint }, "uint8 or floating-point")
        if picture.dtype == .uint8 { return Pixels(picture) }
        return Pixels(
            noGrad { (picture.detach().to(.float32) * 255 + 0.5).clamp(min: 0, max: 255).to(.uint8) })
    }

    private static func checked(_ image: Tensor, isExpected: (DType) -> Bool, _ expected: String) -> Tensor {
        let picture = image.rank == 2 ? image.unsqueeze(0) : image
        require(
            picture.rank == 3 && (1...4).contains(picture.shape[0]) && picture.count > 0 && isExpected(picture.dtype),
            "Image", "\(expected) [C, H, W] of 1 to 4 channels is expected, not \(image.spec)")
        return picture
    }
}
