import HearthTensor

/// Files of the IDX format, in which MNIST and its relatives come: one array, big-endian.
///
///     let images = try IDX.read("train-images-idx3-ubyte.gz")   // [60000, 28, 28] uint8
///     let labels = try IDX.read("train-labels-idx1-ubyte")      // [60000] uint8
///
/// The format is described at the end of the MNIST page
/// (<https://web.archive.org/web/2020/http://yann.lecun.com/exdb/mnist/>).
public enum IDX {
    /// The array in the file at `path`, plain or compressed with gzip, whatever its name.
    ///
    /// Its dtype is `uint8`, `int8`, `int16`, `int32`, `float32` or `float64`. Throws `FileError` when the file cannot
    /// be read, and `FormatError` when it is damaged or decompresses to more than `limit` bytes (by default 256 MiB or
    /// 32 times the file).
    public static func read(_ path: String, limit: Int? = nil) throws -> Tensor {
        try read(ByteSource(path: path), limit: limit)
    }

    /// The array in a file's bytes. Throws as `read(_:limit:)` does; `name` is what errors call the bytes.
    public static func read(bytes: [UInt8], name: String = "IDX data", limit: Int? = nil) throws -> Tensor {
        try read(ByteSource(bytes, name: name), limit: limit)
    }

    private static func read(_ source: ByteSource, limit: Int?) throws -> Tensor {
        guard try Gzip.isGzip(source) else { return try readPlain(source) }
        let inflater = Inflater(source, wrapper: .gzip)
        let (shape, dtype) = try header(in: source) { count in
            var bytes = [UInt8](repeating: 0, count: count)
            try bytes.withUnsafeMutableBytes { try inflater.readExactly(into: $0) }
            return bytes
        }
        let byteCount = shape.elementCount * dtype.byteCount
        let (most, overflow) = source.byteCount.multipliedReportingOverflow(by: Inflater.largestRatio)
        let limit = min(limit ?? ZipArchive.standardLimit(for: source.byteCount), overflow ? .max : most)
        guard byteCount <= limit else {
            throw source.error("an array of at most \(limit) bytes", "\(shape) \(dtype)", at: 4)
        }
        return try Tensor.make(shape, dtype, device: .cpu) { bytes in
            try inflater.readExactly(into: bytes)
            try inflater.expectEnd()
            Elements.normalize(bytes, dtype, bigEndian: true)
        }
    }

    private static func readPlain(_ source: ByteSource) throws -> Tensor {
        var cursor = ByteCursor(source)
        let (shape, dtype) = try header(in: source) { try cursor.bytes($0) }
        let byteCount = shape.elementCount * dtype.byteCount
        guard source.byteCount - cursor.position == byteCount else {
            throw source.error(
                "\(byteCount) bytes for an array of \(shape) \(dtype)", "\(source.byteCount - cursor.position)",
                at: cursor.position)
        }
        return try Elements.read(shape, dtype, from: source, at: cursor.position, bigEndian: true)
    }

    /// Two zeros, the type, the number of dimensions, and each size in four bytes.
    private static func header(
        in source: ByteSource, _ next: (Int) throws -> [UInt8]
    ) throws -> (Shape, DType) {
        let magic = try next(4)
        guard magic[0] == 0, magic[1] == 0, let dtype = DType.allCases.first(where: { $0.idxCode == magic[2] }) else {
            throw source.error("an IDX file", "the magic number \(magic)", at: 0)
        }
        let rank = Int(magic[3])
        let sizes = try next(rank * 4)
        let shape = (0..<rank).map { Int(sizes.integer(UInt32.self, at: $0 * 4).byteSwapped) }
        return (try Elements.shape(shape, dtype, in: source, at: 4), dtype)
    }
}

extension IDX {
    /// Writes a tensor; compressed with gzip when `path` ends in `.gz`. The file is replaced as a whole or not at all.
    ///
    /// Throws `FileError` when the file cannot be written, and `FormatError` for a dtype that the format lacks (`bool`,
    /// `int64`, `float16`, `bfloat16`) or a size beyond 32 bits.
    public static func write(_ tensor: Tensor, to path: String) throws {
        var bytes = try header(tensor, path)
        let start = bytes.count
        tensor.withUnsafeBytes { bytes.append(contentsOf: $0) }
        bytes.withUnsafeMutableBytes { bytes in
            Elements.normalize(
                UnsafeMutableRawBufferPointer(rebasing: bytes[start...]), tensor.dtype, bigEndian: true)
        }
        let isCompressed = FilePath.pathExtension(of: path) == "gz"
        try AtomicFile.write(isCompressed ? Gzip.compress(bytes) : bytes, to: path)
    }

    private static func header(_ tensor: Tensor, _ path: String) throws -> [UInt8] {
        guard let code = tensor.dtype.idxCode else {
            throw FormatError(
                file: path, expected: "uint8, int8, int16, int32, float32 or float64", found: "\(tensor.dtype)")
        }
        var bytes: [UInt8] = [0, 0, code, UInt8(tensor.rank)]
        for size in tensor.shape {
            guard let size = UInt32(exactly: size) else {
                throw FormatError(file: path, expected: "sizes below 2^32", found: "\(size)")
            }
            bytes.append(integer: size.byteSwapped)
        }
        return bytes
    }
}

extension DType {
    /// The number of this type in an IDX file.
    fileprivate var idxCode: UInt8? {
        switch self {
        case .uint8: 0x08
        case .int8: 0x09
        case .int16: 0x0b
        case .int32: 0x0c
        case .float32: 0x0d
        case .float64: 0x0e
        case .bool, .int64, .float16, .bfloat16: nil
        }
    }
}
