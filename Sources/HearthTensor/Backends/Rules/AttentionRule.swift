/// How attention is computed, whatever the device.
package struct AttentionRule: Sendable, Hashable {
    let scale: Double
    /// Whether row `i` looks at keys `0 … i` only.
    let isCausal: Bool
    /// The probability of a weight to be dropped, and where its random numbers begin.
    let dropout: Double
    let stream: RandomStream

    /// Rows of one head that are computed together, and how many keys they look at.
    struct Block: Sendable, Hashable {
        let start: Int
        let count: Int
        let keys: Int
    }

    /// Scores that are held at a time, of one head: as many as stay in a cache.
    private static let bound = 1 << 18

    /// The rows of one head in blocks, which depend on nothing but the sizes.
    func blocks(rows: Int, keys: Int) -> [Block] {
        // A product of fewer rows is slower than it saves memory.
        let size = Swift.min(Swift.max(Self.bound / Swift.max(keys, 1), 32), Swift.max(rows, 1))
        return stride(from: 0, to: Swift.max(rows, 1), by: size).map { start in
            let end = Swift.min(start + size, rows)
            return Block(start: start, count: end - start, keys: isCausal ? Swift.min(end, keys) : keys)
        }
    }

    /// Where the random numbers of a block begin.
    func stream(of block: Block, head: Int, rows: Int, keys: Int) -> RandomStream {
        RandomStream(
            seed: stream.seed, offset: stream.offset + UInt64((head * rows + block.start) * Self.drawsOfRow(keys)))
    }

    /// Counters of the generator that a row of scores takes, four numbers each.
    static func drawsOfRow(_ keys: Int) -> Int { (keys + 3) / 4 }
}

extension AttentionRule: AttributeRecord {
    var attributes: Attributes {
        ["scale": scale, "isCausal": isCausal, "dropout": dropout, "stream": stream]
    }

    init(_ attributes: Attributes) throws(AttributeError) {
        self.init(
            scale: try attributes["scale"], isCausal: try attributes["isCausal"], dropout: try attributes["dropout"],
            stream: try attributes["stream"])
    }
}
