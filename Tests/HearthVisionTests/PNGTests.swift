import HearthFormats
import HearthTensor
import Testing

import HearthVision

@Suite struct PNGTests {
    @Test(arguments: [
        "grey", "grey_alpha", "rgb", "rgba", "palette", "palette4", "palette2", "palette_alpha", "bit", "rgb16",
        "grey2", "grey4", "grey_key",
    ])
    func readsWhatPILReads(name: String) throws {
        let image = try Image.read(Golden.path("\(name).png"))
        #expect(isIdentical(image, try Golden.array(name)), "\(image.spec)")
    }

    @Test func givesTheChannelsThatAreAskedFor() throws {
        let rgb = try Golden.array("rgb")
        let path = Golden.path("rgb.png")
        #expect(isIdentical(try Image.read(path, as: .grey), try Golden.array("rgb_as_grey")))
        let rgba = try Image.read(path, as: .rgba)
        #expect(rgba.shape == [4, 21, 13] && isIdentical(rgba[0..<3].contiguous(), rgb))
        #expect(rgba[3].array(of: UInt8.self).allSatisfy { $0 == 255 })
        let grey = try Golden.array("grey")
        #expect(isIdentical(try Image.read(Golden.path("grey.png"), as: .rgb), Tensor.cat([grey, grey, grey])))
        let alpha = try Golden.array("grey_alpha")
        #expect(isIdentical(try Image.read(Golden.path("grey_alpha.png"), as: .grey), alpha[0..<1].contiguous()))
        #expect(isIdentical(try Image.read(Golden.path("grey_alpha.png"), as: .rgba)[3], alpha[1]))
    }

    private func refuse(_ bytes: [UInt8], _ reason: String, limit: Int = Image.standardLimit) {
        let error = #expect(throws: FormatError.self) { try Image.decode(bytes, name: "a.png", limit: limit) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error)) lacks '\(reason)'")
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        let source = try ByteSource(path: Golden.path(name))
        return try source.bytes(at: 0, count: source.byteCount)
    }

    @Test func refusesWhatItCannotRead() throws {
        refuse(Array("GIF89a".utf8), "a GIF picture")
        refuse([0xff, 0xd8, 0xff, 0xe0], "JPEG")
        refuse([], "other bytes")
        refuse(try bytes("rgb.png"), "at most 100 bytes", limit: 100)
        let error = #expect(throws: FileError.self) { try Image.read("/nonexistent/a.png") }
        #expect(error?.path == "/nonexistent/a.png")
    }

    @Test func aSmallFileCannotFillTheMemory() {
        // 16,000 × 16,000 pixels of promise, and no data.
        var file = PNG.signature
        func add(_ type: String, _ data: [UInt8]) { file += chunk(type, data) }
        add("IHDR", [0, 0, 0x3e, 0x80, 0, 0, 0x3e, 0x80, 8, 2, 0, 0, 0])
        add("IDAT", [1, 2, 3])
        add("IEND", [])
        refuse(file, "at most")
        refuse(file, "3 bytes", limit: 1 << 40)
        // The largest size that a header can tell, of grey in 16 bits: its rows are of more bytes than a number holds.
        let largest: [UInt8] = [0x7f, 0xff, 0xff, 0xff]
        for colour: UInt8 in [0, 2, 4, 6] {
            let header = chunk("IHDR", largest + largest + [16, colour, 0, 0, 0])
            let file = PNG.signature + header + chunk("IDAT", [1, 2, 3]) + chunk("IEND", [])
            refuse(file, colour == 0 ? "3 bytes" : "2147483647 × 2147483647", limit: .max)
        }
    }

