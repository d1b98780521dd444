import CKernels

extension CPU {
    package func gather(_ x: Tensor, along axis: Int, _ index: Tensor) -> Tensor {
        guard checkPositions(index, along: axis, of: x, "gather") else { return zeros(Spec(index.shape, x.dtype)) }
        if x.rank == 0 { return convert(x, to: x.dtype) }
        let result = Tensor.uninitialized(Spec(index.shape, x.dtype))
        var strides = x.strides
        let step = strides[axis]
        strides[axis] = 0
        let walk = Walk(index.shape, index.strides, strides)
        let size = x.dtype.byteCount
        walk.forEachPiece(grain: Self.grain / 4) { start, count, offsets in
            let positions = index.integers + offsets[0]
            let source = x.pointer + offsets[1] * size
            let out = result.pointer + start * size
            for i in 0..<count {
                let place = i * walk.rowStride(1) + Int(positions[i * walk.rowStride(0)]) * step
                Self.move(size, from: source + place * size, to: out + i * size)
            }
        }
        return result
    }

    package func scatter(_ x: Tensor, along axis: Int, _ index: Tensor, _ source: Tensor, _ mode: ScatterMode) -> Tensor
    {
        let result = convert(x, to: x.dtype)
        guard checkPositions(index, along: axis, of: x, "scatter") else { return result }
        let size = x.dtype.byteCount
        let combine = Combination(mode, x.dtype)
        var strides = result.strides
        let step = x.rank == 0 ? 0 : strides[axis]
        if x.rank > 0 { strides[axis] = 0 }
        let walk = Walk(index.shape, index.strides, source.strides, strides)
        // One thread alone: the last of several writes to one place must win, and sums must not depend on chance.
        walk.forEachRow(in: 0..<walk.rows) { _, offsets in
            for i in 0..<walk.rowCount {
                let position = Int(index.integers[offsets[0] + i * walk.rowStride(0)])
                let place = offsets[2] + i * walk.rowStride(2) + position * step
                let element = source.pointer + (offsets[1] + i * walk.rowStride(1)) * size
                combine(1, element, into: result.pointer + place * size)
            }
        }
        return result
    }

    package func select(_ x: Tensor, along axis: Int, _ index: Tensor) -> Tensor {
        let (x, index) = (contiguous(x), contiguous(index))
        var shape = x.shape
        if shape.count > 0 { shape[axis] = index.count }
        guard checkPositions(index, along: axis, of: x, "index_select") else { return zeros(Spec(shape, x.dtype)) }
        let result = Tensor.uninitialized(Spec(shape, x.dtype))
        let slices = Slices(x, along: axis)
        let count = index.count
        let size = slices.byteCount
        Team.shared.parallel(slices.outer * count, grain: max(1, Self.grain * 4 / max(size, 4))) { range in
            for slice in range {
                let source = slices.byteOffset(slice / count, Int(index.integers[slice % count]))
                Self.move(size, from: x.pointer + source, to: result.pointer + slice * size)
            }
        }
        return result
    }

    package func selectInto(_ x: Tensor, along axis: Int, _ index: Tensor, _ source: Tensor, _ mode: ScatterMode)
        -> Tensor
    {
        let result = convert(x, to: x.dtype)
        let (source, index) = (contiguous(source), contiguous(index))
        guard checkPositions(index, along: axis, of: x, "index_add") else { return result }
        let slices = Slices(result, along: axis)
        let combine = Combination(mode, x.dtype)
        let count = index.count
        let work = slices.outer * count * slices.inner
        if work == 0 { return result }
        // Each thread owns some of the destinations and sees all indices in order, so sums do not depend on chance.
        Team.shared.parallel(slices.length, grain: max(1, Self.grain * slices.length / work)) { range in
            for outer in 0..<slices.outer {
                for i in 0..<count {
                    let position = Int(index.integers[i])
                    guard range.contains(position) else { continue }
                    combine(
                        slices.inner, source.pointer + (outer * count + i) * slices.byteCount,
                        into: result.pointer + slices.byteOffset(outer, position))
                }
            }
        }
        return result
    }

