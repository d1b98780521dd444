/// A zip file that is open for reading.
///
/// The list of entries is checked when the archive is opened: names are unique, every entry lies inside the file, and
/// no two overlap. A file built to decompress without end is refused by a limit on the sum of all entries.
package struct ZipArchive {
    let source: ByteSource
    /// In the order of the archive's list.
    package let entries: [Entry]
    private let positions: [String: Int]
    /// The most bytes that compressed entries may decompress to, all together.
    let inflatedLimit: Int

    /// One file of the archive.
    package struct Entry {
        package var name: String
        package var isCompressed: Bool
        var compressedSize: Int
        package var size: Int
        var checksum: UInt32
        var headerOffset: Int
        /// The first byte of the entry's data.
        package var dataOffset = 0
    }

    /// The limit for a file of this size: 256 MiB, or 32 times the file when that is more.
    static func standardLimit(for byteCount: Int) -> Int {
        max(1 << 28, byteCount.multipliedReportingOverflow(by: 32).partialValue)
    }

    package init(_ source: ByteSource, inflatedLimit: Int?) throws {
        self.source = source
        self.inflatedLimit = inflatedLimit ?? Self.standardLimit(for: source.byteCount)
        let directory = try ZipDirectory(source)
        entries = try directory.entries()
        positions = try Self.positions(of: entries, in: source)
        try checkInflatedSize()
    }

    /// True when the bytes start as a zip file does.
    static func isZip(_ source: ByteSource) throws -> Bool {
        guard source.byteCount >= 4 else { return false }
        let start = try source.bytes(at: 0, count: 4)
        return start == [0x50, 0x4b, 3, 4] || start == [0x50, 0x4b, 5, 6]
    }

    /// The entry with this name.
    package subscript(name: String) -> Entry? { positions[name].map { entries[$0] } }

    private static func positions(of entries: [Entry], in source: ByteSource) throws -> [String: Int] {
        var positions: [String: Int] = [:]
        for (position, entry) in entries.enumerated() {
            guard positions.updateValue(position, forKey: entry.name) == nil else {
                throw source.error("names that differ", "two entries named '\(entry.name)'", at: entry.headerOffset)
            }
        }
        return positions
    }

    private func checkInflatedSize() throws {
        var sum = 0
        for entry in entries where entry.isCompressed {
            let (total, overflow) = sum.addingReportingOverflow(entry.size)
            guard !overflow, total <= inflatedLimit else {
                throw source.error(
                    "entries that decompress to at most \(inflatedLimit) bytes", "'\(entry.name)', which goes beyond")
            }
            sum = total
        }
    }
}

extension ZipArchive {
    /// The bytes of an entry, their checksum compared.
    package func bytes(of entry: Entry) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: entry.size) { buffer, initialized in
            let buffer = UnsafeMutableRawBufferPointer(
                rebasing: UnsafeMutableRawBufferPointer(buffer).prefix(entry.size))
            try read(entry, into: buffer)
            initialized = entry.size
        }
    }

    /// Fills `buffer`, which has the entry's size, with its bytes, their checksum compared.
    func read(_ entry: Entry, into buffer: UnsafeMutableRawBufferPointer) throws {
        let data = try data(of: entry)
        if entry.isCompressed {
            let inflater = Inflater(data, wrapper: .none)
            try inflater.readExactly(into: buffer)
            try inflater.expectEnd()
        } else {
            try data.read(at: 0, into: buffer)
        }
        var checksum = CRC32()
        checksum.update(UnsafeRawBufferPointer(buffer))
        try compare(checksum, entry)
    }

    /// The content of an entry as a source, its checksum compared: a part of the file when the entry is stored, memory
    /// when it had to be decompressed.
    func open(_ entry: Entry) throws -> ByteSource {
        let data = try data(of: entry)
        if entry.isCompressed { return ByteSource(try bytes(of: entry), name: data.name) }
        var checksum = CRC32()
        for start in stride(from: 0, to: data.byteCount, by: 1 << 18) {
            try data.bytes(at: start, count: min(1 << 18, data.byteCount - start)).withUnsafeBytes {
                checksum.update($0)
            }
        }
        try compare(checksum, entry)
        return data
    }

    private func data(of entry: Entry) throws -> ByteSource {
        try source.slice(at: entry.dataOffset, count: entry.compressedSize, name: "\(source.name)/\(entry.name)")
    }

    private func compare(_ checksum: CRC32, _ entry: Entry) throws {
        // PyTorch writes 0 when it was told not to compute checksums (torch.serialization.set_crc32_options).
        guard entry.checksum == 0 || entry.checksum == checksum.value else {
            throw FormatError(
                file: "\(source.name)/\(entry.name)", expected: "data with the checksum \(entry.checksum)",
                found: "damaged data with the checksum \(checksum.value)", offset: entry.dataOffset)
        }
    }
}
