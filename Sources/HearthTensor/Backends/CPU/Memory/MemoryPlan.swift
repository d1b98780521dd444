/// Where the blocks of a run lie in one piece of memory: in each other's place where their lives allow.
package struct MemoryPlan: Sendable {
    /// The blocks, in the order in which a run asks for them: their sizes, and where they begin; nil for those that outlive
    /// the run.
    let blocks: [(byteCount: Int, offset: Int?)]
    /// How many blocks of the piece are in use when each is asked for.
    let inUse: [Int]
    /// The bytes of the whole piece.
    package let byteCount: Int

    /// The largest first, each as far in front as those that are placed allow.
    init(_ lives: [MemoryRecording.Life]) {
        var blocks = lives.map { (byteCount: $0.byteCount, offset: Int?.none) }
        var placed: [(life: MemoryRecording.Life, range: Range<Int>)] = []
        var end = 0
        let order = lives.indices.filter { lives[$0].end < .max }.sorted {
            (lives[$1].byteCount, $0) < (lives[$0].byteCount, $1)
        }
        for index in order {
            let life = lives[index]
            let size = (life.byteCount + 63) & ~63
            var start = 0
            // Those placed are kept in the order of their beginnings.
            for other in placed where other.life.start < life.end && life.start < other.life.end {
                if start + size <= other.range.lowerBound { break }
                start = max(start, other.range.upperBound)
            }
            let place = placed.firstIndex { $0.range.lowerBound > start } ?? placed.count
            placed.insert((life, start..<start + size), at: place)
            blocks[index].offset = start
            end = max(end, start + size)
        }
        self.blocks = blocks
        byteCount = end
        inUse = Self.counts(lives)
    }

    private static func counts(_ lives: [MemoryRecording.Life]) -> [Int] {
        let ends = lives.map(\.end).filter { $0 < .max }.sorted()
        var (begun, ended) = (0, 0)
        return lives.map { life in
            while ended < ends.count, ends[ended] < life.start { ended += 1 }
            defer { if life.end < .max { begun += 1 } }
            return begun - ended
        }
    }
}
