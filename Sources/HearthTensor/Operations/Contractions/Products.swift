// Sums of products, made of `matmul`.
extension Tensor {
    /// `beta * self + alpha * matrix × vector`.
    public func addmv(_ matrix: Tensor, _ vector: Tensor, beta: Double = 1, alpha: Double = 1) -> Tensor {
        scaled(beta).add(matrix.mv(vector), alpha: alpha)
    }
    /// `beta * self + alpha * x yᵀ` for vectors.
    public func addr(_ x: Tensor, _ y: Tensor, beta: Double = 1, alpha: Double = 1) -> Tensor {
        scaled(beta).add(x.outer(y), alpha: alpha)
    }
    /// `beta * self + alpha * x × y`, batch by batch.
    public func baddbmm(_ x: Tensor, _ y: Tensor, beta: Double = 1, alpha: Double = 1) -> Tensor {
        scaled(beta).add(x.bmm(y), alpha: alpha)
    }
    /// `beta * self + alpha * (the sum of x × y over the batch)`.
    public func addbmm(_ x: Tensor, _ y: Tensor, beta: Double = 1, alpha: Double = 1) -> Tensor {
        scaled(beta).add(x.bmm(y).sum(dim: 0), alpha: alpha)
    }
    private func scaled(_ factor: Double) -> Tensor { factor == 1 ? self : self * factor }

    /// The inner products over the last dimension of both: `[…a, k]` and `[…b, k]` give `[…a, …b]`.
    public func inner(_ other: Tensor) -> Tensor {
        if rank == 0 || other.rank == 0 { return self * other }
        return tensordot(other, dims: ([-1], [-1]))
    }

    /// The sum of the products of the elements of two vectors, without broadcasting.
    public func vdot(_ other: Tensor) -> Tensor { dot(other) }

    /// The inner product along `dim`, broadcast; PyTorch's `linalg.vecdot`.
    public func vecdot(_ other: Tensor, dim: Int = -1) -> Tensor { (self * other).sum(dim: dim) }

    /// The product summed over pairs of dimensions, `dims.0[i]` of this tensor with `dims.1[i]` of the other; the other
    /// dimensions follow in order.
    public func tensordot(_ other: Tensor, dims: ([Int], [Int])) -> Tensor {
        let mine = dims.0.map { axis($0, "tensordot") }
        let theirs = dims.1.map { other.axis($0, "tensordot") }
        guard mine.count == theirs.count, zip(mine, theirs).allSatisfy({ shape[$0] == other.shape[$1] }) else {
            return stop(
                "tensordot", [spec, other.spec], "dimensions \(dims.0) and \(dims.1) must have equal sizes",
                fallback: self)
        }
        let left = (0..<rank).filter { !mine.contains($0) }
        let right = (0..<other.rank).filter { !theirs.contains($0) }
        let inner = mine.reduce(1) { $0 * shape[$1] }
        let rows = permute(Dimensions(left + mine)).reshape([left.reduce(1) { $0 * shape[$1] }, inner])
        let columns = other.permute(Dimensions(theirs + right))
            .reshape([inner, right.reduce(1) { $0 * other.shape[$1] }])
        return rows.matmul(columns).reshape(Shape(left.map { shape[$0] } + right.map { other.shape[$0] }))
    }

    /// The product summed over the last `dims` dimensions of this tensor and the first of the other.
    public func tensordot(_ other: Tensor, dims: Int = 2) -> Tensor {
        tensordot(other, dims: (Array((rank - dims)..<rank), Array(0..<dims)))
    }

    /// Kronecker's product: every element of this tensor times all of the other, `shape[i] * other.shape[i]`.
    public func kron(_ other: Tensor) -> Tensor {
        let size = Swift.max(rank, other.rank)
        func spread(_ x: Tensor, _ place: Int) -> Tensor {
            var sizes = Array(repeating: 1, count: 2 * size)
            for (axis, length) in x.shape.enumerated() { sizes[2 * (axis + size - x.rank) + place] = length }
            return x.reshape(Shape(sizes))
        }
        guard 2 * size <= Dimensions.limit else {
            return stop("kron", [spec, other.spec], "too many dimensions", fallback: self)
        }
        let product = spread(self, 0) * spread(other, 1)
        var shape = Shape()
        for axis in 0..<size { shape.append(product.shape[2 * axis] * product.shape[2 * axis + 1]) }
        return product.reshape(shape)
    }

