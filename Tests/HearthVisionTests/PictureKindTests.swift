import HearthFormats
import HearthTensor
import Testing

@testable import HearthVision

/// Kinds of pictures other than plain PNG, against what PIL reads (`Tests/Goldens/make_images.py`).
@Suite struct PictureKindTests {
    static let plain = [
        "bmp24.bmp", "bmp8.bmp", "bmp_grey.bmp", "bmp1.bmp", "bmp32.bmp", "runs.bmp", "binary.ppm", "binary.pgm",
        "binary.pbm", "text.ppm", "text.pgm", "text.pbm", "interlaced.png", "interlaced_small.png",
        "interlaced_bits.png",
    ]

    @Test(arguments: plain) func readsWhatPILReads(name: String) throws {
        let expected = try Golden.array(name)
        let image = try Image.read(Golden.path(name), as: expected.shape[0] == 1 ? .grey : .unchanged)
        #expect(isIdentical(image, expected), "\(image.spec)")
    }

    @Test(
        .enabled(if: NativeLibrary.turboJPEG.isFound, "needs libjpeg-turbo"),
        arguments: [
            "baseline.jpg", "progressive.jpg", "grey.jpg", "inks.jpg",
        ])
    func readsJPEGAsPILDoes(name: String) throws {
        let image = try Image.read(Golden.path(name))
        let expected = try Golden.array(name)
        try #require(image.spec == expected.spec)
        // Inks become colours with roundings of our own.
        let most = (image.to(.int32) - expected.to(.int32)).abs().max().item()
        #expect(most <= (name == "inks.jpg" ? 1 : 0), "\(most)")
    }

    @Test(arguments: 1...8) func turnsPicturesUpright(orientation: Int) throws {
        for ending in NativeLibrary.turboJPEG.isFound ? ["png", "jpg"] : ["png"] {
            let name = "turned\(orientation).\(ending)"
            let upright = try Image.read(Golden.path(name), applyExifOrientation: true)
            #expect(isIdentical(upright.contiguous(), try Golden.array(name)), "\(name)")
            // Left alone unless it is asked for, as in PyTorch.
            let stored = try Image.read(Golden.path(name))
            #expect(stored.shape == [3, 6, 4])
        }
    }

    @Test func readsAndWritesSixteenBits() throws {
        let expected = try Golden.array("deep.png")
        #expect(isIdentical(try Image.readDeep(Golden.path("deep.png")), expected))
        #expect(isIdentical(try Image.readDeep(Golden.path("deep.pgm")), expected))
        let written = Image.encodeDeepPNG(Tensor.cat([expected, expected, expected]))
        #expect(try Image.decode(written).shape == [3, 6, 5])
        let grey = try Image.readDeep(Golden.path("grey.png"))
        #expect(isIdentical(grey, try Golden.array("grey").to(.int32) * 257))
    }

    @Test func sixteenBitsComeBackFromAFile() async throws {
        let deep = try Golden.array("deep.png")
        try await withTemporaryFolder { folder in
            try AtomicFile.write(Image.encodeDeepPNG(deep), to: "\(folder)/deep.png")
            #expect(isIdentical(try Image.readDeep("\(folder)/deep.png"), deep))
        }
    }

    @Test func writesTheKindThatTheNameEndsIn() async throws {
        let image = try Golden.array("rgb")
        try await withTemporaryFolder { folder in
            for ending in ["png", "bmp", "ppm"] {
                try Image.write(image, to: "\(folder)/a.\(ending)")
                #expect(isIdentical(try Image.read("\(folder)/a.\(ending)"), image), "\(ending)")
            }
            try Image.write(try Golden.array("grey"), to: "\(folder)/a.pgm")
            #expect(isIdentical(try Image.read("\(folder)/a.pgm"), try Golden.array("grey")))
            let error = #expect(throws: FormatError.self) { try Image.write(image, to: "\(folder)/a.gif") }
            #expect(error?.description.contains("a name that ends in .png") == true)
            guard NativeLibrary.turboJPEG.isFound else { return }
            try Image.write(image, to: "\(folder)/a.jpg", quality: 95)
            let read = try Image.read("\(folder)/a.jpg")
            #expect((read.to(.float32) - image.to(.float32)).abs().mean().item() < 12)
        }
    }

    @Test func largePicturesAreRefusedBeforeMemoryIsTaken() throws {
        for name in Self.plain + ["baseline.jpg"] where NativeLibrary.turboJPEG.isFound || !name.hasSuffix("jpg") {
            let error = #expect(throws: FormatError.self, "\(name)") { try Image.read(Golden.path(name), limit: 1) }
            #expect(error?.description.contains("at most 1 bytes") == true, "\(name): \(String(describing: error))")
        }
        let header = Array("P6 100000 100000 255\n".utf8)
        #expect(throws: FormatError.self) { try Image.decode(header, limit: 1 << 40) }
    }

    /// Whatever is done to a file, reading it gives a picture or an error: 20,000 files, each changed in a few places, cut
    /// short, or with a piece of another put in.
    @Test func changedFilesGiveAPictureOrAnError() throws {
        let names =
            Self.plain + ["deep.png", "deep.pgm", "palette_alpha.png", "rgba.png", "grey_key.png", "turned5.png"]
            + (NativeLibrary.turboJPEG.isFound ? ["baseline.jpg", "progressive.jpg", "grey.jpg", "turned6.jpg"] : [])
        let files = try names.map { name in
            let source = try ByteSource(path: Golden.path(name))
            return try source.bytes(at: 0, count: source.byteCount)
        }
        let random = Generator(seed: 20)
        var (pictures, errors) = (0, 0)
        for number in 0..<20_000 {
            var bytes = files[number % files.count]
            let other = files[random.next(in: 0..<files.count)]
            for _ in 0...random.next(in: 0..<4) {
                switch random.next(in: 0..<6) {
                case 0: bytes.removeLast(random.next(in: 0..<bytes.count))
                case 1:
                    let start = random.next(in: 0..<other.count)
                    bytes.insert(contentsOf: other[start...].prefix(24), at: random.next(in: 0..<(bytes.count + 1)))
                default:
                    // Headers more often than pixels.
                    let end = random.happens(0.5) ? min(64, bytes.count) : bytes.count
                    if end > 0 { bytes[random.next(in: 0..<end)] = UInt8(random.next(in: 0..<256)) }
                }
            }
            do {
                let image = try Image.decode(
                    bytes, name: "changed", as: .rgb, applyExifOrientation: true, limit: 1 << 20)
                // Not within #expect, which would show the picture.
                let isRight = image.rank == 3 && image.count > 0 && image.count <= 1 << 20
                if !isRight { Issue.record("number \(number) gives \(image.spec)") }
                pictures += 1
            } catch {
                if !(error is FormatError) { Issue.record("number \(number) gives \(error)") }
                errors += 1
            }
        }
        // Both happen, or the test would show nothing.
        #expect(pictures > 1000 && errors > 1000, "\(pictures) pictures, \(errors) errors")
    }
}
