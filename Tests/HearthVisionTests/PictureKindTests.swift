import HearthFormats
import HearthTensor
import Testing

import HearthVision

/// Kinds of pictures other than plain PNG, against what PIL reads (`Tests/Goldens/make_images.py`).
@Suite struct PictureKindTests {
    static let plain = [
        "bmp24.bmp", "bmp8.bmp", "bmp_grey.bmp", "bmp1.bmp", "bmp32.bmp", "runs.bmp", "binary.ppm", "binary.pgm",
        "bmp16.bmp", "bmp565.bmp", "bmp_masks.bmp", "runs4.bmp", "os2.bmp", "os2_palette.bmp", "binary.pbm", "text.ppm",
        "text.pgm", "text.pbm", "interlaced.png", "interlaced_small.png",
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

    @Test func turnsPicturesUprightByNumbersOfThirtyTwoBits() {
        func tiff(_ kind: UInt8, _ value: [UInt8]) -> [UInt8] {
            [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, kind, 0, 0, 0, 1] + value
        }
        #expect(Orientation(tiff: tiff(3, [0, 6, 0, 0])) == .leftSideDown)
        #expect(Orientation(tiff: tiff(4, [0, 0, 0, 6])) == .leftSideDown)
        #expect(Orientation(tiff: tiff(4, [0, 1, 0, 6])) == nil && Orientation(tiff: tiff(2, [0, 6, 0, 0])) == nil)
    }

    @Test func readsAndWritesSixteenBits() throws {
        let expected = try Golden.array("deep.png")
        #expect(isIdentical(try Image.readDeep(Golden.path("deep.png")), expected))
        #expect(isIdentical(try Image.readDeep(Golden.path("deep.pgm")), expected))
        let written = Image.encodeDeepPNG(Tensor.cat([expected, expected, expected]))
        #expect(try Image.decode(written).shape == [3, 6, 5])
        let grey = try Image.readDeep(Golden.path("grey.png"))
        #expect(isIdentical(grey, try Golden.array("grey").to(.int32) * 257))
        let colours = try Image.decodeDeep(written, as: .rgba)
        #expect(isIdentical(colours[1].contiguous(), expected[0].contiguous()))
        #expect(colours[3].array(of: Int32.self).allSatisfy { $0 == 65535 })
    }

    @Test func sixteenBitsBecomeFloatsInOneStep() throws {
        let deep = try Golden.array("deep.png")
        let floats = try Image.readFloat(Golden.path("deep.png"))
        #expect(floats.dtype == .float32 && isIdentical(floats, deep.to(.float32) / 65535))
        let turned = try Image.readFloat(Golden.path("turned6.png"), as: .rgb, applyExifOrientation: true)
        #expect(turned.shape == [3, 4, 6])
        // Bytes become what ToTensor makes of them, to the bit.
        for name in ["rgb.png", "grey_alpha.png", "bmp24.bmp", "binary.ppm", "text.pgm"] {
            let bytes = try Image.read(Golden.path(name))
            #expect(isIdentical(try Image.readFloat(Golden.path(name)), ToTensor()(bytes).contiguous()), "\(name)")
        }
    }

    @Test func deepPicturesOfFloatsAreClamped() throws {
        let image = Tensor([[0, 1, -3, 1e30], [Double.infinity, -Double.infinity, .nan, 0.5]])
        let read = try Image.decodeDeep(Image.encodeDeepPNG(image))
        #expect(read.array(of: Int32.self) == [0, 65535, 0, 65535, 65535, 0, 0, 32768])
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
}
