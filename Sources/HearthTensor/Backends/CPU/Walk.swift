/// How several tensors of one shape are walked together: the fewest nested loops that visit every element in
/// row-major order.
///
/// Dimensions of size 1 are left out, and neighbours that every operand steps through evenly become one. The innermost
/// dimension, the *row*, is what a kernel gets at once.
struct Walk {
    /// Sizes of the loops, the innermost last; at least one.
    private(set) var sizes = InlineArray<8, Int>(repeating: 1)
    /// Strides in elements for each operand, in the same order.
    private(set) var strides = InlineArray<3, InlineArray<8, Int>>(repeating: .init(repeating: 0))
    private(set) var rank = 0
    private let operands: Int

    init(_ shape: Shape, _ a: Strides) { self.init(shape, a, a, a, operands: 1) }
    init(_ shape: Shape, _ a: Strides, _ b: Strides) { self.init(shape, a, b, b, operands: 2) }
    init(_ shape: Shape, _ a: Strides, _ b: Strides, _ c: Strides) { self.init(shape, a, b, c, operands: 3) }

    private init(_ shape: Shape, _ a: Strides, _ b: Strides, _ c: Strides, operands: Int) {
        self.operands = operands
        for dimension in 0..<shape.count {
            let size = shape.values[dimension]
            if size == 1 { continue }
            let last = rank - 1
            if rank > 0, strides[0][last] == a.values[dimension] * size, strides[1][last] == b.values[dimension] * size,
                strides[2][last] == c.values[dimension] * size
            {
                sizes[last] *= size
            } else {
                sizes[rank] = size
                rank += 1
            }
            strides[0][rank - 1] = a.values[dimension]
            strides[1][rank - 1] = b.values[dimension]
            strides[2][rank - 1] = c.values[dimension]
        }
        if rank == 0 { rank = 1 }
    }

    /// The number of elements that a kernel gets at once.
    var rowCount: Int { sizes[rank - 1] }

    /// The distance between neighbours of a row.
    func rowStride(_ operand: Int) -> Int { strides[operand][rank - 1] }

    /// The number of rows.
    var rows: Int {
        var product = 1
        for i in 0..<(rank - 1) { product *= sizes[i] }
        return product
    }

    /// Calls `body` for the rows in `range` with the offset of each row's first element in each operand.
    @inline(__always)
    func forEachRow(in range: Range<Int>, _ body: (_ row: Int, _ offsets: InlineArray<3, Int>) -> Void) {
        // Without rows a loop may have size 0, by which nothing can be divided.
        if range.isEmpty { return }
        var index = InlineArray<8, Int>(repeating: 0)
        var offsets = InlineArray<3, Int>(repeating: 0)
        var rest = range.lowerBound
        for i in stride(from: rank - 2, through: 0, by: -1) {
            index[i] = rest % sizes[i]
            rest /= sizes[i]
            for operand in 0..<operands { offsets[operand] += index[i] * strides[operand][i] }
        }
        for row in range {
            body(row, offsets)
            var i = rank - 2
            while i >= 0 {
                index[i] += 1
                for operand in 0..<operands { offsets[operand] += strides[operand][i] }
                if index[i] < sizes[i] { break }
                for operand in 0..<operands { offsets[operand] -= sizes[i] * strides[operand][i] }
                index[i] = 0
                i -= 1
            }
        }
    }

    /// Calls `body` with pieces of rows, in parallel: the row-major position of the first element, the number of
    /// elements, and the offset of the first element in each operand.
    @inline(__always)
    func forEachPiece(grain: Int, _ body: (_ start: Int, _ count: Int, _ offsets: InlineArray<3, Int>) -> Void) {
        let rowCount = rowCount
        let rows = rows
        if rowCount == 0 || rows == 0 { return }
        if rows < 4 {
            forEachRow(in: 0..<rows) { row, offsets in
                Team.shared.parallel(rowCount, grain: grain) { range in
                    var moved = offsets
                    for operand in 0..<operands { moved[operand] += range.lowerBound * rowStride(operand) }
                    body(row * rowCount + range.lowerBound, range.count, moved)
                }
            }
        } else {
            Team.shared.parallel(rows, grain: Swift.max(1, grain / rowCount)) { range in
                forEachRow(in: range) { row, offsets in body(row * rowCount, rowCount, offsets) }
            }
        }
    }
}
