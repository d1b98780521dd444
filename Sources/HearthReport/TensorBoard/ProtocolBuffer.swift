/// A message of Protocol Buffers being written, field after field
/// (<https://protobuf.dev/programming-guides/encoding>).
///
/// Event files are a dozen kinds of messages that are only ever written, which these few lines do; a library would bring
/// thousands of generated ones, and Foundation.
package struct ProtocolBuffer {
    package private(set) var bytes: [UInt8] = []

    init() {}

    /// A message that `build` fills.
    package init(_ build: (inout ProtocolBuffer) -> Void) { build(&self) }

    private enum Wire: Int {
        case varint = 0
        case eightBytes = 1
        case length = 2
        case fourBytes = 5
    }

    private mutating func key(_ field: Int, _ wire: Wire) { varint(UInt64(field << 3 | wire.rawValue)) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func little<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    package mutating func add(_ field: Int, _ value: Int) {
        key(field, .varint)
        varint(UInt64(bitPattern: Int64(value)))
    }

    package mutating func add(_ field: Int, _ value: Bool) { add(field, value ? 1 : 0) }

    package mutating func add(_ field: Int, _ value: Float) {
        key(field, .fourBytes)
        little(value.bitPattern)
    }

    package mutating func add(_ field: Int, _ value: Double) {
        key(field, .eightBytes)
        little(value.bitPattern)
    }

    package mutating func add(_ field: Int, _ value: [UInt8]) {
        key(field, .length)
        varint(UInt64(value.count))
        bytes += value
    }

    package mutating func add(_ field: Int, _ value: String) { add(field, Array(value.utf8)) }

    package mutating func add(_ field: Int, _ message: ProtocolBuffer) { add(field, message.bytes) }

    /// A message inside this one.
    package mutating func add(_ field: Int, _ build: (inout ProtocolBuffer) -> Void) {
        add(field, ProtocolBuffer(build))
    }

    /// Many numbers in one field.
    package mutating func add(_ field: Int, _ values: [Double]) {
        key(field, .length)
        varint(UInt64(values.count * 8))
        for value in values { little(value.bitPattern) }
    }

    /// Many numbers in one field.
    package mutating func add(_ field: Int, _ values: [Float]) {
        key(field, .length)
        varint(UInt64(values.count * 4))
        for value in values { little(value.bitPattern) }
    }

    /// A field of a map from texts to messages.
    package mutating func add(_ field: Int, _ name: String, _ value: ProtocolBuffer) {
        add(field) { entry in
            entry.add(1, name)
            entry.add(2, value)
        }
    }
}
