import HearthTensor

/// The front of a safetensors file: its size in 8 bytes, then JSON that says where each tensor lies.
struct SafetensorsHeader {
    struct Entry {
        var name: String
        var dtype: DType
        var shape: Shape
        /// Where the bytes lie, counted from the end of the header.
        var range: Range<Int>
    }

    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    /// Where the header ends and the tensors begin.
    var end = 8

    /// The size that the format allows, so that a hostile header cannot take long to read.
    static let sizeLimit = 100_000_000

    init(_ source: ByteSource) throws {
        guard source.byteCount >= 8 else { throw source.error("a header of 8 bytes and more", "\(source.byteCount)") }
        let size = try source.bytes(at: 0, count: 8).integer(UInt64.self, at: 0)
        guard size <= Self.sizeLimit, size <= source.byteCount - 8 else {
            throw source.error(
                "a header of at most \(min(Self.sizeLimit, source.byteCount - 8)) bytes", "\(size)", at: 0)
        }
        end = 8 + Int(size)
        let text = try source.bytes(at: 8, count: Int(size))
        guard text.first == UInt8(ascii: "{") else { throw source.error("'{'", "another byte", at: 8) }
        var scanner = JSONScanner(text, file: source.name, start: 8)
        try readEntries(&scanner, source)
        try scanner.expectEnd()
        try checkRanges(source)
    }

    private mutating func readEntries(_ scanner: inout JSONScanner, _ source: ByteSource) throws {
        var names: Set<String> = []
        try scanner.object { scanner, name in
            guard names.insert(name).inserted else { throw scanner.error("names that differ", "two of '\(name)'") }
            if name == "__metadata__" {
                try readMetadata(&scanner)
            } else {
                entries.append(try Self.entry(name, &scanner, source))
            }
        }
    }

    private mutating func readMetadata(_ scanner: inout JSONScanner) throws {
        try scanner.object { scanner, key in
            guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
                throw scanner.error("keys that differ", "two of '\(key)'")
            }
        }
    }

    private static func entry(_ name: String, _ scanner: inout JSONScanner, _ source: ByteSource) throws -> Entry {
        var dtype: DType?
        var sizes: [Int]?
        var range: [Int]?
        try scanner.object { scanner, key in
            switch key {
            case "dtype" where dtype == nil: dtype = try Self.dtype(&scanner)
            case "shape" where sizes == nil: sizes = try scanner.integers()
            case "data_offsets" where range == nil: range = try scanner.integers()
            default: throw scanner.error("'dtype', 'shape' and 'data_offsets' of '\(name)'", "'\(key)'")
            }
        }
        guard let dtype, let sizes, let range, range.count == 2, range[0] <= range[1] else {
            throw scanner.error("'dtype', 'shape' and two 'data_offsets' of '\(name)'", "other values")
        }
        let shape = try Elements.shape(sizes, dtype, in: source, at: 8 + scanner.position)
        let byteCount = shape.elementCount * dtype.byteCount
        guard range[1] - range[0] == byteCount else {
            throw scanner.error("\(byteCount) bytes for '\(name)' of \(shape) \(dtype)", "\(range[1] - range[0])")
        }
        return Entry(name: name, dtype: dtype, shape: shape, range: range[0]..<range[1])
    }

    private static func dtype(_ scanner: inout JSONScanner) throws -> DType {
        let name = try scanner.string()
        guard let dtype = DType.allCases.first(where: { $0.safetensorsName == name }) else {
            throw scanner.error("a dtype of Hearth (F32, F16, BF16, I64, …)", "'\(name)'")
        }
        return dtype
    }

    /// The tensors must fill the rest of the file, without a hole and without an overlap.
    private func checkRanges(_ source: ByteSource) throws {
        var next = 0
        for entry in entries.sorted(by: {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }) {
            guard entry.range.lowerBound == next else {
                throw source.error(
                    "'\(entry.name)' to start at byte \(next) of the data, where the tensor before it ends",
                    "\(entry.range.lowerBound)")
            }
            next = entry.range.upperBound
        }
        guard next == source.byteCount - end else {
            throw source.error("\(next) bytes of data", "\(source.byteCount - end)", at: end)
        }
    }
}

extension DType {
    /// The name of this type in a safetensors header.
    var safetensorsName: String {
        switch self {
        case .bool: "BOOL"
        case .uint8: "U8"
        case .int8: "I8"
        case .int16: "I16"
        case .int32: "I32"
        case .int64: "I64"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .float32: "F32"
        case .float64: "F64"
        }
    }
}
