import HearthFormats

/// Writes a message field by field, in the order in which it names them.
package struct FieldWriter: FieldCoder {
    private var bytes: [UInt8] = []

    /// The bytes of a message.
    package static func bytes(of message: some Message) throws(FormatError) -> [UInt8] {
        var (message, writer) = (message, FieldWriter())
        try message.fields(&writer)
        return writer.bytes
    }

    // MARK: The wire

    private enum Wire: Int { case varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 }

    private mutating func tag(_ number: Int, _ wire: Wire) { varint(number << 3 | wire.rawValue) }

    private mutating func varint(_ value: Int) {
        var rest = UInt64(bitPattern: Int64(value))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func fixed(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func block(_ number: Int, _ content: some Collection<UInt8>) {
        tag(number, .bytes)
        varint(content.count)
        bytes.append(contentsOf: content)
    }

    private mutating func block(_ number: Int, _ content: Bytes) {
        content.withUnsafeBytes { block(number, $0) }
    }

    private mutating func list<T>(
        _ number: Int, _ values: [T], packed: Bool, _ wire: Wire, _ write: (inout FieldWriter, T) -> Void
    ) {
        if packed, !values.isEmpty {
            var inner = FieldWriter()
            for value in values { write(&inner, value) }
            return block(number, inner.bytes)
        }
        for value in values {
            tag(number, wire)
            write(&self, value)
        }
    }

    // MARK: Fields

    package mutating func field(_ number: Int, _ value: inout Int?) {
        guard let value else { return }
        tag(number, .varint)
        varint(value)
    }

    package mutating func field(_ number: Int, _ value: inout Float?) {
        guard let value else { return }
        tag(number, .fixed32)
        fixed(value.bitPattern)
    }

    package mutating func field(_ number: Int, _ value: inout String) {
        if !value.isEmpty { block(number, Array(value.utf8)) }
    }

    package mutating func field(_ number: Int, _ value: inout String?) {
        if let value { block(number, Array(value.utf8)) }
    }

    package mutating func field(_ number: Int, _ value: inout Bytes?) {
        if let value { block(number, value) }
    }

    package mutating func field(_ number: Int, _ values: inout [String]) {
        // An empty name stands for an input that is left out, so it is written.
        for value in values { block(number, Array(value.utf8)) }
    }

    package mutating func field(_ number: Int, _ values: inout [Bytes]) {
        for value in values { block(number, value) }
    }

    package mutating func field(_ number: Int, _ values: inout [Int], packed: Bool) {
        list(number, values, packed: packed, .varint) { $0.varint($1) }
    }

    package mutating func field(_ number: Int, _ values: inout [Float], packed: Bool) {
        list(number, values, packed: packed, .fixed32) { $0.fixed($1.bitPattern) }
    }

    package mutating func field(_ number: Int, _ values: inout [Double], packed: Bool) {
        list(number, values, packed: packed, .fixed64) { $0.fixed($1.bitPattern) }
    }

    package mutating func field<M: Message>(_ number: Int, _ message: inout M?) throws(FormatError) {
        if let message { block(number, try Self.bytes(of: message)) }
    }

    package mutating func field<M: Message>(_ number: Int, _ messages: inout [M]) throws(FormatError) {
        for message in messages { block(number, try Self.bytes(of: message)) }
    }
}
