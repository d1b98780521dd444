import HearthTensor

/// The front of a `.npy` file: a magic number, a version, and a Python dictionary that describes the array
/// (<https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>).
struct NPYHeader {
    /// The type of the elements, or the one with as many bits.
    var dtype: DType
    /// What the elements are where no dtype is.
    var unsigned: NumPyArray.Unsigned?
    var shape: Shape
    var isBigEndian: Bool
    /// True when the first dimension is the fastest.
    var isFortranOrder: Bool
    /// Where the elements begin.
    var end: Int

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// Far longer than the description of any array.
    private static let sizeLimit = 1 << 16

    init(_ source: ByteSource, allowsUnsigned: Bool = false) throws {
        let start = try source.bytes(at: 0, count: min(8, source.byteCount))
        guard start.count == 8, start.starts(with: Self.magic) else {
            throw source.error("a NumPy file", "another kind", at: 0)
        }
        let version = start[6]
        guard (1...3).contains(version) else { throw source.error("version 1, 2 or 3", "\(version)", at: 6) }
        var cursor = ByteCursor(source, at: 8)
        let size = try version == 1 ? cursor.length(UInt16.self) : cursor.length(UInt32.self)
        guard size <= Self.sizeLimit else {
            throw source.error("a header of at most \(Self.sizeLimit) bytes", "\(size)", at: 8)
        }
        end = cursor.position + size
        var scanner = NPYScanner(try cursor.bytes(size), file: source.name, start: end - size)
        let fields = try scanner.fields()
        unsigned = allowsUnsigned ? NumPyArray.Unsigned(rawValue: String(fields.type.dropFirst())) : nil
        // What is wrong with the byte order of these shows as it does for signed ones.
        let type = unsigned == nil ? fields.type : fields.type.replacing("u", with: "i")
        (dtype, isBigEndian) = try Self.dtype(type, in: source)
        isFortranOrder = fields.isFortranOrder
        shape = try Elements.shape(fields.sizes, dtype, in: source, at: end - size)
    }

    private static func dtype(_ name: String, in source: ByteSource) throws -> (DType, isBigEndian: Bool) {
        let order = name.first
        guard let dtype = DType.allCases.first(where: { $0.numPyName == String(name.dropFirst()) }),
            order == "<" || order == ">" || (order == "|" && dtype.byteCount == 1)
        else {
            throw source.error("an array of bools, integers or floats that Hearth has", "dtype '\(name)'", at: 8)
        }
        return (dtype, order == ">")
    }

    /// The front of a file with this array, padded so that the elements start at a multiple of 64.
    static func bytes(_ array: NumPyArray, file: String) throws -> [UInt8] {
        let (shape, dtype) = (array.tensor.shape, array.tensor.dtype)
        guard let name = array.typeName else {
            throw FormatError(
                file: file, expected: "a dtype that NumPy has", found: "\(dtype); convert the tensor to float32 first")
        }
        let sizes = shape.map { "\($0)," }.joined(separator: " ")
        let order = dtype.byteCount == 1 ? "|" : "<"
        let text = "{'descr': '\(order)\(name)', 'fortran_order': False, 'shape': (\(sizes)), }"
        let used = magic.count + 4 + text.utf8.count + 1
        let padding = (64 - used % 64) % 64
        var bytes = magic + [1, 0]
        bytes.append(integer: UInt16(text.utf8.count + padding + 1))
        return bytes + Array(text.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
    }
}

extension DType {
    /// NumPy's name of this type without its byte order; nil for `bfloat16`, which NumPy lacks.
    var numPyName: String? {
        switch self {
        case .bool: "b1"
        case .uint8: "u1"
        case .int8: "i1"
        case .int16: "i2"
        case .int32: "i4"
        case .int64: "i8"
        case .float16: "f2"
        case .bfloat16: nil
        case .float32: "f4"
        case .float64: "f8"
        }
    }
}

/// Reads the dictionary of a header: a Python literal with three known keys, of which nothing is evaluated.
private struct NPYScanner {
    private let bytes: [UInt8]
    private var position = 0
    private let file: String
    private let start: Int

    init(_ bytes: [UInt8], file: String, start: Int) {
        self.bytes = bytes
        self.file = file
        self.start = start
    }

    mutating func fields() throws -> (type: String, isFortranOrder: Bool, sizes: [Int]) {
        var type: String?
        var order: Bool?
        var sizes: [Int]?
        try expect("{")
        while !take("}") {
            switch try string() {
            case "descr" where type == nil:
                try expect(":")
                try refuseStructure()
                type = try string()
            case "fortran_order" where order == nil:
                try expect(":")
                order = try bool()
            case "shape" where sizes == nil:
                try expect(":")
                sizes = try tuple()
            case let key: throw error("'descr', 'fortran_order' and 'shape'", "'\(key)'")
            }
            if !take(",") {
                try expect("}")
                break
            }
        }
        skipSpace()
        guard let type, let order, let sizes, position == bytes.count else {
            throw error("'descr', 'fortran_order' and 'shape'", "other fields")
        }
        return (type, order, sizes)
    }

    private func error(_ expected: String, _ found: String) -> FormatError {
        FormatError(file: file, expected: expected, found: found, offset: start + position)
    }

    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x0a { position += 1 }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        skipSpace()
        let matches = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
        if matches { position += text.utf8CodeUnitCount }
        return matches
    }

    private mutating func expect(_ text: StaticString) throws {
        if !take(text) { throw error("'\(text)'", "other text") }
    }

    private mutating func string() throws -> String {
        let quote: UInt8 = take("'") ? UInt8(ascii: "'") : UInt8(ascii: "\"")
        if quote == UInt8(ascii: "\"") { try expect("\"") }
        guard let end = bytes[position...].firstIndex(of: quote) else { throw error("the end of a string", "none") }
        defer { position = end + 1 }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }

    /// A list or tuple in the place of a dtype's name describes records, or elements that are arrays.
    private mutating func refuseStructure() throws {
        skipSpace()
        let isList =
            position < bytes.count && (bytes[position] == UInt8(ascii: "[") || bytes[position] == UInt8(ascii: "("))
        guard isList else { return }
        throw error(
            "an array of plain numbers",
            "a structured one, of records with fields; save each field as an array of its own: "
                + "np.savez(file, **{name: x[name] for name in x.dtype.names})")
    }

    private mutating func bool() throws -> Bool {
        if take("True") { return true }
        try expect("False")
        return false
    }

    private mutating func tuple() throws -> [Int] {
        var values: [Int] = []
        try expect("(")
        while !take(")") {
            values.append(try integer())
            if !take(",") {
                try expect(")")
                break
            }
        }
        return values
    }

    private mutating func integer() throws -> Int {
        skipSpace()
        let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
        guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
            throw error("an integer of at most 63 bits", "\(digits.count) digits")
        }
        position += digits.count
        // Python 2 wrote long integers as 3L.
        _ = take("L")
        return value
    }
}