    private func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + data
        func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        return bigEndian(UInt32(data.count)) + body + bigEndian(PNG.checksum(body[...]))
    }

    /// As libpng, which warns of it.
    @Test func whatIsNotNeededMayBeDamaged() throws {
        let whole = try bytes("rgb.png")
        let expected = try Golden.array("rgb")
        let end = try #require(whole.indices.dropLast(3).last { whole[$0..<($0 + 4)].elementsEqual("IEND".utf8) }) - 4
        var comment = chunk("tEXt", Array("Title\0A picture".utf8))
        comment[comment.count - 1] ^= 1
        let damaged = Array(whole[..<end]) + comment + Array(whole[end...])
        #expect(isIdentical(try Image.decode(damaged), expected))
        // An unknown chunk that is needed, and damage of one, are errors.
        refuse(Array(whole[..<end]) + chunk("Abcd", [1]) + Array(whole[end...]), "known chunks")
        var needed = chunk("PLTE", [1, 2, 3])
        needed[needed.count - 1] ^= 1
        refuse(Array(whole[..<end]) + needed + Array(whole[end...]), "a right checksum of 'PLTE'")
        // Bytes behind the compressed data, rows too many, and damaged data.
        let rows: [UInt8] = [0, 1, 2, 0, 3, 4, 0, 5, 6]
        let header = chunk("IHDR", [0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0])
        let packed = rows.withUnsafeBytes { Deflater.compress([$0], wrapper: .zlib) }
        func file(_ data: [UInt8]) -> [UInt8] { PNG.signature + header + chunk("IDAT", data) + chunk("IEND", []) }
        for data in [packed, packed + [7, 7, 7]] {
            #expect(try Image.decode(file(data)).array(of: UInt8.self) == [1, 2, 3, 4])
        }
        let exact = rows[..<6].withUnsafeBytes { Deflater.compress([$0], wrapper: .zlib) }
        #expect(try Image.decode(file(exact + [9])).array(of: UInt8.self) == [1, 2, 3, 4])
        refuse(file(exact.dropLast() + [exact[exact.count - 1] ^ 1]), "incorrect data check")
    }

    @Test func damageIsFoundEverywhere() throws {
        let whole = try bytes("palette_alpha.png")
        for length in 0..<whole.count {
            #expect(throws: FormatError.self, "cut at \(length)") {
                try Image.decode(Array(whole[..<length]), name: "cut")
            }
        }
        // A damaged chunk of transparency is left out, and the picture is read without it.
        let start = try #require(whole.indices.dropLast(3).first { whole[$0..<($0 + 4)].elementsEqual("tRNS".utf8) })
        let optional = start..<(start + 11)
        let colours = try Golden.array("palette_alpha")[0..<3].contiguous()
        for position in whole.indices {
            var damaged = whole
            damaged[position] ^= 0x10
            if optional.contains(position) {
                #expect(isIdentical(try Image.decode(damaged), colours), "bit at \(position)")
                continue
            }
            #expect(throws: FormatError.self, "bit at \(position)") { try Image.decode(damaged, name: "damaged") }
        }
    }
}

/// Writes pictures, and reads them back; in the folder named by `HEARTH_WRITTEN`, where there is one, for
/// `Tests/Goldens/check_images.py` to read with PIL.
@Suite struct PNGWritingTests {
    @Test func writesPicturesForPIL() async throws {
        if let folder = environment("HEARTH_WRITTEN") {
            try write(into: folder)
        } else {
            try await withTemporaryFolder { try write(into: $0) }
        }
    }

    private func write(into folder: String) throws {
        for (channels, name) in [(1, "grey"), (2, "grey_alpha"), (3, "rgb"), (4, "rgba")] {
            let smooth = try Golden.array(name)
            let noise = Tensor.randint(0..<256, [channels, 31, 17], generator: Generator(seed: 1)).to(.uint8)
            for (kind, image) in [("smooth", smooth), ("noise", noise), ("dot", noise[0..., 0..<1, 0..<1])] {
                let path = "\(folder)/picture_\(name)_\(kind)"
                try Image.write(image, to: path + ".png")
                try NPY.write(image, to: path + ".npy")
                #expect(isIdentical(try Image.read(path + ".png"), image.contiguous()))
                guard [1, 3].contains(channels) else { continue }
                try Image.write(image, to: path + ".bmp")
                try Image.write(image, to: path + (channels == 1 ? ".pgm" : ".ppm"))
                if NativeLibrary.turboJPEG.isFound { try Image.write(image, to: path + ".jpg", quality: 95) }
                // Only grey has 16 bits in PIL.
                let deep = image.to(.int32) * 257 - image.to(.int32) % 7
                try AtomicFile.write(Image.encodeDeepPNG(deep), to: path + ".deep")
                try NPY.write(deep, to: path + ".deep.npy")
            }
        }
    }

    @Test func floatingPointIsScaled() throws {
        let image = Tensor([[0, 0.5, 1], [-1, 2, 0.25]])
        let read = try Image.decode(Image.encodePNG(image))
        #expect(read.shape == [1, 2, 3] && read.array(of: UInt8.self) == [0, 128, 255, 0, 255, 64])
    }
}
