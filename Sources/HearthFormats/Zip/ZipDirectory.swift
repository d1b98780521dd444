import HearthTensor

/// The list of entries at the end of a zip file
/// (APPNOTE 6.3.10, <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>).
struct ZipDirectory {
    private let source: ByteSource
    private var entryCount: Int
    private var offset: Int
    private var byteCount: Int

    /// More entries than any model has, few enough to check in a moment.
    private static let entryLimit = 1 << 18
    private static let endSize = 22

    init(_ source: ByteSource) throws {
        self.source = source
        let (end, record) = try Self.findEnd(source)
        entryCount = Int(record.integer(UInt16.self, at: 10))
        byteCount = Int(record.integer(UInt32.self, at: 12))
        offset = Int(record.integer(UInt32.self, at: 16))
        let diskCount = record.integer(UInt16.self, at: 4)
        if entryCount == 0xffff || byteCount == 0xffff_ffff || offset == 0xffff_ffff {
            try readZip64End(before: end)
        } else if diskCount != 0 {
            throw source.error("a zip file in one part", "a part of several", at: end)
        }
        guard entryCount <= Self.entryLimit else {
            throw source.error("at most \(Self.entryLimit) entries", "\(entryCount)", at: end)
        }
        guard byteCount <= end, offset <= end - byteCount, entryCount * 46 <= byteCount else {
            throw source.error(
                "a list of entries inside the file", "\(entryCount) entries in \(byteCount) bytes at \(offset)", at: end
            )
        }
    }

    /// The record that ends every zip file; a comment of up to 65,535 bytes may follow it.
    private static func findEnd(_ source: ByteSource) throws -> (offset: Int, record: [UInt8]) {
        let tailStart = max(0, source.byteCount - endSize - 0xffff)
        let tail = try source.bytes(at: tailStart, count: source.byteCount - tailStart)
        var position = tail.count - endSize
        while position >= 0 {
            let comment = tail.count - endSize - position
            if tail[position] == 0x50, tail.integer(UInt32.self, at: position) == 0x0605_4b50,
                Int(tail.integer(UInt16.self, at: position + 20)) == comment
            {
                return (tailStart + position, Array(tail[position..<(position + endSize)]))
            }
            position -= 1
        }
        throw source.error("a zip file", "no end record: the file is cut short, or of another kind")
    }

    /// Files beyond 4 GiB or 65,535 entries keep their numbers in a larger record.
    private mutating func readZip64End(before end: Int) throws {
        guard end >= 20 else { throw source.error("a zip64 locator", "the start of the file", at: end) }
        let locator = try source.bytes(at: end - 20, count: 20)
        guard locator.integer(UInt32.self, at: 0) == 0x0706_4b50 else {
            throw source.error("a zip64 locator", "none", at: end - 20)
        }
        let place = try integer(locator, at: 8)
        let record = try source.bytes(at: place, count: 56)
        guard record.integer(UInt32.self, at: 0) == 0x0606_4b50 else {
            throw source.error("a zip64 end record", "none", at: place)
        }
        entryCount = try integer(record, at: 32)
        byteCount = try integer(record, at: 40)
        offset = try integer(record, at: 48)
    }

    private func integer(_ bytes: [UInt8], at position: Int) throws -> Int {
        let value = bytes.integer(UInt64.self, at: position)
        guard let result = Int(exactly: value) else {
            throw source.error("a size of at most 63 bits", "\(value)")
        }
        return result
    }
}

extension ZipDirectory {
    /// All entries but folders, in the order of the list.
    func entries() throws -> [ZipArchive.Entry] {
        let list = try source.slice(at: offset, count: byteCount, name: "\(source.name) (list of entries)")
        var cursor = ByteCursor(list)
        var entries: [ZipArchive.Entry] = []
        entries.reserveCapacity(entryCount)
        for _ in 0..<entryCount {
            var entry = try entry(from: &cursor)
            entry.dataOffset = try dataOffset(of: entry)
            entries.append(entry)
        }
        try checkOverlap(entries)
        return entries.filter { !$0.name.hasSuffix("/") }
    }

