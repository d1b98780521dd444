import HearthTensor

/// The format that PyTorch wrote before 1.6: five pickles (a magic number, a version, the writer's system, the value,
/// the keys of the storages) and then every storage as a count and its elements, little-endian on every machine.
struct TorchLegacyFile {
    private let source: ByteSource

    init(_ source: ByteSource) { self.source = source }

    /// `0x1950a86a20f9469cfc6c` as a pickled integer of ten bytes, and the end of its pickle.
    private static let magic: [UInt8] = [
        0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, UInt8(ascii: "."),
    ]
    private static let version = 1001

    /// True when the file starts with the magic number, which follows the protocol and, from protocol 4 on, a frame.
    static func isLegacy(_ source: ByteSource) throws -> Bool { try start(source) != nil }

    private static func start(_ source: ByteSource) throws -> Int? {
        let head = try source.bytes(at: 0, count: min(source.byteCount, 11 + magic.count))
        for skipped in [2, 11] where head.dropFirst(skipped).starts(with: magic) && head[0] == 0x80 {
            return skipped + magic.count
        }
        return nil
    }

    func value() throws -> PickleValue {
        guard let start = try Self.start(source) else { throw source.error("PyTorch's magic number", "none", at: 0) }
        var cursor = ByteCursor(source, at: start)
        guard try plainValue(&cursor).int == Self.version else {
            throw source.error("version \(Self.version) of the format", "another", at: start)
        }
        _ = try plainValue(&cursor)
        var machine = PickleMachine(cursor)
        let graph = try machine.run()
        cursor = machine.cursor
        let keys = try plainValue(&cursor)
        let storages = try storages(of: graph, positions: machine.storagePositions, keys: keys, from: &cursor)
        return try PickleTree.value(graph, storages: storages, source: source)
    }

    /// The next pickle, which has no tensors.
    private func plainValue(_ cursor: inout ByteCursor) throws -> PickleValue {
        var machine = PickleMachine(cursor)
        let graph = try machine.run()
        cursor = machine.cursor
        guard graph.storages.isEmpty else { throw source.error("a value without tensors", "tensors") }
        return try PickleTree.value(graph, storages: [], source: source)
    }

    private func storages(
        of graph: PickleGraph, positions: [String: Int], keys: PickleValue, from cursor: inout ByteCursor
    ) throws -> [Tensor] {
        guard let keys = keys.elements, keys.count == graph.storages.count else {
            throw source.error("the keys of \(graph.storages.count) storages", "\(keys.elements?.count ?? 0) keys")
        }
        var storages = [Tensor?](repeating: nil, count: graph.storages.count)
        for key in keys {
            guard let key = key.string, let position = positions[key], storages[position] == nil else {
                throw source.error("each storage once", "the key '\(key.string ?? key.typeName)'", at: cursor.position)
            }
            storages[position] = try tensor(graph.storages[position], from: &cursor)
        }
        return storages.compactMap(\.self)
    }

    private func tensor(_ storage: PickleGraph.StorageRecord, from cursor: inout ByteCursor) throws -> Tensor {
        let start = cursor.position
        let count = try cursor.integer(Int64.self)
        guard count == storage.count else {
            throw source.error("\(storage.count) elements of storage '\(storage.key)'", "\(count)", at: start)
        }
        let tensor = try Elements.read([storage.count], storage.dtype, from: source, at: cursor.position)
        cursor = ByteCursor(source, at: cursor.position + storage.count * storage.dtype.byteCount)
        return tensor
    }
}
