import HearthData
import HearthFormats
import HearthTensor
import Testing

import HearthVision

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

@Suite struct ImageFolderTests {
    /// A folder of pictures that are all of one value, by their paths.
    private func withPictures(
        _ pictures: [String: UInt8], size: (height: Int, width: Int) = (3, 4), _ body: (String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { root in
            for (path, value) in pictures {
                let folder = path.split(separator: "/").dropLast().joined(separator: "/")
                try Folder.create("\(root)/\(folder)")
                let image = Tensor.full([3, size.height, size.width], Int(value), dtype: .uint8)
                try Image.write(image, to: "\(root)/\(path)")
            }
            try await body(root)
        }
    }

    @Test func findsPicturesInTheirOrder() async throws {
        let pictures: [String: UInt8] = [
            "dog/2.png": 1, "dog/10.PNG": 2, "cat/z.bmp": 3, "cat/old/b.ppm": 4, "cat/old/a.ppm": 5,
            "cat/a/deep/x.png": 6,
            "Ant/1.png": 7, "dog/.hidden.png": 8, ".cache/1.png": 9,
        ]
        try await withPictures(pictures.filter { !$0.key.hasSuffix("PNG") }) { root in
            try Image.write(Tensor.full([3, 3, 4], 2, dtype: .uint8), to: "\(root)/dog/10.png")
            try #require(rename("\(root)/dog/10.png", "\(root)/dog/10.PNG") == 0)
            try AtomicFile.write(Array("no picture".utf8), to: "\(root)/cat/notes.txt")
            try AtomicFile.write(Array("no folder".utf8), to: "\(root)/readme.png")
            // A link back to a folder above does not lead round and round.
            try #require(symlink("..", "\(root)/cat/again") == 0)
            let data = try ImageFolder(root)
            #expect(data.classes == ["Ant", "cat", "dog"])
            let found = data.files.map { String($0.path.dropFirst(root.count + 1)) }
            #expect(
                found.filter { !$0.hasPrefix("cat/again") } == [
                    "Ant/1.png", "cat/z.bmp", "cat/a/deep/x.png", "cat/old/a.ppm", "cat/old/b.ppm", "dog/10.PNG",
                    "dog/2.png",
                ])
            #expect(found.count < 20)
            for (index, file) in data.files.enumerated() where !file.path.contains("again") {
                let (image, label) = try data.sample(at: index, random: Generator(seed: 0))
                #expect(
                    image[0, 0, 0].item() == Double(pictures[found[index]] ?? 0) && label.item() == Double(file.label))
            }
            let some = try ImageFolder(root, classes: ["dog", "Ant"])
            #expect(some.files.map(\.label) == [0, 0, 1])
        }
    }

    @Test func classesMustHavePictures() async throws {
        try await withPictures(["a/1.png": 1]) { root in
            try Folder.create("\(root)/b/nothing")
            try Folder.create("\(root)/c")
            let error = #expect(throws: FormatError.self) { try ImageFolder(root) }
            #expect(error?.description.contains("none for b, c") == true, "\(String(describing: error))")
            let data = try ImageFolder(root, allowEmpty: true)
            #expect(data.classes == ["a", "b", "c"] && data.count == 1)
            #expect(throws: FileError.self) { try ImageFolder(root, classes: ["missing"]) }
            let none = #expect(throws: FormatError.self) { try ImageFolder("\(root)/c", allowEmpty: true) }
            #expect(none?.description.contains("no folders") == true)
        }
    }

    @Test func picturesOfOtherSizesAreNamed() async throws {
        try await withPictures(["a/1.png": 1, "a/2.png": 2]) { root in
            try Image.write(Tensor.zeros(3, 5, 6, dtype: .uint8), to: "\(root)/a/3.png")
            let data = try ImageFolder(root, transform: ToTensor())
            let error = await #expect(throws: FormatError.self) {
                for try await _ in DataLoader(data, batchSize: 3, workers: 2) {}
            }
            let text = error?.description ?? ""
            #expect(
                text.contains("a/3.png") && text.contains("a/1.png") && text.contains("[3, 3, 4]")
                    && text.contains("[3, 5, 6]"), "\(text)")
            let loaded = #expect(throws: FormatError.self) { try data.loaded() }
            #expect(loaded?.description.contains("a/3.png") == true)
            let sized = try ImageFolder(root, transform: Compose(Resize(height: 2, width: 2), ToTensor()))
            let (images, _) = try sized.batch(at: [0, 1, 2], random: RandomSource(seed: 0, epoch: 0))
            #expect(images.shape == [3, 3, 2, 2])
        }
    }

    @Test func aDamagedPictureIsNamed() async throws {
        try await withPictures(["a/1.png": 1]) { root in
            try AtomicFile.write([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1], to: "\(root)/a/2.png")
            let data = try ImageFolder(root)
            let error = await #expect(throws: FormatError.self) {
                for try await _ in DataLoader(data, batchSize: 1, workers: 1) {}
            }
            #expect(error?.description.contains("a/2.png") == true, "\(String(describing: error))")
        }
    }

    @Test func picturesAreTurnedAndLimited() throws {
        let files = [(path: Golden.path("turned6.png"), label: 0)]
        let random = Generator(seed: 0)
        #expect(try ImageFolder(files, classes: ["a"]).sample(at: 0, random: random).0.shape == [3, 6, 4])
        let turned = ImageFolder(files, classes: ["a"], applyExifOrientation: true, limit: 72)
        #expect(try turned.sample(at: 0, random: random).0.shape == [3, 4, 6])
        let small = ImageFolder(files, classes: ["a"], limit: 71)
        #expect(throws: FormatError.self) { try small.sample(at: 0, random: random) }
    }
}
