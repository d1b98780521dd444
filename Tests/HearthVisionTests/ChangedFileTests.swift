import HearthFormats
import HearthTensor
import Testing

import HearthVision

/// Whatever is done to a file, reading it gives a picture or an error, in little time and memory.
@Suite struct ChangedFileTests {
    @Test func changedFilesGiveAPictureOrAnError() async {
        // In a process of its own, whose memory is that of this test alone.
        await #expect(processExitsWith: .success) {
            var changer = try FileChanger(seed: 20)
            var (pictures, errors) = (0, 0)
            let memory = peakMemory()
            let start = ContinuousClock.now
            for number in 0..<20_000 {
                let bytes = changer.changed(number)
                do {
                    let image = try changer.read(bytes, number)
                    guard image.rank == 3, image.count > 0, image.count <= 1 << 20 else {
                        fatalError("number \(number) gives \(image.spec)")
                    }
                    pictures += 1
                } catch {
                    guard error is FormatError else { fatalError("number \(number) gives \(error)") }
                    errors += 1
                }
            }
            // Both happen, or the test would show nothing.
            guard pictures > 4000, errors > 4000 else { fatalError("\(pictures) pictures, \(errors) errors") }
            let (took, grown) = (ContinuousClock.now - start, peakMemory() - memory)
            guard took < .seconds(120), grown < 128 << 20 else { fatalError("\(took), \(grown) bytes more") }
        }
    }
}

/// Files of all kinds, each changed in a few places, cut short, or with a piece of another put in. Of PNG files half get
/// right checksums again, some of them with rows that were changed before they were packed, or the change would be
/// noticed before anything is read.
private struct FileChanger {
    private let files: [[UInt8]]
    private let random: Generator

    init(seed: UInt64) throws {
        let names =
            PictureKindTests.plain
            + ["deep.png", "deep.pgm", "palette_alpha.png", "rgba.png", "rgb16.png", "grey_alpha.png", "grey_key.png"]
            + ["turned5.png", "grey2.png", "palette4.png"]
            + (NativeLibrary.turboJPEG.isFound
                ? ["baseline.jpg", "progressive.jpg", "grey.jpg", "inks.jpg", "turned6.jpg"] : [])
        files = try names.map { name in
            let source = try ByteSource(path: Golden.path(name))
            return try source.bytes(at: 0, count: source.byteCount)
        }
        random = Generator(seed: seed)
    }

    func read(_ bytes: [UInt8], _ number: Int) throws -> Tensor {
        let limit = 1 << 20
        switch number % 4 {
        case 0: return try Image.decodeDeep(bytes, as: .grey, applyExifOrientation: true, limit: limit)
        case 1: return try Image.decode(bytes, as: .unchanged, limit: limit)
        case 2: return try Image.decodeFloat(bytes, as: .rgba, limit: limit)
        default: return try Image.decode(bytes, as: .rgb, applyExifOrientation: true, limit: limit)
        }
    }

    mutating func changed(_ number: Int) -> [UInt8] {
        let file = files[number % files.count]
        guard file.starts(with: PNG.signature) else { return change(file) }
        switch random.next(in: 0..<4) {
        case 0: return change(file)
        case 1: return repaired(change(file))
        default:
            let parts = Self.chunks(of: file)
            return Self.file(
                parts.map { part in
                    if part.type == "IDAT", random.happens(0.7) { return ("IDAT", packed(part.data)) }
                    return (part.type, random.happens(0.3) ? change(part.data) : part.data)
                })
        }
    }

    private func change(_ file: [UInt8]) -> [UInt8] {
        var bytes = file
        let other = files[random.next(in: 0..<files.count)]
        for _ in 0...random.next(in: 0..<4) {
            switch random.next(in: 0..<6) {
            case 0 where !bytes.isEmpty: bytes.removeLast(random.next(in: 0..<bytes.count))
            case 1:
                let start = random.next(in: 0..<other.count)
                bytes.insert(contentsOf: other[start...].prefix(24), at: random.next(in: 0..<(bytes.count + 1)))
            default:
                // Headers more often than pixels.
                let end = random.happens(0.5) ? min(64, bytes.count) : bytes.count
                if end > 0 { bytes[random.next(in: 0..<end)] = UInt8(random.next(in: 0..<256)) }
            }
        }
        return bytes
    }

    /// Compressed rows with some of their bytes changed.
    private func packed(_ data: [UInt8]) -> [UInt8] {
        var rows = [UInt8](repeating: 0, count: 4096)
        let inflater = Inflater(data, name: "rows", wrapper: .zlib)
        guard let count = try? rows.withUnsafeMutableBytes({ try inflater.read(into: $0) }) else { return data }
        rows.removeLast(rows.count - count)
        for _ in 0...random.next(in: 0..<8) where !rows.isEmpty {
            // Filters are small numbers.
            rows[random.next(in: 0..<rows.count)] = UInt8(random.next(in: 0..<(random.happens(0.5) ? 6 : 256)))
        }
        return rows.withUnsafeBytes { Deflater.compress([$0], wrapper: .zlib) }
    }

    /// The file with the checksums that its chunks should have.
    private func repaired(_ file: [UInt8]) -> [UInt8] {
        file.starts(with: PNG.signature) ? Self.file(Self.chunks(of: file)) : file
    }

    private static func chunks(of file: [UInt8]) -> [(type: String, data: [UInt8])] {
        var (chunks, position) = ([(type: String, data: [UInt8])](), 8)
        while position + 12 <= file.count {
            let length = file[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
            let type = String(decoding: file[(position + 4)..<(position + 8)], as: UTF8.self)
            let end = min(position + 8 + length, file.count)
            chunks.append((type, Array(file[(position + 8)..<end])))
            position = end + 4
        }
        return chunks
    }

    private static func file(_ chunks: [(type: String, data: [UInt8])]) -> [UInt8] {
        func big(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        return chunks.reduce(PNG.signature) { file, chunk in
            let body = Array(chunk.type.utf8) + chunk.data
            return file + big(UInt32(chunk.data.count)) + body + big(PNG.checksum(body[...]))
        }
    }
}
