import HearthTensor

/// The zip format that PyTorch has written since 1.6: `name/data.pkl`, `name/byteorder` and `name/data/0`, …
struct TorchArchive {
    private let source: ByteSource
    private let archive: ZipArchive
    private let folder: String
    private let isBigEndian: Bool

    init(_ source: ByteSource, inflatedLimit: Int?) throws {
        self.source = source
        archive = try ZipArchive(source, inflatedLimit: inflatedLimit)
        let pickles = archive.entries.filter { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
        guard let pickle = pickles.first, pickles.count == 1 else {
            let isScript = archive.entries.contains { $0.name.hasSuffix("/constants.pkl") }
            let found = isScript ? "a TorchScript program" : "\(pickles.count) of them"
            throw source.error("one entry 'data.pkl'", found)
        }
        folder = String(pickle.name.dropLast("data.pkl".count))
        isBigEndian = try Self.isBigEndian(archive, folder)
    }

    /// Files without this entry are from before PyTorch 2.1 and little-endian.
    private static func isBigEndian(_ archive: ZipArchive, _ folder: String) throws -> Bool {
        guard let entry = archive["\(folder)byteorder"] else { return false }
        let order = entry.size <= 16 ? String(decoding: try archive.bytes(of: entry), as: UTF8.self) : "a long text"
        switch order {
        case "little": return false
        case "big": return true
        default: throw archive.source.error("the byte order 'little' or 'big'", "'\(order)'", at: entry.headerOffset)
        }
    }

    func value() throws -> PickleValue {
        guard let entry = archive["\(folder)data.pkl"] else { throw source.error("an entry 'data.pkl'", "none") }
        let pickle = try archive.open(entry)
        var machine = PickleMachine(ByteCursor(pickle))
        let graph = try machine.run()
        let storages = try graph.storages.map(tensor)
        return try PickleTree.value(graph, storages: storages, source: pickle)
    }

    /// All elements of one storage.
    private func tensor(_ storage: PickleGraph.StorageRecord) throws -> Tensor {
        let name = "\(folder)data/\(storage.key)"
        guard let entry = archive[name] else { throw source.error("an entry '\(name)'", "none") }
        let byteCount = storage.count * storage.dtype.byteCount
        guard entry.size == byteCount else {
            throw source.error(
                "\(byteCount) bytes in '\(name)', for \(storage.count) elements of \(storage.dtype)", "\(entry.size)",
                at: entry.dataOffset)
        }
        return try Tensor.make([storage.count], storage.dtype, device: .cpu) { bytes in
            try archive.read(entry, into: bytes)
            Elements.normalize(bytes, storage.dtype, bigEndian: isBigEndian)
        }
    }
}
