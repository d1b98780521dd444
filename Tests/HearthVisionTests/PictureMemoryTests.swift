import HearthFormats
import HearthTensor
import Testing

import HearthVision

/// What reading pictures costs: no more than a small multiple of what is asked for, whatever a file promises.
///
/// Memory is measured in processes of their own, since that of this one is shared by all tests.
@Suite struct PictureMemoryTests {
    private func refuse(_ bytes: [UInt8], _ reason: String, as mode: Image.Mode = .unchanged, limit: Int) {
        let error = #expect(throws: FormatError.self) { try Image.decode(bytes, as: mode, limit: limit) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error)) lacks '\(reason)'")
    }

    /// A bitmap of runs with a palette of two colours.
    static func runs(width: Int, height: Int, _ data: [UInt8], depth: UInt8 = 8) -> [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        let head = little(40, 4) + little(width, 4) + little(height, 4) + [1, 0, depth, 0, depth == 8 ? 1 : 2, 0, 0, 0]
        let palette: [UInt8] = [1, 2, 3, 0, 4, 5, 6, 0]
        return Array("BM".utf8) + little(0, 8) + little(62, 4) + head + little(0, 12) + little(2, 4) + little(0, 4)
            + palette + data
    }

    @Test func aSmallBitmapCannotFillTheMemory() throws {
        for depth: UInt8 in [4, 8] {
            let limit = 1 << 40
            refuse(Self.runs(width: 500_000, height: 500_000, [0, 1], depth: depth), "500000 × 500000", limit: limit)
            refuse(Self.runs(width: 8000, height: 8000, [0, 1], depth: depth), "8000 × 8000", limit: limit)
        }
        // Small ones may be left out but for their end, and rows but for theirs.
        let empty = try Image.decode(Self.runs(width: 200, height: 100, [0, 1]))
        #expect(empty.shape == [3, 100, 200] && empty[2].array(of: UInt8.self).allSatisfy { $0 == 1 })
        let lines = try Image.decode(Self.runs(width: 3, height: 2, [2, 1, 0, 0, 0, 2, 1, 0, 9, 1, 0, 1]))
        #expect(lines[0].array(of: UInt8.self) == [3, 6, 6, 6, 6, 3])
        refuse(Self.runs(width: 3, height: 2, [2, 1, 0]), "the end of the bitmap", limit: 1 << 20)
        refuse(Self.runs(width: 3, height: 2, [2, 2, 0, 1]), "number 2", limit: 1 << 20)
    }

    @Test func limitsHoldForWhatIsGivenOut() throws {
        // 21 × 13 pixels of grey.
        let path = Golden.path("grey.png")
        #expect(try Image.read(path, limit: 273).count == 273)
        #expect(throws: FormatError.self) { try Image.read(path, limit: 272) }
        #expect(try Image.read(path, as: .rgb, limit: 3 * 273).count == 3 * 273)
        #expect(throws: FormatError.self) { try Image.read(path, as: .rgb, limit: 3 * 273 - 1) }
        #expect(throws: FormatError.self) { try Image.read(path, as: .rgba, limit: 4 * 273 - 1) }
        #expect(try Image.readDeep(path, limit: 4 * 273).count == 273)
        #expect(throws: FormatError.self) { try Image.readDeep(path, limit: 4 * 273 - 1) }
        #expect(throws: FormatError.self) { try Image.readFloat(path, as: .rgb, limit: 12 * 273 - 1) }
        for name in PictureKindTests.plain + ["palette_alpha.png", "grey_key.png", "rgb16.png"] {
            #expect(try Image.read(Golden.path(name), limit: .max).count > 0, "\(name)")
        }
    }

    @Test func readingTakesLittleMoreThanThePicture() async {
        await #expect(processExitsWith: .success) {
            // 36 million samples: a picture of bytes takes 34 MiB, and twice that while it is read.
            let header = Array("P5 6000 6000 255\n".utf8)
            let file = header + [UInt8](repeating: 7, count: 36_000_000)
            let before = peakMemory()
            try require(Image.decode(file).shape == [1, 6000, 6000])
            try require(peakMemory() - before < 90 << 20)
        }
        await #expect(processExitsWith: .success) {
            let file = Array("P2 3000 3000 15\n".utf8) + [UInt8](repeating: 0x37, count: 9_000_000)
            // Digits without spaces are one large number, and end the reading at once.
            let before = peakMemory()
            try require((try? Image.decode(file)) == nil && peakMemory() - before < 40 << 20)
        }
        await #expect(processExitsWith: .success) {
            // Grey in 16 bits, 18 million samples: words and the tensor beside them.
            let rows = [UInt8](repeating: 0, count: 4000 * 9001)
            let data = rows.withUnsafeBytes { Deflater.compress([$0], wrapper: .zlib) }
            func big(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
            func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
                let body = Array(type.utf8) + data
                return big(UInt32(data.count)) + body + big(PNG.checksum(body[...]))
            }
            let file =
                PNG.signature + chunk("IHDR", big(4500) + big(4000) + [16, 0, 0, 0, 0]) + chunk("IDAT", data)
                + chunk("IEND", [])
            let before = peakMemory()
            try require(Image.decode(file).shape == [1, 4000, 4500])
            // What is left of the rows above gives way to it.
            try require(peakMemory() - before < 60 << 20)
            try require(Image.decodeFloat(file).shape == [1, 4000, 4500])
            try require(peakMemory() - before < 150 << 20)
        }
    }

    @Test(.enabled(if: NativeLibrary.turboJPEG.isFound, "needs libjpeg-turbo"))
    func manyScansOfALargePictureAreRefused() throws {
        let source = try ByteSource(path: Golden.path("progressive.jpg"))
        let file = try source.bytes(at: 0, count: source.byteCount)
        #expect(JPEG.scanCount(of: file) == 10)
        // The last scan again and again, and a header of 9000 × 9000 pixels.
        let scan = try #require(file.indices.dropLast().last { file[$0] == 0xff && file[$0 + 1] == 0xda })
        var large = Array(file[..<scan])
        for _ in 0..<300 { large += file[scan..<(file.count - 2)] }
        large += [0xff, 0xd9]
        let frame = try #require(large.indices.dropLast().first { large[$0] == 0xff && large[$0 + 1] == 0xc2 })
        large.replaceSubrange((frame + 5)..<(frame + 9), with: [0x23, 0x28, 0x23, 0x28])
        #expect(JPEG.scanCount(of: large) == 309)
        let took = ContinuousClock().measure { refuse(large, "at most 32 scans", limit: 1 << 30) }
        #expect(took < .seconds(5), "\(took)")
    }
}

/// Ends a process that a condition fails in.
private func require(_ condition: @autoclosure () throws -> Bool, line: Int = #line) throws {
    if try !condition() { fatalError("the condition in line \(line) is not met") }
}
