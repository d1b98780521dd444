/// Reads a `ByteSource` from one place onwards, a window of it at a time.
package struct ByteCursor {
    let source: ByteSource
    private var window: [UInt8] = []
    private var windowStart: Int
    private var index = 0

    private static let windowSize = 1 << 16

    package init(_ source: ByteSource, at offset: Int = 0) {
        self.source = source
        windowStart = offset
    }

    /// The place of the next byte.
    var position: Int { windowStart + index }

    /// The number of bytes that are left.
    var remaining: Int { source.byteCount - position }

    mutating func byte() throws -> UInt8 {
        if index == window.count { try refill() }
        defer { index += 1 }
        return window[index]
    }

    private mutating func refill() throws {
        let start = position
        window = try source.bytes(at: start, count: max(1, min(Self.windowSize, remaining)))
        windowStart = start
        index = 0
    }

    mutating func bytes(_ count: Int) throws -> [UInt8] {
        if count <= window.count - index {
            defer { index += count }
            return Array(window[index..<(index + count)])
        }
        let bytes = try source.bytes(at: position, count: count)
        windowStart = position + count
        index = 0
        window = []
        return bytes
    }

    /// A little-endian integer.
    mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
        var value: T = 0
        for shift in stride(from: 0, to: T.bitWidth, by: 8) {
            value |= T(truncatingIfNeeded: try byte()) << T(truncatingIfNeeded: shift)
        }
        return value
    }

    /// A length of type `T`, as an `Int` that is not larger than what is left.
    mutating func length<T: FixedWidthInteger>(_ type: T.Type) throws -> Int {
        let start = position
        let value = try integer(type)
        guard let length = Int(exactly: value), length >= 0, length <= remaining else {
            throw source.error("a length of at most the \(remaining) bytes left", "\(value)", at: start)
        }
        return length
    }
}

extension Array where Element == UInt8 {
    /// The little-endian integer at `offset`, which must lie inside.
    package func integer<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T {
        withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self)) }
    }

    /// Adds an integer, little-endian.
    package mutating func append<T: FixedWidthInteger>(integer value: T) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
