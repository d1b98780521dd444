/// Writes a zip file, entry by entry.
package struct ZipWriter {
    private let file: OutputFile
    private var entries: [Entry] = []
    /// Sizes and places from here on are written in 64 bits.
    private let zip64Threshold: Int

    private struct Entry {
        var name: [UInt8]
        var method: UInt16
        var compressedSize: Int
        var size: Int
        var checksum: UInt32
        var headerOffset: Int
    }

    /// 1 January 1980, the first day that a zip knows: files with one content are the same to the byte.
    private static let date: UInt16 = 0x0021

    package init(_ file: OutputFile, zip64Threshold: Int = 0xffff_ffff) {
        self.file = file
        self.zip64Threshold = zip64Threshold
    }

    /// Adds an entry whose content is all of `pieces`. A stored entry starts at a multiple of `alignment`.
    package mutating func add(
        _ name: String, _ pieces: [UnsafeRawBufferPointer], alignment: Int = 1, compressed: Bool = false
    ) throws {
        guard name.utf8.count <= 0xffff else {
            throw FormatError(
                file: file.path, expected: "a name of at most 65,535 bytes", found: "one of \(name.utf8.count)")
        }
        var checksum = CRC32()
        for piece in pieces { checksum.update(piece) }
        let size = pieces.reduce(0) { $0 + $1.count }
        let deflated = compressed ? Deflater.compress(pieces, wrapper: .none) : []
        let entry = Entry(
            name: Array(name.utf8), method: compressed ? 8 : 0, compressedSize: compressed ? deflated.count : size,
            size: size, checksum: checksum.value, headerOffset: file.position)
        entries.append(entry)
        try file.write(localHeader(entry, alignment: compressed ? 1 : alignment))
        if compressed {
            try file.write(deflated)
        } else {
            for piece in pieces { try file.write(piece) }
        }
    }

    /// Adds a stored entry of these bytes.
    package mutating func add(_ name: String, _ bytes: [UInt8], alignment: Int = 1) throws {
        try bytes.withUnsafeBytes { try add(name, [$0], alignment: alignment) }
    }

    /// Writes the list of entries, which ends the file.
    package mutating func finish() throws {
        let start = file.position
        for entry in entries { try file.write(directoryRecord(entry)) }
        let byteCount = file.position - start
        let isLarge = entries.count >= 0xffff || start >= zip64Threshold || byteCount >= zip64Threshold
        if isLarge { try file.write(zip64End(start: start, byteCount: byteCount)) }
        var end: [UInt8] = []
        end.append(integer: 0x0605_4b50 as UInt32)
        end.append(integer: 0 as UInt32)
        end.append(integer: isLarge ? 0xffff : UInt16(entries.count))
        end.append(integer: isLarge ? 0xffff : UInt16(entries.count))
        end.append(integer: isLarge ? 0xffff_ffff : UInt32(byteCount))
        end.append(integer: isLarge ? 0xffff_ffff : UInt32(start))
        end.append(integer: 0 as UInt16)
        try file.write(end)
    }

    private func isLarge(_ entry: Entry) -> Bool {
        entry.size >= zip64Threshold || entry.compressedSize >= zip64Threshold
    }

    private func localHeader(_ entry: Entry, alignment: Int) -> [UInt8] {
        var extra: [UInt8] = []
        if isLarge(entry) {
            extra.append(integer: 1 as UInt16)
            extra.append(integer: 16 as UInt16)
            extra.append(integer: entry.size)
            extra.append(integer: entry.compressedSize)
        }
        let unpadded = entry.headerOffset + 30 + entry.name.count + extra.count
        if alignment > 1, unpadded % alignment != 0 {
            // PyTorch's padding: a field named FB, its size, and Z's.
            let padding = (alignment - (unpadded + 4) % alignment) % alignment
            extra += Array("FB".utf8)
            extra.append(integer: UInt16(padding))
            extra += [UInt8](repeating: UInt8(ascii: "Z"), count: padding)
        }
        var header: [UInt8] = []
        header.append(integer: 0x0403_4b50 as UInt32)
        header += common(entry, extraCount: extra.count)
        return header + entry.name + extra
    }

    private func directoryRecord(_ entry: Entry) -> [UInt8] {
        var extra: [UInt8] = []
        if isLarge(entry) {
            extra.append(integer: entry.size)
            extra.append(integer: entry.compressedSize)
        }
        let isFar = entry.headerOffset >= zip64Threshold
        if isFar { extra.append(integer: entry.headerOffset) }
        var field: [UInt8] = []
        if !extra.isEmpty {
            field.append(integer: 1 as UInt16)
            field.append(integer: UInt16(extra.count))
        }
        field += extra
        var record: [UInt8] = []
        record.append(integer: 0x0201_4b50 as UInt32)
        record.append(integer: 45 as UInt16)
        record += common(entry, extraCount: field.count)
        record += [UInt8](repeating: 0, count: 10)
        record.append(integer: isFar ? 0xffff_ffff : UInt32(entry.headerOffset))
        return record + entry.name + field
    }

    /// The part that an entry's header and its record in the list have in common.
    private func common(_ entry: Entry, extraCount: Int) -> [UInt8] {
        let isLarge = isLarge(entry)
        var bytes: [UInt8] = []
        bytes.append(integer: isLarge ? 45 as UInt16 : 20)
        bytes.append(integer: 0x0800 as UInt16)  // names are UTF-8
        bytes.append(integer: entry.method)
        bytes.append(integer: 0 as UInt16)
        bytes.append(integer: Self.date)
        bytes.append(integer: entry.checksum)
        bytes.append(integer: isLarge ? 0xffff_ffff : UInt32(entry.compressedSize))
        bytes.append(integer: isLarge ? 0xffff_ffff : UInt32(entry.size))
        bytes.append(integer: UInt16(entry.name.count))
        bytes.append(integer: UInt16(extraCount))
        return bytes
    }

    private func zip64End(start: Int, byteCount: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        let place = start + byteCount
        bytes.append(integer: 0x0606_4b50 as UInt32)
        bytes.append(integer: 44 as UInt64)
        bytes.append(integer: 45 as UInt16)
        bytes.append(integer: 45 as UInt16)
        bytes.append(integer: 0 as UInt64)
        bytes.append(integer: entries.count)
        bytes.append(integer: entries.count)
        bytes.append(integer: byteCount)
        bytes.append(integer: start)
        bytes.append(integer: 0x0706_4b50 as UInt32)
        bytes.append(integer: 0 as UInt32)
        bytes.append(integer: place)
        bytes.append(integer: 1 as UInt32)
        return bytes
    }
}