    /// The vector product along `dim`, which has size 3; the others are broadcast.
    public func cross(_ other: Tensor, dim: Int = -1) -> Tensor {
        guard shape[axis(dim, "cross")] == 3, other.shape[other.axis(dim, "cross")] == 3 else {
            return stop("cross", [spec, other.spec], "dimension \(dim) must have size 3", fallback: self)
        }
        // Component i is made of components i + 1 and i + 2.
        func next(_ x: Tensor, _ places: Int) -> Tensor { x.roll(-places, dim: dim) }
        return next(self, 1) * next(other, 2) - next(self, 2) * next(other, 1)
    }

    /// The product of matrices (the first and last may be vectors), multiplied in the order that needs the fewest steps.
    /// PyTorch's `linalg.multi_dot` and `chain_matmul`.
    public static func multiDot(_ tensors: [Tensor]) -> Tensor {
        guard tensors.count > 1 else { return tensors[0] }
        var matrices = tensors
        let startsWithVector = tensors[0].rank == 1
        let endsWithVector = tensors[tensors.count - 1].rank == 1
        if startsWithVector { matrices[0] = tensors[0].unsqueeze(0) }
        if endsWithVector { matrices[matrices.count - 1] = tensors[tensors.count - 1].unsqueeze(1) }
        let sizes = [matrices[0].shape[0]] + matrices.map { $0.shape[1] }
        let cuts = cheapestCuts(sizes)
        func product(_ first: Int, _ last: Int) -> Tensor {
            if first == last { return matrices[first] }
            let cut = cuts[first][last]
            return product(first, cut).matmul(product(cut + 1, last))
        }
        var y = product(0, matrices.count - 1)
        if endsWithVector { y = y.squeeze(-1) }
        return startsWithVector ? y.squeeze(0) : y
    }

    /// After which matrix to cut the chain from `i` to `j`, for each; matrix `i` is `sizes[i] × sizes[i + 1]`.
    /// Source: Cormen et al., "Introduction to Algorithms", section on matrix-chain multiplication.
    private static func cheapestCuts(_ sizes: [Int]) -> [[Int]] {
        let count = sizes.count - 1
        var cost = Array(repeating: Array(repeating: 0, count: count), count: count)
        var cuts = cost
        for length in 1..<count {
            for i in 0..<(count - length) {
                let j = i + length
                let ways = (i..<j).map { cost[i][$0] + cost[$0 + 1][j] + sizes[i] * sizes[$0 + 1] * sizes[j + 1] }
                let best = ways.indices.min { ways[$0] < ways[$1] }!
                (cost[i][j], cuts[i][j]) = (ways[best], i + best)
            }
        }
        return cuts
    }

    /// The products of groups of rows with a matrix each: rows up to `ends[0]` with `matrices[0]`, those after it up to
    /// `ends[1]` with `matrices[1]`, and so on. `[rows, k]` and `[groups, k, n]` give `[rows, n]`. PyTorch's
    /// `F.grouped_mm`.
    public func groupedMM(_ matrices: Tensor, ends: [Int]) -> Tensor {
        guard rank == 2, matrices.rank == 3, ends.count == matrices.shape[0], ends.last == shape[0] else {
            return stop(
                "groupedMM", [spec, matrices.spec], "the ends \(ends) must name each group and reach the last row",
                fallback: self)
        }
        let parts = tensorSplit(Array(ends.dropLast()))
        return Tensor.cat(parts.enumerated().map { $1.matmul(matrices[$0]) })
    }

    /// `x[i] weight[o, i, j] y[j]`, summed, plus `bias`: `[…, in1]` and `[…, in2]` give `[…, out]`. PyTorch's `F.bilinear`.
    public static func bilinear(_ x: Tensor, _ y: Tensor, _ weight: Tensor, bias: Tensor? = nil) -> Tensor {
        let product = einsum("...i,oij,...j->...o", x, weight, y)
        return bias.map { product + $0 } ?? product
    }
}
