// Differences of neighbours, and sums under the lines between them.
extension Tensor {
    /// The differences of neighbours along `dim`, taken `n` times; of bool, whether neighbours differ.
    /// - Parameters:
    ///   - prepend: Put before the elements first.
    ///   - append: Put after the elements first.
    public func diff(n: Int = 1, dim: Int = -1, prepend: Tensor? = nil, append: Tensor? = nil) -> Tensor {
        let axis = axis(dim, "diff")
        let parts = [prepend, self, append].compactMap { $0 }
        var y = parts.count > 1 ? Tensor.cat(parts, dim: axis) : self
        for _ in 0..<n {
            let length = Swift.max(y.shape[axis] - 1, 0)
            let (later, earlier) = (
                y.narrow(axis, start: y.shape[axis] - length, length: length), y.narrow(axis, start: 0, length: length)
            )
            y = dtype == .bool ? later ^ earlier : later - earlier
        }
        return y
    }

    /// The derivative along each of `dims` (all when nil) of a function sampled `spacing` apart, by central differences;
    /// at the edges by differences of order 1 or 2. PyTorch's `torch.gradient`.
    public func gradient(spacing: Double = 1, dims: [Int]? = nil, edgeOrder: Int = 1) -> [Tensor] {
        guard (1...2).contains(edgeOrder) else {
            stop("gradient", [spec], "the order at the edges must be 1 or 2; it is \(edgeOrder)")
            return [self]
        }
        return (dims ?? Array(0..<rank)).map { slope(axis($0, "gradient"), spacing, edgeOrder) }
    }

    private func slope(_ axis: Int, _ spacing: Double, _ edgeOrder: Int) -> Tensor {
        let size = shape[axis]
        guard size > edgeOrder else {
            return stop(
                "gradient", [spec], "dimension \(axis) needs at least \(edgeOrder + 1) elements", fallback: self)
        }
        let x = dtype.isFloatingPoint ? self : to(.float32)
        func at(_ position: Int) -> Tensor { x.narrow(axis, start: position, length: 1) }
        let inner = (x.narrow(axis, start: 2, length: size - 2) - x.narrow(axis, start: 0, length: size - 2)) / 2
        let first = edgeOrder == 1 ? at(1) - at(0) : at(0) * -1.5 + at(1) * 2 - at(2) * 0.5
        let last =
            edgeOrder == 1 ? at(size - 1) - at(size - 2) : at(size - 3) * 0.5 - at(size - 2) * 2 + at(size - 1) * 1.5
        return Tensor.cat([first, inner, last], dim: axis) / spacing
    }

    /// The integral along `dim` of a function sampled `dx` apart, by the trapezoidal rule.
    public func trapezoid(dx: Double = 1, dim: Int = -1) -> Tensor { trapezoids(dim) { $0 * dx }.sum(dim: dim) }
    /// The integral along `dim` of a function sampled at the places `x`, by the trapezoidal rule.
    public func trapezoid(x: Tensor, dim: Int = -1) -> Tensor {
        trapezoids(dim) { $0 * self.steps(x, dim) }.sum(dim: dim)
    }
    /// The running integral along `dim`; see `trapezoid(dx:dim:)`.
    public func cumulativeTrapezoid(dx: Double = 1, dim: Int = -1) -> Tensor {
        trapezoids(dim) { $0 * dx }.cumsum(dim: dim)
    }
    /// The running integral along `dim`; see `trapezoid(x:dim:)`.
    public func cumulativeTrapezoid(x: Tensor, dim: Int = -1) -> Tensor {
        trapezoids(dim) { $0 * self.steps(x, dim) }.cumsum(dim: dim)
    }

    /// The means of neighbours, scaled.
    private func trapezoids(_ dim: Int, _ scaled: (Tensor) -> Tensor) -> Tensor {
        let axis = axis(dim, "trapezoid")
        let length = Swift.max(shape[axis] - 1, 0)
        return scaled(
            (narrow(axis, start: 0, length: length) + narrow(axis, start: shape[axis] - length, length: length)) / 2)
    }

    /// The distances of the places `x`, a vector along `dim` or a tensor of this shape.
    private func steps(_ x: Tensor, _ dim: Int) -> Tensor {
        let axis = axis(dim, "trapezoid")
        guard x.rank == 1, rank > 1 else { return x.diff(dim: dim) }
        var column = Shape(repeating: 1, count: rank)
        column[axis] = Swift.max(x.count - 1, 0)
        return x.diff().reshape(column)
    }
}
