import CKernels

extension CPU {
    package func reduce(_ kind: Reduction, _ x: Tensor, over axes: Axes) -> Tensor {
        var shape = x.shape
        for axis in 0..<shape.count where axes.contains(axis) { shape[axis] = 1 }
        let result = Tensor.uninitialized(Spec(shape, kind.resultType(x.dtype)))
        if result.count == 0 { return result }
        if result.count == 1, x.isContiguous, x.count <= ReductionPlan.block {
            reduceAtOnce(kind, x, into: result)
            return result
        }
        let plan = ReductionPlan(x.shape, x.strides, axes)
        if plan.needsContiguous {
            ReductionPlan(x.shape, x.shape.contiguousStrides, axes).run(kind, convert(x, to: x.dtype), into: result)
        } else {
            plan.run(kind, x, into: result)
        }
        return result
    }

    /// A small contiguous tensor to one number: one call of a kernel, with no plan to make.
    private func reduceAtOnce(_ kind: Reduction, _ x: Tensor, into result: Tensor) {
        let type = x.dtype.kernel
        var cell = hk_reduce_start(kind.kernel, type)
        hk_find_row(kind.kernel, type).unsafelyUnwrapped(Int64(x.count), x.pointer, 1, &cell)
        hk_reduce_finish(kind.kernel, type, 1, &cell, result.pointer)
    }

    package func argReduce(_ kind: Reduction, _ x: Tensor, along axis: Int) -> Tensor {
        guard kind == .max || kind == .min else { fatalError("argReduce: \(kind) has no position") }
        var shape = x.shape
        shape[axis] = 1
        let result = Tensor.uninitialized(Spec(shape, .int64))
        let positions = result.pointer.assumingMemoryBound(to: Int64.self)
        let lanes = Lanes(x, along: axis)
        lanes.forEach { lane, offset in
            positions[lane] = hk_arg_reduce(
                kind == .max ? 1 : 0, x.dtype.kernel, Int64(lanes.length), x.pointer + offset * x.dtype.byteCount,
                Int64(lanes.stride))
        }
        return result
    }

    package func accumulate(_ kind: Reduction, _ x: Tensor, along axis: Int) -> Tensor {
        switch kind {
        case .sum, .product, .max, .min: break
        default: fatalError("accumulate: \(kind) does not run")
        }
        let result = Tensor.uninitialized(Spec(x.shape, x.dtype))
        let size = x.dtype.byteCount
        let lanes = Lanes(x, along: axis)
        let outputs = Lanes(result, along: axis)
        lanes.forEach { lane, offset in
            hk_accumulate(
                kind.kernel, x.dtype.kernel, Int64(lanes.length), x.pointer + offset * size, Int64(lanes.stride),
                result.pointer + outputs.contiguousOffset(lane) * size, Int64(outputs.stride))
        }
        return result
    }
}

extension Reduction {
    var kernel: hk_reduction {
        switch self {
        case .sum: HK_sum
        case .product: HK_product
        case .max: HK_max
        case .min: HK_min
        case .sumOfSquares: HK_sum_of_squares
        case .any: HK_any
        case .all: HK_all
        }
    }

    func resultType(_ dtype: DType) -> DType {
        switch self {
        case .sum, .product: dtype.isFloatingPoint ? dtype : .int64
        case .any, .all: .bool
        case .max, .min, .sumOfSquares: dtype
        }
    }
}

/// The lines of a tensor along one of its dimensions.
struct Lanes {
    let length: Int
    let stride: Int
    /// The lines, by their other dimensions.
    private let walk: Walk
    private let inner: Int

    init(_ x: Tensor, along axis: Int) {
        if x.rank == 0 {
            (length, stride, inner) = (1, 1, 1)
            walk = Walk([], [])
            return
        }
        length = x.shape[axis]
        stride = x.strides[axis]
        var (shape, strides) = (x.shape, x.strides)
        shape.remove(at: axis)
        strides.remove(at: axis)
        walk = Walk(shape, strides)
        inner = Shape(x.shape.dropFirst(axis + 1)).elementCount
    }

