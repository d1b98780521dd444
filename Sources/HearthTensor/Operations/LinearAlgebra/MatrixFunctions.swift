extension Tensor {
    /// A square matrix multiplied with itself, `exponent` times; its inverse for a negative exponent.
    public func matrixPower(_ exponent: Int) -> Tensor {
        if exponent < 0 { return inverse().matrixPower(-exponent) }
        if exponent == 0 { return identity() }
        var (power, result, rest) = (self, Tensor?.none, exponent)
        while rest > 0 {
            if rest % 2 == 1 { result = result.map { $0.matmul(power) } ?? power }
            rest /= 2
            if rest > 0 { power = power.matmul(power) }
        }
        return result ?? self
    }

    /// The exponential of square matrices, `I + A + A²/2! + …`, by scaling and squaring.
    ///
    /// Source: Higham, "The Scaling and Squaring Method for the Matrix Exponential Revisited", 2005, with Taylor's
    /// polynomial of degree 18.
    public func matrixExp() -> Tensor {
        guard rank >= 2, shape[-1] == shape[-2], dtype.isFloatingPoint else {
            return stop("matrixExp", [spec], "square matrices are expected", fallback: self)
        }
        if count == 0 { return self }
        let size = hasElements ? detach().matrixNorm(.one).max().item() : 0
        var squarings = 0
        while size.isFinite, size / Double(1 << squarings) > 1, squarings < 60 { squarings += 1 }
        let a = self / Double(1 << squarings)
        let one = identity()
        // Horner's scheme, from the highest term down.
        var y = one + a / 18
        for degree in stride(from: 17, through: 1, by: -1) { y = one + a.matmul(y) / degree }
        for _ in 0..<squarings { y = y.matmul(y) }
        return y
    }

    /// The inverse of a tensor as a linear map from its last dimensions to the first `split`, which have as many elements.
    /// PyTorch's `linalg.tensorinv`.
    public func tensorInverse(split: Int = 2) -> Tensor {
        let (first, last) = (Array(shape.prefix(split)), Array(shape.dropFirst(split)))
        let size = first.reduce(1, *)
        guard size == last.reduce(1, *) else {
            return stop("tensorInverse", [spec], "\(first) and \(last) differ in elements", fallback: self)
        }
        return reshape([size, size]).inverse().reshape(Shape(last + first))
    }

    /// The `X` whose product with this tensor over all dimensions of `X` is `right`. PyTorch's `linalg.tensorsolve`.
    public func tensorSolve(_ right: Tensor) -> Tensor {
        let unknown = Shape(Array(shape.dropFirst(right.rank)))
        let size = right.count
        guard unknown.elementCount == size, shape.prefix(right.rank).elementsEqual(right.shape) else {
            return stop(
                "tensorSolve", [spec, right.spec],
                "the first sizes must be the right side's, and the others as many elements",
                fallback: self)
        }
        return reshape([size, size]).solve(right.reshape([size])).reshape(unknown)
    }
}
