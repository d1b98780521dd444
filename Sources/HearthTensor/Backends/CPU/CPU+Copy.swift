import CKernels

extension CPU {
    package func convert(_ x: Tensor, to dtype: DType) -> Tensor {
        let result = Tensor.uninitialized(Spec(x.shape, dtype))
        copy(x, into: result)
        return result
    }

    package func copy(_ x: Tensor, into destination: Tensor) {
        let kernel = hk_find_convert(x.dtype.kernel, destination.dtype.kernel).unsafelyUnwrapped
        let size = x.dtype.byteCount
        let resultSize = destination.dtype.byteCount
        let walk = Walk(x.shape, x.strides, destination.strides)
        if x.dtype == destination.dtype, let transposed = Transposition(walk) {
            transposed.run(from: x.pointer, to: destination.pointer, elementSize: size)
            return
        }
        walk.forEachPiece(grain: Self.grain) { _, count, offsets in
            kernel(
                Int64(count), x.pointer + offsets[0] * size, Int64(walk.rowStride(0)),
                destination.pointer + offsets[1] * resultSize, Int64(walk.rowStride(1)))
        }
    }

    package func fill(_ destination: Tensor, with value: Scalar) {
        let kernel = hk_find_convert(destination.dtype.kernel, destination.dtype.kernel).unsafelyUnwrapped
        let size = destination.dtype.byteCount
        let walk = Walk(destination.shape, destination.strides)
        Constant(value, destination.dtype).withBytes { constant in
            walk.forEachPiece(grain: Self.grain) { _, count, offsets in
                kernel(
                    Int64(count), constant, 0, destination.pointer + offsets[0] * size, Int64(walk.rowStride(0)))
            }
        }
    }

    package func range(into destination: Tensor, start: Scalar, step: Scalar) {
        let dtype = destination.dtype
        let size = dtype.byteCount
        Team.shared.parallel(destination.count, grain: Self.grain) { range in
            let out = destination.pointer + range.lowerBound * size
            let (first, number) = (Int64(range.lowerBound), Int64(range.count))
            if dtype.isFloatingPoint {
                hk_range(dtype.kernel, number, first, start.double, step.double, out)
            } else {
                hk_range_integer(dtype.kernel, number, first, Int64(start.integer), Int64(step.integer), out)
            }
        }
    }

    /// `x`, or a contiguous copy of a large tensor whose rows would be read column by column: the copy works in
    /// blocks, which uses every cache line once.
    @inline(__always)
    func readable(_ x: Tensor) -> Tensor {
        if x.count < 4096 || x.isContiguous { return x }
        return Transposition(Walk(x.shape, x.strides, x.shape.contiguousStrides)) == nil ? x : convert(x, to: x.dtype)
    }

    /// `x` itself when it is contiguous, else a copy that is.
    @inline(__always)
    func contiguous(_ x: Tensor) -> Tensor { x.isContiguous ? x : convert(x, to: x.dtype) }
}

/// A copy whose source is fastest along one dimension and whose destination along another.
struct Transposition {
    private let walk: Walk
    /// The dimension in which the source's elements are neighbours.
    private let dimension: Int

    /// Nil when the walk is not of this kind.
    init?(_ walk: Walk) {
        guard walk.rank >= 2, walk.rowStride(1) == 1, walk.rowStride(0) > 1 else { return nil }
        guard let dimension = (0..<(walk.rank - 1)).last(where: { walk.strides[0][$0] == 1 }) else { return nil }
        guard walk.rowCount >= 4, walk.sizes[dimension] >= 4 else { return nil }
        self.walk = walk
        self.dimension = dimension
    }

    func run(from source: UnsafeMutableRawPointer, to destination: UnsafeMutableRawPointer, elementSize: Int) {
        let rows = walk.sizes[dimension]
        var others = 1
        for i in 0..<(walk.rank - 1) where i != dimension { others *= walk.sizes[i] }
        let bands = (rows + Self.band - 1) / Self.band
        Team.shared.parallel(others * bands, grain: max(1, CPU.grain / (Self.band * walk.rowCount))) { range in
            for part in range {
                let start = part % bands * Self.band
                var (from, to) = (start, start * walk.strides[1][dimension])
                var rest = part / bands
                for i in stride(from: walk.rank - 2, through: 0, by: -1) where i != dimension {
                    let index = rest % walk.sizes[i]
                    rest /= walk.sizes[i]
                    from += index * walk.strides[0][i]
                    to += index * walk.strides[1][i]
                }
                hk_copy_transposed(
                    Int64(min(Self.band, rows - start)), Int64(walk.rowCount), Int32(elementSize),
                    source + from * elementSize, Int64(walk.rowStride(0)), destination + to * elementSize,
                    Int64(walk.strides[1][dimension]))
            }
        }
    }

    private static let band = 64
}