    /// The number of lines.
    var count: Int { walk.rows * walk.rowCount }

    /// Calls `body` in parallel with the number of each line, row-major, and the offset of its first element.
    func forEach(_ body: (_ lane: Int, _ offset: Int) -> Void) {
        if length == 0 { return }
        walk.forEachPiece(grain: max(1, CPU.grain / 4 / length)) { start, count, offsets in
            for i in 0..<count { body(start + i, offsets[0] + i * walk.rowStride(0)) }
        }
    }

    /// Where line number `lane` begins in a contiguous tensor.
    func contiguousOffset(_ lane: Int) -> Int { lane / inner * inner * length + lane % inner }
}

/// How a reduction runs through memory: along rows of reduced elements, or over columns that are kept.
///
/// Work is cut into blocks by the shape alone, each with partial results of its own, which are combined in order. So
/// a result does not depend on the number of threads.
struct ReductionPlan {
    private struct Loop {
        var size: Int
        var stride: Int
    }

    private var kept: [Loop] = []
    private var reduced: [Loop] = []
    /// True when the dimension that is innermost in memory is a reduced one.
    private var runsAlongRows = true
    /// True when the kept dimensions are permuted, so that columns of the input are no columns of the result.
    private(set) var needsContiguous = false
    private var isEmpty = false

    /// The least number of elements of a block.
    static let block = 1 << 15

    init(_ shape: Shape, _ strides: Strides, _ axes: Axes) {
        var previousIsReduced: Bool?
        for i in 0..<shape.count where shape[i] != 1 {
            if shape[i] == 0 { isEmpty = true }
            let loop = Loop(size: shape[i], stride: strides[i])
            let isReduced = axes.contains(i)
            if isReduced {
                Self.add(loop, to: &reduced, isNeighbour: previousIsReduced == true)
            } else {
                Self.add(loop, to: &kept, isNeighbour: previousIsReduced == false)
            }
            previousIsReduced = isReduced
        }
        let nearestReduced = reduced.indices.min { abs(reduced[$0].stride) < abs(reduced[$1].stride) }
        let nearestKept = kept.indices.min { abs(kept[$0].stride) < abs(kept[$1].stride) }
        if let nearestReduced {
            // The order in which elements are reduced is free: the innermost loop runs where neighbours are.
            reduced.append(reduced.remove(at: nearestReduced))
        }
        if let nearestKept {
            runsAlongRows = reduced.last.map { abs($0.stride) < abs(kept[nearestKept].stride) } ?? false
            needsContiguous = !runsAlongRows && nearestKept != kept.count - 1
        }
    }

    private static func add(_ loop: Loop, to loops: inout [Loop], isNeighbour: Bool) {
        if isNeighbour, let last = loops.last, last.stride == loop.stride * loop.size {
            loops[loops.count - 1] = Loop(size: last.size * loop.size, stride: loop.stride)
        } else {
            loops.append(loop)
        }
    }

    func run(_ kind: Reduction, _ x: Tensor, into result: Tensor) {
        let type = x.dtype.kernel
        let count = result.count
        let blocks = isEmpty ? 1 : blockCount
        let cells = Cells(count * blocks, start: hk_reduce_start(kind.kernel, type))
        if !isEmpty {
            if runsAlongRows {
                reduceRows(hk_find_row(kind.kernel, type), x, cells, count, blocks)
            } else {
                reduceColumns(hk_find_columns(kind.kernel, type), x, cells, count, blocks)
            }
        }
        // Blocks are joined in pairs, and the pairs in pairs.
        var distance = 1
        while distance < blocks {
            for block in stride(from: 0, to: blocks - distance, by: 2 * distance) {
                hk_reduce_combine(
                    kind.kernel, type, Int64(count), cells.pointer + block * count,
                    cells.pointer + (block + distance) * count)
            }
            distance *= 2
        }
        hk_reduce_finish(kind.kernel, type, Int64(count), cells.pointer, result.pointer)
    }

    // MARK: Blocks

    private var innerSize: Int { reduced.last?.size ?? 1 }
    private var outerReduced: Int { reduced.dropLast().reduce(1) { $0 * $1.size } }

