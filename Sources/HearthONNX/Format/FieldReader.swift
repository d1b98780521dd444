import HearthFormats

/// Reads a message field by field (<https://protobuf.dev/programming-guides/encoding/>).
///
/// For each field of the file the message is asked for all that it has, and the one with its number takes the value; a
/// field that nobody takes is unknown, and skipped.
struct FieldReader: FieldCoder {
    private let region: ByteRegion
    private var position: Int
    private let end: Int
    /// How many messages this one lies in.
    private let depth: Int
    private var current = Field()

    /// What stands at the current place.
    private struct Field {
        var number = 0
        var start = 0
        var kind = Kind.varint(0)
    }

    private enum Kind {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        case bytes(Range<Int>)
    }

    /// As protobuf's own readers have it: deeper messages could exhaust the stack.
    static let depthLimit = 100

    private init(_ region: ByteRegion, _ range: Range<Int>, depth: Int) {
        self.region = region
        (position, end) = (range.lowerBound, range.upperBound)
        self.depth = depth
    }

    /// The message that fills a region. Throws `FormatError` for bytes that are none.
    static func read<M: Message>(_ type: M.Type, from region: ByteRegion) throws(FormatError) -> M {
        var message = M()
        try merge(into: &message, FieldReader(region, 0..<region.bytes.count, depth: 0))
        return message
    }

    private static func merge<M: Message>(into message: inout M, _ start: FieldReader) throws(FormatError) {
        var reader = start
        guard reader.depth <= depthLimit else {
            throw reader.error("at most \(depthLimit) messages inside each other", "more")
        }
        while try reader.next() { try message.fields(&reader) }
    }

    private func error(_ expected: String, _ found: String) -> FormatError {
        FormatError(file: region.name, expected: expected, found: found, offset: current.start)
    }

    // MARK: The wire

    /// Goes to the next field; false at the end.
    private mutating func next() throws(FormatError) -> Bool {
        guard position < end else { return false }
        current.start = position
        let tag = try varint()
        guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw error("a field of an ONNX model", "field \(tag >> 3)") }
        current.number = Int(tag >> 3)
        switch tag & 7 {
        case 0: current.kind = .varint(try varint())
        case 1: current.kind = .fixed64(try fixed(UInt64.self))
        case 2:
            let size = try varint()
            guard size <= UInt64(end - position) else {
                throw error("a field of at most \(end - position) bytes", "\(size)")
            }
            current.kind = .bytes(position..<(position + Int(size)))
            position += Int(size)
        case 5: current.kind = .fixed32(try fixed(UInt32.self))
        case let wire: throw error("a field of a known encoding", "encoding \(wire)")
        }
        return true
    }

    private mutating func varint() throws(FormatError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < end else { throw error("an integer", "the end of the message") }
            let byte = region.bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw error("an integer of at most 10 bytes", "a longer one")
    }

    private mutating func fixed<T: FixedWidthInteger>(_ type: T.Type) throws(FormatError) -> T {
        let size = MemoryLayout<T>.size
        guard end - position >= size else { throw error("\(size) bytes", "\(end - position)") }
        defer { position += size }
        return T(littleEndian: region.bytes.loadUnaligned(fromByteOffset: position, as: T.self))
    }

    private func mismatch(_ expected: String) -> FormatError {
        error("\(expected) in field \(current.number)", "another encoding")
    }

    private func integer() throws(FormatError) -> Int {
        guard case .varint(let value) = current.kind else { throw mismatch("an integer") }
        return Int(truncatingIfNeeded: value)
    }

    private func range(_ expected: String) throws(FormatError) -> Range<Int> {
        guard case .bytes(let range) = current.kind else { throw mismatch(expected) }
        return range
    }

    private func text() throws(FormatError) -> String {
        String(decoding: region.bytes[try range("text")], as: UTF8.self)
    }

    // MARK: Fields

    mutating func field(_ number: Int, _ value: inout Int?) throws(FormatError) {
        if number == current.number { value = try integer() }
    }

    mutating func field(_ number: Int, _ value: inout Float?) throws(FormatError) {
        guard number == current.number else { return }
        guard case .fixed32(let bits) = current.kind else { throw mismatch("a float") }
        value = Float(bitPattern: bits)
    }

    mutating func field(_ number: Int, _ value: inout String) throws(FormatError) {
        if number == current.number { value = try text() }
    }

    mutating func field(_ number: Int, _ value: inout String?) throws(FormatError) {
        if number == current.number { value = try text() }
    }

    mutating func field(_ number: Int, _ value: inout Bytes?) throws(FormatError) {
        if number == current.number { value = Bytes(region, try range("bytes")) }
    }

    mutating func field(_ number: Int, _ values: inout [String]) throws(FormatError) {
        if number == current.number { values.append(try text()) }
    }

    mutating func field(_ number: Int, _ values: inout [Bytes]) throws(FormatError) {
        if number == current.number { values.append(Bytes(region, try range("bytes"))) }
    }

    mutating func field(_ number: Int, _ values: inout [Int], packed: Bool) throws(FormatError) {
        guard number == current.number else { return }
        guard case .bytes(let range) = current.kind else { return values.append(try integer()) }
        var part = FieldReader(region, range, depth: depth)
        part.current = current
        while part.position < part.end { values.append(Int(truncatingIfNeeded: try part.varint())) }
    }

    mutating func field(_ number: Int, _ values: inout [Float], packed: Bool) throws(FormatError) {
        guard number == current.number else { return }
        if case .fixed32(let bits) = current.kind { return values.append(Float(bitPattern: bits)) }
        try numbers(UInt32.self, "floats") { values.append(Float(bitPattern: $0)) }
    }

    mutating func field(_ number: Int, _ values: inout [Double], packed: Bool) throws(FormatError) {
        guard number == current.number else { return }
        if case .fixed64(let bits) = current.kind { return values.append(Double(bitPattern: bits)) }
        try numbers(UInt64.self, "doubles") { values.append(Double(bitPattern: $0)) }
    }

    private func numbers<T: FixedWidthInteger>(
        _ type: T.Type, _ expected: String, _ append: (T) -> Void
    ) throws(FormatError) {
        let (range, size) = (try range(expected), MemoryLayout<T>.size)
        guard range.count % size == 0 else { throw error("whole \(expected)", "\(range.count) bytes") }
        for place in stride(from: range.lowerBound, to: range.upperBound, by: size) {
            append(T(littleEndian: region.bytes.loadUnaligned(fromByteOffset: place, as: T.self)))
        }
    }

    mutating func field<M: Message>(_ number: Int, _ message: inout M?) throws(FormatError) {
        guard number == current.number else { return }
        // A message that is there twice is one whose fields are put together.
        var inner = message ?? M()
        try Self.merge(into: &inner, FieldReader(region, try range("a message"), depth: depth + 1))
        message = inner
    }

    mutating func field<M: Message>(_ number: Int, _ messages: inout [M]) throws(FormatError) {
        guard number == current.number else { return }
        var inner = M()
        try Self.merge(into: &inner, FieldReader(region, try range("a message"), depth: depth + 1))
        messages.append(inner)
    }
}
