import HearthFormats
import HearthTensor

/// Pictures in files, as tensors.
///
///     let digit = try Image.read("digit.png", as: .grey)      // [1, H, W] uint8
///     let input = Compose(Resize(height: 28, width: 28), ToTensor())(digit)
///     try Image.write(digit, to: "copy.png")
///
/// PNG is read and written, JPEG read where libjpeg-turbo is installed. torchvision's `torchvision.io.decode_image` and `write_png`.
public enum Image {
    /// Which channels a picture gets.
    public enum Mode: Sendable {
        /// Those of the file: 1 grey, 2 grey and alpha, 3 red, green, blue, 4 with alpha.
        case unchanged
        /// One channel of brightness (see `Grayscale`); alpha is left out.
        case grey
        /// Red, green and blue; alpha is left out.
        case rgb
        /// Red, green, blue and alpha; 255 is opaque.
        case rgba
    }

    /// The most bytes that the pixels of one picture may take, unless told otherwise: 256 MiB.
    public static let standardLimit = 1 << 28

    /// The picture in the file at `path`, `[C, H, W]` uint8.
    ///
    /// Throws `FileError` when the file cannot be read, and `FormatError` when it is no picture that can be read,
    /// damaged, or has pixels of more than `limit` bytes.
    public static func read(_ path: String, as mode: Mode = .unchanged, limit: Int = standardLimit) throws -> Tensor {
        let source = try ByteSource(path: path)
        return try decode(source.bytes(at: 0, count: source.byteCount), name: path, as: mode, limit: limit)
    }

    /// The picture that a file of these bytes holds. Throws as `read` does; `name` is what errors call the bytes.
    public static func decode(
        _ bytes: [UInt8], name: String = "picture", as mode: Mode = .unchanged, limit: Int = standardLimit
    ) throws -> Tensor {
        let pixels = try pixels(of: bytes, name: name, limit: limit)
        return switch mode {
        case .unchanged: Tensor(pixels)
        case .grey: Tensor(pixels.grey)
        case .rgb: Tensor(pixels.colours(alpha: false))
        case .rgba: Tensor(pixels.colours(alpha: true))
        }
    }

    private static func pixels(of bytes: [UInt8], name: String, limit: Int) throws -> Pixels {
        if bytes.starts(with: JPEG.signature) { return try JPEG.decode(bytes, name: name, limit: limit) }
        guard bytes.starts(with: PNG.signature) else {
            throw FormatError(file: name, expected: "a PNG or JPEG picture", found: kind(of: bytes), offset: 0)
        }
        var decoder = PNGDecoder(bytes, name: name, limit: limit)
        return try decoder.decode()
    }

    /// What a file is by its first bytes, for an error that helps.
    private static func kind(of bytes: [UInt8]) -> String {
        let kinds: [(start: [UInt8], name: String)] = [
            (Array("GIF8".utf8), "a GIF picture"),
            (Array("BM".utf8), "a BMP picture"), (Array("RIFF".utf8), "a WebP picture or another RIFF file"),
        ]
        return kinds.first { bytes.starts(with: $0.start) }?.name ?? "other bytes"
    }

    /// Writes a picture as PNG. The file is replaced as a whole or not at all.
    ///
    /// `image` is `[C, H, W]` of 1 to 4 channels, or `[H, W]`; `uint8`, or floating-point from 0 to 1, which is scaled,
    /// rounded and clamped as torchvision's `save_image` does. Throws `FileError`.
    public static func write(_ image: Tensor, to path: String) throws {
        try AtomicFile.write(encodePNG(image), to: path)
    }

    /// The bytes of a PNG file of a picture. `image` is as in `write`.
    public static func encodePNG(_ image: Tensor) -> [UInt8] {
        let picture = image.rank == 2 ? image.unsqueeze(0) : image
        guard picture.rank == 3, (1...4).contains(picture.shape[0]), picture.count > 0,
            picture.dtype == .uint8 || picture.dtype.isFloatingPoint
        else {
            fatalError("Image: uint8 or floating-point [C, H, W] of 1 to 4 channels is expected, not \(image.spec)")
        }
        if picture.dtype == .uint8 { return PNG.encode(Pixels(picture)) }
        return PNG.encode(
            Pixels(noGrad { (picture.detach().to(.float32) * 255 + 0.5).clamp(min: 0, max: 255).to(.uint8) }))
    }
}
