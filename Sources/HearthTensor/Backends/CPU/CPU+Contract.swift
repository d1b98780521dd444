import CKernels

extension CPU {
    package func matmul(_ a: Tensor, _ b: Tensor, bias: Tensor?) -> Tensor {
        let rank = a.rank
        var shape = a.shape
        shape[rank - 1] = b.shape[rank - 1]
        switch a.dtype {
        case .float32: return product(a, b, bias, shape)
        case .float64: return product(a, b, bias, shape)
        case .float16, .bfloat16:
            let wide = product(
                convert(a, to: .float32), convert(b, to: .float32), bias.map { convert($0, to: .float32) }, shape)
            return convert(wide, to: a.dtype)
        case .bool: preconditionFailure("the rule of the product lets bool not pass")
        default:
            // Sums wrap around, so that those of int64 cut to size are right for every smaller type.
            let wide = product(convert(a, to: .int64), contiguous(convert(b, to: .int64)), nil, shape)
            let result = convert(wide, to: a.dtype)
            return bias.map { binary(HK_add, result, $0.view($0.layout.expanded(to: shape)), Parameters()) } ?? result
        }
    }

    private func product(_ a: Tensor, _ b: Tensor, _ bias: Tensor?, _ shape: Shape) -> Tensor {
        let result = Tensor.uninitialized(Spec(shape, a.dtype))
        if result.count == 0 { return result }
        let (left, right) = (Matrices(a, self), Matrices(b, self))
        let product = Product(
            left: left, right: right, bias: bias.map { contiguous($0) }, result: result,
            rows: shape[-2], columns: shape[-1], depth: a.shape[-1])
        product.run()
        return result
    }
}

extension Layout {
    /// The same elements seen with more dimensions in front, along which they repeat.
    package func expanded(to shape: Shape) -> Layout {
        var strides = Strides(repeating: 0, count: shape.count)
        for i in 0..<self.shape.count {
            let place = shape.count - self.shape.count + i
            strides[place] = self.shape.values[i] == 1 && shape[place] != 1 ? 0 : self.strides.values[i]
        }
        return Layout(shape: shape, strides: strides, offset: offset)
    }
}

/// The matrices in the last two dimensions of a tensor, in a form that kernels read: one of both strides is 1.
private struct Matrices {
    let tensor: Tensor
    let rowStride: Int
    let columnStride: Int

    init(_ x: Tensor, _ backend: CPU) {
        let (rows, columns) = (x.shape[-2], x.shape[-1])
        var strides = (row: x.strides[-2], column: x.strides[-1])
        // The stride of a dimension of size 1 means nothing; these values let it pass for a plain matrix.
        if columns == 1 { strides.column = 1 }
        if rows == 1 { strides.row = strides.column == 1 ? columns : 1 }
        let isPlain = strides.column == 1 && strides.row >= columns
        let isTransposed = strides.row == 1 && strides.column >= rows
        if isPlain || isTransposed {
            tensor = x
            rowStride = strides.row
            columnStride = strides.column
        } else {
            tensor = backend.convert(x, to: x.dtype)
            rowStride = columns
            columnStride = 1
        }
    }

    var isTransposed: Bool { columnStride != 1 }

    /// The distance between the lines that lie one after another.
    var leading: Int { isTransposed ? columnStride : rowStride }
}

/// Matrix products of a batch, made with oneDNN where it is there and with our own kernels elsewhere.
private struct Product {
    let left: Matrices
    let right: Matrices
    let bias: Tensor?
    let result: Tensor
    let rows: Int
    let columns: Int
    let depth: Int

    /// The multiplications that are worth a thread of their own.
    private static let grain = 1 << 19
    /// With so few multiplications oneDNN takes longer to begin than our kernel to end.
    private static let small = 512

    func run() {
        let size = result.dtype.byteCount
        let batchRank = result.rank - 2
        if batchRank == 0 {
            multiply(rows, left.tensor.pointer, right.tensor.pointer, result.pointer, isAlone: true)
            return
        }
        let shape = Shape(result.shape.prefix(batchRank))
        let walk = Walk(
            shape, Strides(left.tensor.strides.prefix(batchRank)), Strides(right.tensor.strides.prefix(batchRank)))
        if isOneProduct(walk) {
            multiply(
                rows * walk.rowCount, left.tensor.pointer, right.tensor.pointer, result.pointer, isAlone: true)
            return
        }
        let work = max(rows * columns * depth, 1)
        let area = rows * columns
        let batch = { (start: Int, offsets: InlineArray<3, Int>, isAlone: Bool) in
            multiply(
                rows, left.tensor.pointer + offsets[0] * size, right.tensor.pointer + offsets[1] * size,
                result.pointer + start * area * size, isAlone: isAlone)
        }
        let count = walk.rows * walk.rowCount
        // Each product on a thread of its own, unless that leaves threads idle: every loop that is shared is waited for.
        let sharesEvenly = count >= 4 * Team.shared.size
        if count < Team.shared.size || work >= 8 * Self.grain && !sharesEvenly {
            each(walk, 0..<count) { batch($0, $1, true) }
        } else {
            Team.shared.parallel(count, grain: max(1, Self.grain / work)) { range in
                each(walk, range) { batch($0, $1, false) }
            }
        }
    }