    package func wrapIndex(_ x: Tensor, below size: Int) -> Tensor {
        let spec = x.spec
        guard
            checkIndices(
                x, in: -size..<size,
                { stop("index", [spec], "index \($0) is out of range for a dimension of size \(size)") })
        else { return zeros(spec) }
        let result = convert(x, to: .int64)
        hk_wrap_index(Int64(result.count), Int64(size), result.integers)
        return result
    }

    package func checkIndices(_ x: Tensor, in range: Range<Int>, _ report: @Sendable (Int) -> Void) -> Bool {
        if x.count == 0 { return true }
        let x = contiguous(withoutRepeats(x))
        let wrong = hk_find_outside(Int64(x.count), Int64(range.lowerBound), Int64(range.upperBound), x.integers)
        if wrong < 0 { return true }
        report(Int(x.integers[Int(wrong)]))
        return false
    }

    package func checkValues(_ x: Tensor, in range: ClosedRange<Double>, _ report: @Sendable (Double) -> Void) -> Bool {
        let x = contiguous(convert(x, to: .float64))
        guard let wrong = (0..<x.count).first(where: { !range.contains(x.doubles[$0]) }) else { return true }
        report(x.doubles[wrong])
        return false
    }

    /// False, inside `checkShapes` alone, when a position is outside dimension `axis` of `x`.
    private func checkPositions(_ index: Tensor, along axis: Int, of x: Tensor, _ operation: String) -> Bool {
        let size = x.rank == 0 ? 1 : x.shape[axis]
        return checkIndices(index, in: 0..<size) {
            stop(operation, [x.spec, index.spec], "index \($0) is out of range for dimension \(axis) of size \(size)")
        }
    }

    /// Every element that `x` shows, once for each time it was not expanded: what an index is read from by an operation
    /// that follows strides need not be copied out in full for a look at its values.
    private func withoutRepeats(_ x: Tensor) -> Tensor {
        guard x.strides.contains(0) else { return x }
        var layout = x.layout
        for dimension in 0..<x.rank where x.strides[dimension] == 0 { layout.shape[dimension] = 1 }
        return x.view(layout)
    }

    private func zeros(_ spec: Spec) -> Tensor {
        let result = Tensor.uninitialized(spec)
        fill(result, with: .int(0))
        return result
    }

    package func nonzero(_ x: Tensor) -> Tensor {
        let flags = convert(x, to: .bool)
        let bytes = flags.pointer.assumingMemoryBound(to: UInt8.self)
        let count = flags.count
        var found = 0
        for i in 0..<count { found += Int(bytes[i]) }
        let rank = x.rank
        let result = Tensor.uninitialized(Spec([found, rank], .int64))
        var out = result.integers
        for i in 0..<count where bytes[i] != 0 {
            var rest = i
            for dimension in stride(from: rank - 1, through: 0, by: -1) {
                out[dimension] = Int64(rest % x.shape[dimension])
                rest /= x.shape[dimension]
            }
            out += rank
        }
        return result
    }

