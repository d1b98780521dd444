// Tensors cut apart and put together by PyTorch's short names.
extension Tensor {
    /// `count` parts along `dim`, of nearly equal size: the first `size % count` have one more. Views.
    public func tensorSplit(_ count: Int, dim: Int = 0) -> [Tensor] {
        guard count > 0 else {
            stop("tensorSplit", [spec], "the number of parts must be positive; it is \(count)")
            return [self]
        }
        let size = shape[axis(dim, "tensorSplit")]
        return split((0..<count).map { size / count + ($0 < size % count ? 1 : 0) }, dim: dim)
    }

    /// Parts along `dim` that begin at 0 and at each of `indices`. Views.
    public func tensorSplit(_ indices: [Int], dim: Int = 0) -> [Tensor] {
        let size = shape[axis(dim, "tensorSplit")]
        let bounds = indices.map { Swift.min(Swift.max($0 < 0 ? $0 + size : $0, 0), size) }
        return zip([0] + bounds, bounds + [size]).map { start, end in
            narrow(dim, start: start, length: Swift.max(end - start, 0))
        }
    }

    /// Equal parts along the second dimension; of a vector, along its only one. Views.
    public func hsplit(_ count: Int) -> [Tensor] { equalParts(count, rank == 1 ? 0 : 1, "hsplit", needs: 1) }
    /// Parts that begin at each of `indices` along the second dimension; of a vector, along its only one. Views.
    public func hsplit(_ indices: [Int]) -> [Tensor] { tensorSplit(indices, dim: rank == 1 ? 0 : 1) }
    /// Equal parts along the first of two or more dimensions. Views.
    public func vsplit(_ count: Int) -> [Tensor] { equalParts(count, 0, "vsplit", needs: 2) }
    /// Parts that begin at each of `indices` along the first of two or more dimensions. Views.
    public func vsplit(_ indices: [Int]) -> [Tensor] { tensorSplit(indices, dim: 0) }
    /// Equal parts along the third dimension. Views.
    public func dsplit(_ count: Int) -> [Tensor] { equalParts(count, 2, "dsplit", needs: 3) }
    /// Parts that begin at each of `indices` along the third dimension. Views.
    public func dsplit(_ indices: [Int]) -> [Tensor] { tensorSplit(indices, dim: 2) }

    private func equalParts(_ count: Int, _ dim: Int, _ name: String, needs least: Int) -> [Tensor] {
        guard rank >= least, count > 0, shape[dim] % count == 0 else {
            stop(
                name, [spec], "at least \(least) dimensions are expected, and \(count) equal parts of dimension \(dim)")
            return [self]
        }
        return tensorSplit(count, dim: dim)
    }

    /// This tensor with at least one dimension.
    public func atLeast1d() -> Tensor { rank == 0 ? reshape([1]) : self }
    /// This tensor with at least two dimensions; a vector becomes a row.
    public func atLeast2d() -> Tensor { rank < 2 ? atLeast1d().unsqueeze(0) : self }
    /// This tensor with at least three dimensions; a matrix gets a last one.
    public func atLeast3d() -> Tensor { rank < 3 ? atLeast2d().unsqueeze(-1) : self }

    /// Tensors side by side: along the second dimension, vectors along their only one.
    public static func hstack(_ tensors: [Tensor]) -> Tensor {
        let parts = tensors.map { $0.atLeast1d() }
        return cat(parts, dim: parts.first?.rank == 1 ? 0 : 1)
    }
    /// Tensors on top of each other: along the first dimension, vectors as rows.
    public static func vstack(_ tensors: [Tensor]) -> Tensor { cat(tensors.map { $0.atLeast2d() }) }
    /// Tensors behind each other: along the third dimension.
    public static func dstack(_ tensors: [Tensor]) -> Tensor { cat(tensors.map { $0.atLeast3d() }, dim: 2) }
    /// Vectors as columns beside each other; of matrices, `hstack`.
    public static func columnStack(_ tensors: [Tensor]) -> Tensor {
        cat(tensors.map { $0.rank < 2 ? $0.reshape([-1, 1]) : $0 }, dim: 1)
    }
}