    /// Elements of the result that one step of the innermost loop serves.
    private var breadth: Int { runsAlongRows ? 1 : kept.last?.size ?? 1 }

    /// The number of pieces of the innermost reduced loop, or of groups of the loops around it.
    private var blockCount: Int {
        let total = innerSize * outerReduced * breadth
        if total < 2 * Self.block { return 1 }
        let wanted = min((total + Self.block - 1) / Self.block, 512)
        return min(wanted, isCutInside ? innerSize : outerReduced)
    }

    private var isCutInside: Bool { innerSize >= outerReduced }

    /// The reduced elements of one block: indices of the outer loops and of the innermost.
    private func ranges(of block: Int, _ blocks: Int) -> (outer: Range<Int>, inner: Range<Int>) {
        let (whole, length) = isCutInside ? (innerSize, innerSize) : (outerReduced, outerReduced)
        let part = whole * block / blocks..<length * (block + 1) / blocks
        return isCutInside ? (0..<outerReduced, part) : (part, 0..<innerSize)
    }

    private static func offset(_ index: Int, _ loops: ArraySlice<Loop>) -> Int {
        var rest = index
        var offset = 0
        for loop in loops.reversed() {
            offset += rest % loop.size * loop.stride
            rest /= loop.size
        }
        return offset
    }

    private func reduceRows(_ kernel: hk_row_kernel?, _ x: Tensor, _ cells: Cells, _ count: Int, _ blocks: Int) {
        let kernel = kernel.unsafelyUnwrapped
        let size = x.dtype.byteCount
        let stride = reduced.last?.stride ?? 1
        let work = max(innerSize * outerReduced / blocks, 1)
        Team.shared.parallel(count * blocks, grain: max(1, Self.block / work)) { range in
            for unit in range {
                let (outer, inner) = ranges(of: unit / count, blocks)
                let start = Self.offset(unit % count, kept[...]) + inner.lowerBound * stride
                for index in outer {
                    let offset = start + (reduced.count > 1 ? Self.offset(index, reduced.dropLast()) : 0)
                    kernel(Int64(inner.count), x.pointer + offset * size, Int64(stride), cells.pointer + unit)
                }
            }
        }
    }

    private func reduceColumns(
        _ kernel: hk_columns_kernel?, _ x: Tensor, _ cells: Cells, _ count: Int, _ blocks: Int
    ) {
        let kernel = kernel.unsafelyUnwrapped
        let size = x.dtype.byteCount
        let columns = breadth
        let columnStride = kept.last?.stride ?? 1
        let rowStride = reduced.last?.stride ?? 0
        let chunk = 256
        let chunks = (columns + chunk - 1) / chunk
        let groups = count / columns
        let work = max(innerSize * outerReduced * min(columns, chunk) / blocks, 1)
        Team.shared.parallel(groups * chunks * blocks, grain: max(1, Self.block / work)) { range in
            for unit in range {
                let (block, rest) = (unit / (groups * chunks), unit % (groups * chunks))
                let (group, first) = (rest / chunks, rest % chunks * chunk)
                let (outer, inner) = ranges(of: block, blocks)
                let start =
                    Self.offset(group, kept.dropLast()) + inner.lowerBound * rowStride + first * columnStride
                for index in outer {
                    let offset = start + (reduced.count > 1 ? Self.offset(index, reduced.dropLast()) : 0)
                    kernel(
                        Int64(inner.count), Int64(min(chunk, columns - first)), x.pointer + offset * size,
                        Int64(rowStride), Int64(columnStride),
                        cells.pointer + block * count + group * columns + first)
                }
            }
        }
    }
}

/// Partial results of a reduction.
private final class Cells {
    let pointer: UnsafeMutablePointer<UInt64>
    private let byteCount: Int

    init(_ count: Int, start: UInt64) {
        byteCount = count * 8
        pointer = CachingAllocator.shared.allocate(byteCount).assumingMemoryBound(to: UInt64.self)
        pointer.initialize(repeating: start, count: count)
    }

    deinit { CachingAllocator.shared.release(pointer, byteCount) }
}
