// Elements brought into other orders and shapes.
extension Tensor {
    /// A matrix with the last dimension on a diagonal, among zeros, for each row of the others.
    /// - Parameters:
    ///   - offset: How far above the main diagonal.
    ///   - dim1: The dimension of the result that the matrix's rows become.
    ///   - dim2: The one that its columns become.
    public func diagEmbed(offset: Int = 0, dim1: Int = -2, dim2: Int = -1) -> Tensor {
        let last = shape[axis(-1, "diagEmbed")]
        let size = last + Swift.abs(offset)
        let rows = Tensor.arange(last, device: device) + Swift.max(-offset, 0)
        let positions = rows * size + Tensor.arange(last, device: device) + Swift.max(offset, 0)
        let zeros = Tensor.zeros(Shape(shape.dropLast() + [size * size]), dtype: dtype, device: device)
        let matrices = zeros.indexCopy(-1, positions, self).unflatten(dim: -1, [size, size])
        let (first, second) = (axis(dim1, "diagEmbed", rank: rank + 1), axis(dim2, "diagEmbed", rank: rank + 1))
        guard first != second else {
            return stop("diagEmbed", [spec], "the two dimensions are both \(dim1)", fallback: self)
        }
        var order = Array(0..<(rank - 1))
        for (place, source) in [(first, rank - 1), (second, rank)].sorted(by: { $0.0 < $1.0 }) {
            order.insert(source, at: place)
        }
        return matrices.permute(Dimensions(order))
    }

    /// A matrix with all elements on a diagonal, `offset` above the main one, among zeros.
    public func diagFlat(offset: Int = 0) -> Tensor { reshape([-1]).diag(offset) }

    /// The plane of two dimensions turned `times` by 90 degrees, from the first towards the second.
    public func rot90(_ times: Int = 1, dims: (Int, Int) = (0, 1)) -> Tensor {
        switch ((times % 4) + 4) % 4 {
        case 1: flip(dims.1).transpose(dims.0, dims.1)
        case 2: flip(dims.0, dims.1)
        case 3: flip(dims.0).transpose(dims.0, dims.1)
        default: clone()
        }
    }

    /// The elements moved along several dimensions; see `roll(_:dim:)`.
    public func roll(_ shifts: [Int], dims: [Int]) -> Tensor {
        guard shifts.count == dims.count else {
            return stop("roll", [spec], "\(shifts.count) shifts for \(dims.count) dimensions", fallback: self)
        }
        return zip(shifts, dims).reduce(self) { $0.roll($1.0, dim: $1.1) }
    }

    /// The elements in order along the first dimension.
    public func msort() -> Tensor { sort(dim: 0).values }

    /// Each slice of `dim` repeated as often as its element of `counts` says; without `dim`, of the flattened tensor.
    public func repeatInterleave(_ counts: Tensor, dim: Int? = nil) -> Tensor {
        let x = dim == nil ? reshape([-1]) : self
        let axis = x.axis(dim ?? 0, "repeatInterleave")
        guard counts.count == 1 || counts.count == x.shape[axis] else {
            return stop(
                "repeatInterleave", [spec, counts.spec], "one count for each slice is expected", fallback: self)
        }
        let times = counts.to(.int64).reshape([-1]).expand(to: [x.shape[axis]]).array(of: Int.self)
        let index = times.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
        return x.indexSelect(axis, Tensor(index, shape: [index.count], device: device))
    }
}

// Lists of positions and combinations.
extension Tensor {
    /// The rows and columns of the elements on and below a diagonal of a matrix: int64 `[2, count]`.
    public static func trilIndices(
        _ rows: Int, _ columns: Int, offset: Int = 0, device: Device = .default
    ) -> Tensor {
        Tensor.ones([rows, columns], dtype: .bool, device: device).tril(diagonal: offset).nonzero().t().contiguous()
    }
    /// The rows and columns of the elements on and above a diagonal of a matrix: int64 `[2, count]`.
    public static func triuIndices(
        _ rows: Int, _ columns: Int, offset: Int = 0, device: Device = .default
    ) -> Tensor {
        Tensor.ones([rows, columns], dtype: .bool, device: device).triu(diagonal: offset).nonzero().t().contiguous()
    }

    /// The coordinates, one tensor for each dimension of `shape`, of these positions in a flattened tensor of that shape.
    /// Negative positions count from the end. PyTorch's `unravel_index`.
    public func unravelIndex(_ shape: Shape) -> [Tensor] {
        guard !dtype.isFloatingPoint, dtype != .bool else {
            stop("unravelIndex", [spec], "integers are expected")
            return shape.map { _ in self }
        }
        var rest = wrapped(below: shape.elementCount)
        var coordinates: [Tensor] = []
        for size in shape.reversed() {
            coordinates.append(rest % Swift.max(size, 1))
            rest = rest.floorDivide(Swift.max(size, 1))
        }
        return coordinates.reversed()
    }

    /// All ways to pick one element of each vector: `[product of lengths, vectors]`.
    public static func cartesianProduct(_ vectors: Tensor...) -> Tensor {
        guard vectors.count > 1 else { return vectors[0] }
        let sizes = Shape(vectors.map(\.count))
        let grids = vectors.enumerated().map { position, vector in
            var shape = Shape(repeating: 1, count: vectors.count)
            shape[position] = vector.count
            return vector.reshape(shape).expand(to: sizes).reshape([-1])
        }
        return Tensor.stack(grids, dim: 1)
    }

    /// All ways to pick `r` elements of a vector, in order: `[ways, r]`; with `replacement` the same one again and again.
    public func combinations(_ r: Int = 2, replacement: Bool = false) -> Tensor {
        guard rank == 1, r > 0 else {
            return stop(
                "combinations", [spec], "a vector and a positive number are expected", fallback: self)
        }
        let size = count
        var rows: [[Int]] = [[]]
        for _ in 0..<r {
            rows = rows.flatMap { row in
                ((row.last.map { replacement ? $0 : $0 + 1 } ?? 0)..<size).map { row + [$0] }
            }
        }
        let index = Tensor(rows.flatMap { $0 }, shape: [rows.count * r], device: device)
        return indexSelect(0, index).reshape([rows.count, r])
    }

    /// The powers of each element, from high to low: Vandermonde's matrix, `[…, count, columns]`.
    public func vander(columns: Int? = nil, increasing: Bool = false) -> Tensor {
        let powers = Tensor.arange(columns ?? shape[-1], device: device)
        return unsqueeze(-1).pow(increasing ? powers : powers.flip(0))
    }

    /// Matrices one after another along the diagonal, zeros elsewhere; vectors count as rows, numbers as `[1, 1]`.
    public static func blockDiag(_ blocks: Tensor...) -> Tensor {
        let matrices = blocks.map { $0.rank < 2 ? $0.reshape([1, -1]) : $0 }
        let columns = matrices.reduce(0) { $0 + $1.shape[1] }
        var start = 0
        return Tensor.cat(
            matrices.map { block in
                defer { start += block.shape[1] }
                return block.pad([start, columns - start - block.shape[1]])
            })
    }
}
