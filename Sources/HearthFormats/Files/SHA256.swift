/// The SHA-256 digest (FIPS 180-4) of bytes that come in pieces: to know that a file is the one that was published.
///
///     SHA256.hexDigest(of: Array("abc".utf8))   // "ba7816bf…"
public struct SHA256: Digest {
    private var state = State()
    private var blocks = DigestBlocks()

    /// The digest of no bytes so far.
    public init() {}

    /// Takes in more bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) { blocks.update(bytes) { state.mix($0) } }

    /// The digest of all bytes taken in: 32 bytes.
    public func finalize() -> [UInt8] {
        var last = self
        var bitCount: [UInt8] = []
        bitCount.append(integer: (blocks.byteCount &* 8).byteSwapped)
        last.update(blocks.padding(bitCount: bitCount))
        var digest: [UInt8] = []
        for word in last.state.words { digest.append(integer: word.byteSwapped) }
        return digest
    }
}

/// Eight words that every block changes.
private struct State {
    var words: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
        0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    /// The words of a block, spread out to one for each step.
    private var schedule = [UInt32](repeating: 0, count: 64)

    /// Mixes one block of 64 bytes into the state.
    mutating func mix(_ block: UnsafeRawBufferPointer) {
        spread(block)
        var (a, b, c, d) = (words[0], words[1], words[2], words[3])
        var (e, f, g, h) = (words[4], words[5], words[6], words[7])
        for step in 0..<64 {
            let choice = (e & f) ^ (~e & g)
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let first = h &+ (e.rotated(6) ^ e.rotated(11) ^ e.rotated(25)) &+ choice &+ roots[step] &+ schedule[step]
            let second = (a.rotated(2) ^ a.rotated(13) ^ a.rotated(22)) &+ majority
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ second)
        }
        for (position, word) in [a, b, c, d, e, f, g, h].enumerated() { words[position] &+= word }
    }

    private mutating func spread(_ block: UnsafeRawBufferPointer) {
        for i in 0..<16 {
            schedule[i] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: i * 4, as: UInt32.self))
        }
        for i in 16..<64 {
            let (x, y) = (schedule[i - 15], schedule[i - 2])
            let first = x.rotated(7) ^ x.rotated(18) ^ x >> 3
            let second = y.rotated(17) ^ y.rotated(19) ^ y >> 10
            schedule[i] = schedule[i - 16] &+ first &+ schedule[i - 7] &+ second
        }
    }
}

extension UInt32 {
    /// The bits moved to the right, those that fall off put back on the left.
    fileprivate func rotated(_ count: UInt32) -> UInt32 { self >> count | self << (32 - count) }
}

/// The first 32 bits after the point of the cube roots of the first 64 primes.
private let roots: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
]
