import Testing

import HearthFormats

@Suite struct CompressionTests {
    private let text = Array(String(repeating: "Hearth reads gzip. ", count: 1000).utf8)

    @Test func returnsWhatItCompresses() throws {
        let packed = Gzip.compress(text)
        #expect(packed.count < text.count / 10)
        #expect(try Gzip.decompress(packed, limit: text.count) == text)
        #expect(try Gzip.decompress(Gzip.compress([]), limit: 0) == [])
        #expect(try Gzip.decompress(packed + packed + [0, 0], limit: text.count * 2) == text + text)
    }

    @Test func refusesMoreThanTheLimit() {
        let bomb = Gzip.compress([UInt8](repeating: 0, count: 1 << 24))
        #expect(message { _ = try Gzip.decompress(bomb, limit: 1 << 20) }.contains("at most 1048576 bytes"))
        #expect(message { _ = try Gzip.decompress(Gzip.compress([1]), limit: 0) }.contains("at most 0 bytes"))
    }

    @Test func noticesDamage() {
        let packed = Gzip.compress(text)
        #expect(message { _ = try Gzip.decompress(packed.dropLast(9), limit: 1 << 20) }.contains("the end of the file"))
        #expect(message { _ = try Gzip.decompress([], limit: 1 << 20) }.contains("the end of the file"))
        var checksum = packed
        checksum[packed.count - 8] ^= 1
        #expect(message { _ = try Gzip.decompress(checksum, limit: 1 << 20) }.contains("incorrect data check"))
        #expect(message { _ = try Gzip.decompress(packed + [7], limit: 1 << 20) } != "")
    }

    @Test func digestsAsTheStandardSays() throws {
        #expect(MD5.hexDigest(of: []) == "d41d8cd98f00b204e9800998ecf8427e")
        #expect(MD5.hexDigest(of: Array("abc".utf8)) == "900150983cd24fb0d6963f7d28e17f72")
        let long = Array("12345678901234567890123456789012345678901234567890123456789012345678901234567890".utf8)
        #expect(MD5.hexDigest(of: long) == "57edf4a22be3c955ac49da2e2107b67a")
        for split in 0...long.count {
            var digest = MD5()
            digest.update(Array(long[..<split]))
            digest.update(Array(long[split...]))
            #expect(digest.hexadecimal == "57edf4a22be3c955ac49da2e2107b67a")
        }
        try withTemporaryFolder { folder in
            let bytes = [UInt8](repeating: 97, count: 1_000_000)
            try AtomicFile.write(bytes, to: "\(folder)/a")
            #expect(try MD5.hexDigest(ofFile: "\(folder)/a") == "7707d6ae4e027c70eea2a935c2296f21")
        }
    }
}