    package func argsort(_ x: Tensor, along axis: Int, descending: Bool) -> Tensor {
        let result = Tensor.uninitialized(Spec(x.shape, .int64))
        let lanes = Lanes(x, along: axis)
        let outputs = Lanes(result, along: axis)
        let length = lanes.length
        lanes.forEach { lane, offset in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 4 * length) { memory in
                let scratch = memory.baseAddress.unsafelyUnwrapped
                let out = result.integers + outputs.contiguousOffset(lane)
                let isDirect = outputs.stride == 1
                let order =
                    isDirect
                    ? out : UnsafeMutableRawPointer(scratch + 3 * length).assumingMemoryBound(to: Int64.self)
                hk_argsort(
                    x.dtype.kernel, Int64(length), x.pointer + offset * x.dtype.byteCount, Int64(lanes.stride),
                    descending ? 1 : 0, order, scratch)
                if !isDirect { for i in 0..<length { out[i * outputs.stride] = order[i] } }
            }
        }
        return result
    }

    package func searchSorted(_ sorted: Tensor, _ values: Tensor, right: Bool) -> Tensor {
        let result = Tensor.uninitialized(Spec(values.shape, .int64))
        let (sorted, values) = (contiguous(sorted), contiguous(values))
        let count = sorted.rank == 0 ? 0 : sorted.shape[-1]
        let rowLength = sorted.rank == 1 ? max(values.count, 1) : values.shape[-1]
        let size = values.dtype.byteCount
        Team.shared.parallel(values.count, grain: Self.grain / 16) { range in
            var start = range.lowerBound
            while start < range.upperBound {
                let row = start / rowLength
                let end = min((row + 1) * rowLength, range.upperBound)
                hk_search_sorted(
                    values.dtype.kernel, Int64(count), sorted.pointer + row * count * size, Int64(end - start),
                    values.pointer + start * size, right ? 1 : 0, result.integers + start)
                start = end
            }
        }
        return result
    }

    package func triangle(_ x: Tensor, diagonal: Int, upper: Bool) -> Tensor {
        let result = convert(x, to: x.dtype)
        let (rows, columns) = (x.shape[-2], x.shape[-1])
        let size = x.dtype.byteCount
        if result.count == 0 { return result }
        Team.shared.parallel(result.count / columns, grain: max(1, Self.grain / columns)) { range in
            for row in range {
                let edge = row % rows + diagonal
                let zeros = upper ? 0..<min(max(edge, 0), columns) : min(max(edge + 1, 0), columns)..<columns
                let start = result.pointer + (row * columns + zeros.lowerBound) * size
                start.initializeMemory(as: UInt8.self, repeating: 0, count: zeros.count * size)
            }
        }
        return result
    }

    /// Copies one element, or a slice of many bytes.
    @inline(__always)
    private static func move(_ size: Int, from source: UnsafeMutableRawPointer, to place: UnsafeMutableRawPointer) {
        switch size {
        case 1: place.copyMemory(from: source, byteCount: 1)
        case 2: place.copyMemory(from: source, byteCount: 2)
        case 4: place.copyMemory(from: source, byteCount: 4)
        case 8: place.copyMemory(from: source, byteCount: 8)
        default: place.copyMemory(from: source, byteCount: size)
        }
    }
}

/// A contiguous tensor seen as `[outer, length, inner]`: slices of `inner` elements along a dimension.
private struct Slices {
    let outer: Int
    let length: Int
    let inner: Int
    private let elementSize: Int

    init(_ x: Tensor, along axis: Int) {
        elementSize = x.dtype.byteCount
        guard x.rank > 0 else {
            (outer, length, inner) = (1, 1, 1)
            return
        }
        outer = Shape(x.shape.prefix(axis)).elementCount
        length = x.shape[axis]
        inner = Shape(x.shape.dropFirst(axis + 1)).elementCount
    }

    /// The size of a slice.
    var byteCount: Int { inner * elementSize }

    func byteOffset(_ outer: Int, _ position: Int) -> Int { (outer * length + position) * byteCount }
}

/// What scatter does with elements that are already there, made of the elementwise kernels.
private struct Combination {
    private let kernel: hk_binary_kernel?
    private let size: Int

    init(_ mode: ScatterMode, _ dtype: DType) {
        size = dtype.byteCount
        switch mode {
        case .replace: kernel = nil
        case .add: kernel = CPU.kernel(HK_add, dtype)
        case .multiply: kernel = CPU.kernel(HK_multiply, dtype)
        case .max: kernel = CPU.kernel(HK_maximum, dtype)
        case .min: kernel = CPU.kernel(HK_minimum, dtype)
        }
    }

    @inline(__always)
    func callAsFunction(
        _ count: Int, _ source: UnsafeMutableRawPointer, into place: UnsafeMutableRawPointer
    ) {
        if let kernel {
            kernel(Int64(count), place, 1, source, 1, place, 0, 0)
        } else {
            place.copyMemory(from: source, byteCount: count * size)
        }
    }
}