    /// Calls `body` for the matrices in `range`, numbered row-major, with their offsets.
    private func each(_ walk: Walk, _ range: Range<Int>, _ body: (Int, InlineArray<3, Int>) -> Void) {
        let length = walk.rowCount
        let first = range.lowerBound / length
        let last = (range.upperBound - 1) / length
        walk.forEachRow(in: first..<(last + 1)) { row, offsets in
            let start = max(range.lowerBound - row * length, 0)
            let end = min(range.upperBound - row * length, length)
            for i in start..<end {
                var moved = offsets
                moved[0] += i * walk.rowStride(0)
                moved[1] += i * walk.rowStride(1)
                body(row * length + i, moved)
            }
        }
    }

    /// True when all matrices on the right are one and those on the left lie one below another: a single product.
    private func isOneProduct(_ walk: Walk) -> Bool {
        walk.rank == 1 && walk.rowStride(1) == 0 && !left.isTransposed && walk.rowStride(0) == rows * left.rowStride
            && left.columnStride == 1
    }

    private func multiply(
        _ rows: Int, _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer, _ c: UnsafeMutableRawPointer,
        isAlone: Bool
    ) {
        let work = rows * columns * depth
        let isFew = rows <= Int(HK_FEW_ROWS) && left.columnStride == 1
        if result.dtype == .float32, work > Self.small, !isFew, let library = OneDNN.shared {
            multiply(with: library, rows, a, b, c)
            return
        }
        // A few rows wait for memory more than they multiply.
        let grain = isFew ? Self.grain / 8 : Self.grain
        guard isAlone, work >= 2 * grain, result.dtype != .int64 else {
            portable(0..<rows, 0..<columns, a, b, c)
            return
        }
        // Each thread takes a band of the result, in whole tiles of the widest kernel.
        let (tall, wide) = (12, 32)
        if rows >= columns {
            let tiles = (rows + tall - 1) / tall
            Team.shared.parallel(tiles, grain: max(1, grain * tiles / work)) { range in
                portable(range.lowerBound * tall..<min(range.upperBound * tall, rows), 0..<columns, a, b, c)
            }
        } else {
            let tiles = (columns + wide - 1) / wide
            Team.shared.parallel(tiles, grain: max(1, grain * tiles / work)) { range in
                portable(0..<rows, range.lowerBound * wide..<min(range.upperBound * wide, columns), a, b, c)
            }
        }
    }

    private func multiply(
        with library: OneDNN, _ rows: Int, _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
        _ c: UnsafeMutableRawPointer
    ) {
        let out = c.assumingMemoryBound(to: Float.self)
        if let bias {
            hk_fill_rows_f32(
                Int64(rows), Int64(columns), bias.pointer.assumingMemoryBound(to: Float.self), out, Int64(columns))
        }
        Team.shared.adopt()
        let status = library.sgemm(
            Self.mark(left.isTransposed), Self.mark(right.isTransposed), Int64(rows), Int64(columns), Int64(depth), 1,
            a.assumingMemoryBound(to: Float.self), Int64(max(left.leading, 1)),
            b.assumingMemoryBound(to: Float.self), Int64(max(right.leading, 1)), bias == nil ? 0 : 1, out,
            Int64(columns))
        // It refuses shapes that it finds unsound; ours are right, so they are computed all the same.
        if status != 0 { portable(0..<rows, 0..<columns, a, b, c) }
    }

    private static func mark(_ isTransposed: Bool) -> CChar {
        CChar(bitPattern: UInt8(ascii: isTransposed ? "T" : "N"))
    }

    private func portable(
        _ rows: Range<Int>, _ columns: Range<Int>, _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
        _ c: UnsafeMutableRawPointer
    ) {
        let (ar, ac) = (left.rowStride, left.columnStride)
        let (br, bc) = (right.rowStride, right.columnStride)
        let corner = rows.lowerBound * self.columns + columns.lowerBound
        let (m, n, k) = (Int64(rows.count), Int64(columns.count), Int64(depth))
        switch result.dtype {
        case .float32:
            hk_gemm_f32(
                m, n, k, a.assumingMemoryBound(to: Float.self) + rows.lowerBound * ar, Int64(ar), Int64(ac),
                b.assumingMemoryBound(to: Float.self) + columns.lowerBound * bc, Int64(br), Int64(bc),
                bias.map { $0.pointer.assumingMemoryBound(to: Float.self) + columns.lowerBound },
                c.assumingMemoryBound(to: Float.self) + corner, Int64(self.columns))
        case .float64:
            hk_gemm_f64(
                m, n, k, a.assumingMemoryBound(to: Double.self) + rows.lowerBound * ar, Int64(ar), Int64(ac),
                b.assumingMemoryBound(to: Double.self) + columns.lowerBound * bc, Int64(br), Int64(bc),
                bias.map { $0.pointer.assumingMemoryBound(to: Double.self) + columns.lowerBound },
                c.assumingMemoryBound(to: Double.self) + corner, Int64(self.columns))
        default:
            hk_gemm_i64(
                m, n, k, a.assumingMemoryBound(to: Int64.self) + rows.lowerBound * ar, Int64(ar), Int64(ac),
                b.assumingMemoryBound(to: Int64.self) + columns.lowerBound * bc, Int64(br), Int64(bc),
                c.assumingMemoryBound(to: Int64.self) + corner, Int64(self.columns))
        }
    }
}
