/// A fingerprint of bytes that come in pieces, worked out in blocks of 64 bytes: `MD5`, `SHA256`.
///
///     try SHA256.hexDigest(ofFile: "resnet18-f37072fd.pth").hasPrefix("f37072fd")
public protocol Digest: Sendable {
    /// The digest of no bytes so far.
    init()
    /// Takes in more bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer)
    /// The digest of all bytes taken in.
    func finalize() -> [UInt8]
}

extension Digest {
    /// Takes in more bytes.
    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// The digest of all bytes taken in, in hexadecimal digits.
    public var hexadecimal: String {
        let digits = Array("0123456789abcdef")
        return finalize().reduce(into: "") { text, byte in
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
    }

    /// The digest of `bytes` in hexadecimal digits.
    public static func hexDigest(of bytes: [UInt8]) -> String {
        var digest = Self()
        digest.update(bytes)
        return digest.hexadecimal
    }

    /// The digest of a file in hexadecimal digits, read in pieces. Throws `FileError`.
    public static func hexDigest(ofFile path: String) throws -> String {
        let source = try ByteSource(path: path)
        var digest = Self()
        for start in stride(from: 0, to: source.byteCount, by: 1 << 18) {
            digest.update(try source.bytes(at: start, count: min(1 << 18, source.byteCount - start)))
        }
        return digest.hexadecimal
    }
}

/// Bytes on their way into blocks of 64: what is left over waits for the next bytes.
struct DigestBlocks: Sendable {
    private var pending: [UInt8] = []
    private(set) var byteCount: UInt64 = 0

    /// Takes in more bytes and calls `mix` with every block that is full.
    mutating func update(_ bytes: UnsafeRawBufferPointer, mix: (UnsafeRawBufferPointer) -> Void) {
        byteCount &+= UInt64(bytes.count)
        var rest = bytes[...]
        if !pending.isEmpty {
            let missing = rest.prefix(64 - pending.count)
            pending.append(contentsOf: missing)
            rest = rest.dropFirst(missing.count)
            guard pending.count == 64 else { return }
            pending.withUnsafeBytes { mix($0) }
            pending.removeAll(keepingCapacity: true)
        }
        while rest.count >= 64 {
            mix(UnsafeRawBufferPointer(rebasing: rest.prefix(64)))
            rest = rest.dropFirst(64)
        }
        pending.append(contentsOf: rest)
    }

    /// What is put after the last byte, so that the number of bytes ends a block: a single bit, zeros, and the number of
    /// bits in the byte order that the digest has.
    func padding(bitCount: [UInt8]) -> [UInt8] {
        let used = (pending.count + 1) % 64
        return [0x80] + [UInt8](repeating: 0, count: (used <= 56 ? 56 : 120) - used) + bitCount
    }
}