    private func entry(from cursor: inout ByteCursor) throws -> ZipArchive.Entry {
        let start = offset + cursor.position
        let record = try cursor.bytes(46)
        guard record.integer(UInt32.self, at: 0) == 0x0201_4b50 else {
            throw source.error("an entry of the list", "other bytes", at: start)
        }
        let nameBytes = try cursor.bytes(Int(record.integer(UInt16.self, at: 28)))
        let extra = try cursor.bytes(Int(record.integer(UInt16.self, at: 30)))
        _ = try cursor.bytes(Int(record.integer(UInt16.self, at: 32)))
        guard let name = String(validating: nameBytes, as: UTF8.self) else {
            throw source.error("a name in UTF-8", "other bytes", at: start)
        }
        guard record.integer(UInt16.self, at: 8) & 1 == 0 else {
            throw source.error("entries that are not encrypted", "'\(name)', which is", at: start)
        }
        let method = record.integer(UInt16.self, at: 10)
        guard method == 0 || method == 8 else {
            throw source.error("an entry stored (0) or deflated (8)", "'\(name)' by method \(method)", at: start)
        }
        var entry = ZipArchive.Entry(
            name: name, isCompressed: method == 8, compressedSize: Int(record.integer(UInt32.self, at: 20)),
            size: Int(record.integer(UInt32.self, at: 24)), checksum: record.integer(UInt32.self, at: 16),
            headerOffset: Int(record.integer(UInt32.self, at: 42)))
        try widen(&entry, extra, at: start)
        try checkSizes(entry, at: start)
        return entry
    }

    /// Replaces the numbers that did not fit into 32 bits by those of the zip64 field.
    private func widen(_ entry: inout ZipArchive.Entry, _ extra: [UInt8], at start: Int) throws {
        let limit = 0xffff_ffff
        guard entry.size == limit || entry.compressedSize == limit || entry.headerOffset == limit else { return }
        var position = 0
        while position + 4 <= extra.count {
            let size = Int(extra.integer(UInt16.self, at: position + 2))
            let fieldEnd = position + 4 + size
            guard fieldEnd <= extra.count else { break }
            if extra.integer(UInt16.self, at: position) == 1 {
                var next = position + 4
                for path in [\ZipArchive.Entry.size, \.compressedSize, \.headerOffset]
                where entry[keyPath: path] == limit {
                    guard next + 8 <= fieldEnd else { break }
                    entry[keyPath: path] = try integer(extra, at: next)
                    next += 8
                }
                return
            }
            position = fieldEnd
        }
    }

    private func checkSizes(_ entry: ZipArchive.Entry, at start: Int) throws {
        guard entry.headerOffset <= offset, entry.compressedSize <= offset - entry.headerOffset else {
            throw source.error(
                "an entry inside the file",
                "'\(entry.name)' of \(entry.compressedSize) bytes at \(entry.headerOffset)", at: start)
        }
        let (largest, overflow) = entry.compressedSize.multipliedReportingOverflow(by: Inflater.largestRatio)
        let isPossible = entry.isCompressed ? overflow || entry.size <= largest : entry.size == entry.compressedSize
        guard isPossible else {
            throw source.error(
                "sizes that belong together",
                "'\(entry.name)' of \(entry.size) bytes in \(entry.compressedSize)", at: start)
        }
    }

    /// The data follows the entry's own header, whose name must agree with the list.
    private func dataOffset(of entry: ZipArchive.Entry) throws -> Int {
        let header = try source.bytes(at: entry.headerOffset, count: 30)
        guard header.integer(UInt32.self, at: 0) == 0x0403_4b50 else {
            throw source.error("the header of '\(entry.name)'", "other bytes", at: entry.headerOffset)
        }
        let nameSize = Int(header.integer(UInt16.self, at: 26))
        let name = try source.bytes(at: entry.headerOffset + 30, count: nameSize)
        guard name == Array(entry.name.utf8) else {
            throw source.error("the header of '\(entry.name)'", "that of another entry", at: entry.headerOffset)
        }
        let start = entry.headerOffset + 30 + nameSize + Int(header.integer(UInt16.self, at: 28))
        guard start <= offset, entry.compressedSize <= offset - start else {
            throw source.error(
                "the data of '\(entry.name)' before the list of entries", "\(entry.compressedSize) bytes at \(start)",
                at: entry.headerOffset)
        }
        return start
    }

    private func checkOverlap(_ entries: [ZipArchive.Entry]) throws {
        let sorted = entries.sorted { $0.headerOffset < $1.headerOffset }
        for (entry, next) in zip(sorted, sorted.dropFirst())
        where entry.dataOffset + entry.compressedSize > next.headerOffset {
            throw source.error(
                "entries that do not overlap", "'\(entry.name)' and '\(next.name)'", at: next.headerOffset)
        }
    }
}
