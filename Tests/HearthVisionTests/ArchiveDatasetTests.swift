import HearthTensor
import Testing

import HearthFormats
import HearthVision

/// CIFAR and EMNIST from archives of a few images, made here in the format of the real ones.
@Suite struct ArchiveDatasetTests {
    /// An archive of plain files as tar writes it.
    private func tar(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var archive: [UInt8] = []
        for file in files {
            var header = [UInt8](repeating: 0, count: 512)
            func put(_ text: String, at offset: Int) {
                header.replaceSubrange(offset..<(offset + text.utf8.count), with: Array(text.utf8))
            }
            put(file.name, at: 0)
            let size = String(file.bytes.count, radix: 8)
            put(String(repeating: "0", count: 11 - size.count) + size, at: 124)
            put("        ", at: 148)
            header[156] = UInt8(ascii: "0")
            let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
            put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", at: 148)
            archive += header + file.bytes + [UInt8](repeating: 0, count: (512 - file.bytes.count % 512) % 512)
        }
        return archive + [UInt8](repeating: 0, count: 1024)
    }

    private func records(_ count: Int, labels: Int, classes: Int) -> [UInt8] {
        (0..<count).flatMap { i -> [UInt8] in
            [UInt8](repeating: UInt8(i % classes), count: labels) + (0..<3072).map { UInt8(($0 + i) % 251) }
        }
    }

    @Test func readsCIFARFromItsArchive() async throws {
        try await withTemporaryFolder { root in
            let batches = (1...5).map {
                (name: "cifar-10-batches-bin/data_batch_\($0).bin", bytes: records(3, labels: 1, classes: 10))
            }
            let names = (
                name: "cifar-10-batches-bin/batches.meta.txt", bytes: Array("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n".utf8)
            )
            try AtomicFile.write(Gzip.compress(tar(batches + [names])), to: "\(root)/cifar-10-binary.tar.gz")
            let data = try await CIFAR10(root: root)
            #expect(data.count == 15 && data.classes.count == 10 && data.images.shape == [15, 3, 32, 32])
            #expect(data.labels.array(of: Int.self) == [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])
            #expect(
                data.images[1, 0, 0, 0].item() == 1
                    && data.images[0, 2, 31, 31].item() == 59)
            // The second time it reads what was taken out.
            #expect(try await CIFAR10(root: root).count == 15)
            // The test images are not in this archive.
            let error = await #expect(throws: FormatError.self) { try await CIFAR10(root: root, train: false) }
            #expect(error?.description.contains("test_batch.bin") == true)
        }
    }

    @Test func takesTheFinerOfTwoLabels() async throws {
        try await withTemporaryFolder { root in
            let lines = (0..<100).map { "class \($0)\n" }.joined()
            let bytes = [3, 77] + [UInt8](repeating: 5, count: 3072)
            let files = [("x/train.bin", bytes), ("x/fine_label_names.txt", Array(lines.utf8))]
            try AtomicFile.write(tar(files), to: "\(root)/cifar-100-binary.tar.gz")
            let data = try await CIFAR100(root: root)
            #expect(data.labels.array(of: Int.self) == [77] && data.classes[77] == "class 77")
        }
    }

    @Test func damagedArchivesAreRefused() async throws {
        try await withTemporaryFolder { root in
            let missing = await #expect(throws: MissingFile.self) { try await CIFAR10(root: root) }
            #expect(missing?.description.contains("cifar-10-binary.tar.gz") == true)
            let whole = tar([("a/data_batch_1.bin", records(1, labels: 1, classes: 10))])
            for damage in [Array(whole.prefix(700)), [1, 2, 3] + whole, Array(whole.dropLast(1024))] {
                try AtomicFile.write(damage, to: "\(root)/cifar-10-binary.tar.gz")
                await #expect(throws: FormatError.self) { try await CIFAR10(root: root) }
            }
            let odd = (1...5).map { (name: "data_batch_\($0).bin", bytes: [UInt8](repeating: 200, count: 3073)) }
            try AtomicFile.write(
                tar(odd + [(name: "batches.meta.txt", bytes: [])]), to: "\(root)/cifar-10-binary.tar.gz")
            let error = await #expect(throws: FormatError.self) { try await CIFAR10(root: root) }
            #expect(error?.description.contains("labels from 0 to 9") == true)
        }
    }

    @Test func readsEMNISTFromItsArchive() async throws {
        try await withTemporaryFolder { root in
            let folder = "\(root)/EMNIST/raw"
            try Folder.create(folder)
            try IDX.write(Tensor.arange(0, 24).to(.uint8).reshape([2, 3, 4]), to: "\(root)/images")
            try IDX.write(Tensor([7, 26]).to(.uint8), to: "\(root)/labels")
            func packed(_ name: String) throws -> [UInt8] {
                let source = try ByteSource(path: "\(root)/\(name)")
                return Gzip.compress(try source.bytes(at: 0, count: source.byteCount))
            }
            try AtomicFile.write(to: "\(folder)/gzip.zip") { file in
                var writer = ZipWriter(file)
                try writer.add("gzip/emnist-letters-train-images-idx3-ubyte.gz", packed("images"))
                try writer.add("gzip/emnist-letters-train-labels-idx1-ubyte.gz", packed("labels"))
                try writer.finish()
            }
            let data = try await EMNIST(root: root, split: .letters)
            #expect(data.images.shape == [2, 1, 3, 4] && data.labels.array(of: Int.self) == [7, 26])
            #expect(data.classes.count == 27 && data.classes[26] == "z")
            await #expect(throws: FormatError.self) { try await EMNIST(root: root, split: .digits) }
        }
    }

    @Test func splitsOfEMNISTHaveTheirClasses() {
        #expect(EMNIST.Split.allCases.map(\.classes.count) == [62, 47, 47, 27, 10, 10])
        #expect(EMNIST.Split.balanced.classes.suffix(11).joined() == "abdefghnqrt")
    }

    @Test func foldersTakeFilesFromAnywhere() throws {
        let files = [(path: Golden.path("rgb.png"), label: 1), (path: Golden.path("bmp24.bmp"), label: 0)]
        let data = ImageFolder(files, classes: ["a", "b"], transform: Resize(height: 4, width: 5))
        let (images, labels) = try data.batch(at: [0, 1, 0], random: .init(seed: 0, epoch: 0))
        #expect(images.shape == [3, 3, 4, 5] && labels.array(of: Int.self) == [1, 0, 1])
    }
}
