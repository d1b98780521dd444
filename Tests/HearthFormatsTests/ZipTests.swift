import Testing

import HearthFormats

@Suite struct ZipTests {
    private func zip(threshold: Int = 0xffff_ffff, _ body: (inout ZipWriter) throws -> Void) throws -> [UInt8] {
        try withTemporaryFolder { folder in
            try AtomicFile.write(to: "\(folder)/a.zip") { file in
                var writer = ZipWriter(file, zip64Threshold: threshold)
                try body(&writer)
                try writer.finish()
            }
            let source = try ByteSource(path: "\(folder)/a.zip")
            return try source.bytes(at: 0, count: source.byteCount)
        }
    }

    private func open(_ bytes: [UInt8], limit: Int? = nil) throws -> ZipArchive {
        try ZipArchive(ByteSource(bytes, name: "a.zip"), inflatedLimit: limit)
    }

    @Test(arguments: [0xffff_ffff, 0, 100]) func returnsWhatItWrites(threshold: Int) throws {
        let long = [UInt8](repeating: 5, count: 1000)
        let bytes = try zip(threshold: threshold) { writer in
            try writer.add("ä/short", [1, 2, 3], alignment: 64)
            try writer.add("empty", [])
            try long.withUnsafeBytes { try writer.add("packed", [$0, $0], compressed: true) }
        }
        let archive = try open(bytes)
        #expect(archive.entries.map(\.name) == ["ä/short", "empty", "packed"])
        #expect(try archive.entries.map(archive.bytes) == [[1, 2, 3], [], long + long])
        #expect(archive.entries[0].dataOffset % 64 == 0)
    }

    @Test func refusesNamesTwice() throws {
        let bytes = try zip { writer in
            try writer.add("a", [1])
            try writer.add("a", [2])
        }
        #expect(message { _ = try open(bytes) }.contains("two entries named 'a'"))
    }

    @Test func noticesDamage() throws {
        var bytes = try zip { try $0.add("a", [1, 2, 3]) }
        bytes[31] ^= 1
        #expect(message { _ = try open(bytes).bytes(of: open(bytes).entries[0]) }.contains("checksum"))
        #expect(message { _ = try open(Array(bytes.dropLast())) }.contains("end record"))
        #expect(message { _ = try open([]) }.contains("end record"))
    }

    @Test func refusesBombs() throws {
        let zeros = [UInt8](repeating: 0, count: 1 << 22)
        let bytes = try zip { writer in
            try zeros.withUnsafeBytes { try writer.add("a", [$0], compressed: true) }
        }
        #expect(try open(bytes).bytes(of: open(bytes).entries[0]).count == zeros.count)
        #expect(message { _ = try open(bytes, limit: 1 << 20) }.contains("at most 1048576 bytes"))
    }

    /// Two records of the list that point at one entry, as the "better zip bomb" does.
    @Test func refusesOverlaps() throws {
        var bytes = try zip { writer in
            try writer.add("a", [UInt8](repeating: 0, count: 100))
            try writer.add("b", [1])
        }
        let list = Int(bytes.integer(UInt32.self, at: bytes.count - 6))
        let second = list + 47
        // The second record gets the name and the place of the first, and the name in the list is made to differ.
        bytes.replaceSubrange((second + 42)..<(second + 46), with: [0, 0, 0, 0])
        #expect(message { _ = try open(bytes) }.contains("that of another entry"))
        bytes[second + 46] = UInt8(ascii: "a")
        #expect(message { _ = try open(bytes) }.contains("do not overlap"))
    }

    @Test func refusesEntriesOutsideTheFile() throws {
        let whole = try zip { try $0.add("a", [1, 2, 3]) }
        let list = Int(whole.integer(UInt32.self, at: whole.count - 6))
        for (place, value) in [(42, 0xffff_fff0), (20, 0x7fff_ffff), (24, 9)] as [(Int, UInt32)] {
            var bytes = whole
            withUnsafeBytes(of: value.littleEndian) {
                bytes.replaceSubrange((list + place)..<(list + place + 4), with: $0)
            }
            #expect(message { _ = try open(bytes) } != "")
        }
    }
}
