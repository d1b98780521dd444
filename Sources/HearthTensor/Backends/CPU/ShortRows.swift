/// A short row that meets every row of a contiguous tensor, as a bias of ten classes does.
///
/// A call of a kernel for ten elements costs more than the elements. So the row is written out several times, and
/// the tensor is taken in pieces of as many rows.
struct ShortRows {
    private let walk: Walk
    private let row: UnsafeMutableRawPointer
    private let elementSize: Int

    /// Nil when the second operand of the walk is not one short row under a contiguous first.
    init?(_ walk: Walk, _ second: Tensor, size: Int) {
        guard walk.rank == 2, walk.rowCount < 64, walk.rowStride(0) == 1, walk.rowStride(1) == 1,
            walk.strides[0][0] == walk.rowCount, walk.strides[1][0] == 0, walk.sizes[0] >= 8
        else { return nil }
        self.walk = walk
        row = second.pointer
        elementSize = size
    }

    /// Calls `body` in parallel with pieces of the first operand: the position of the first element, the number of
    /// elements, and the elements of the second to go with them.
    func forEachPiece(grain: Int, _ body: (_ start: Int, _ count: Int, _ repeated: UnsafeRawPointer) -> Void) {
        let length = walk.rowCount
        let rows = walk.sizes[0]
        let times = min(512 / length, rows)
        withUnsafeTemporaryAllocation(byteCount: times * length * elementSize, alignment: 64) { memory in
            let repeated = memory.baseAddress.unsafelyUnwrapped
            for i in 0..<times {
                (repeated + i * length * elementSize).copyMemory(from: row, byteCount: length * elementSize)
            }
            Team.shared.parallel(rows, grain: grain / length) { range in
                for first in stride(from: range.lowerBound, to: range.upperBound, by: times) {
                    body(first * length, min(times, range.upperBound - first) * length, repeated)
                }
            }
        }
    }
}
