/// What a quantile is where it falls between two elements.
public enum QuantileInterpolation: String, Sendable, CaseIterable {
    /// On the line between them.
    case linear
    /// The smaller one.
    case lower
    /// The larger one.
    case higher
    /// Halfway between them.
    case midpoint
    /// The nearer one.
    case nearest
}

extension Tensor {
    /// The element that the fraction `q` of all elements is below; NaN when there is one.
    ///
    ///     x.quantile(0.25)                                         // the first quartile of all elements
    ///     x.quantile(Tensor([0.25, 0.5, 0.75]), dim: 1)            // [3, rows]
    ///
    /// - Parameters:
    ///   - q: In `0...1`.
    ///   - dim: The dimension to look along; all elements when nil.
    ///   - interpolation: What to give where `q` falls between two elements.
    public func quantile(
        _ q: Double, dim: Int? = nil, keepDim: Bool = false, interpolation: QuantileInterpolation = .linear
    ) -> Tensor {
        quantile(Tensor(q, dtype: dtype, device: device), dim: dim, keepDim: keepDim, interpolation: interpolation)
    }

    /// The quantiles for several fractions, a vector, as a new first dimension; see `quantile(_:dim:keepDim:…)`.
    public func quantile(
        _ q: Tensor, dim: Int? = nil, keepDim: Bool = false, interpolation: QuantileInterpolation = .linear
    ) -> Tensor {
        quantiles(q, dim, keepDim, interpolation, passesOverNaN: false)
    }

    /// The quantile of the elements that are not NaN; see `quantile(_:dim:keepDim:interpolation:)`.
    public func nanQuantile(
        _ q: Double, dim: Int? = nil, keepDim: Bool = false, interpolation: QuantileInterpolation = .linear
    ) -> Tensor {
        nanQuantile(Tensor(q, dtype: dtype, device: device), dim: dim, keepDim: keepDim, interpolation: interpolation)
    }

    /// The quantiles of the elements that are not NaN, for several fractions, as a new first dimension.
    public func nanQuantile(
        _ q: Tensor, dim: Int? = nil, keepDim: Bool = false, interpolation: QuantileInterpolation = .linear
    ) -> Tensor {
        quantiles(q, dim, keepDim, interpolation, passesOverNaN: true)
    }

    private func quantiles(
        _ q: Tensor, _ dim: Int?, _ keepDim: Bool, _ interpolation: QuantileInterpolation, passesOverNaN: Bool
    ) -> Tensor {
        guard dtype.isFloatingPoint, q.rank <= 1, count > 0 else {
            return stop(
                "quantile", [spec, q.spec], "floating-point elements and one fraction or a vector of them are expected",
                fallback: self)
        }
        let q = apply(CheckRange(low: 0, high: 1, subject: "quantile"), to: q)
        let axis = dim.map { self.axis($0, "quantile") }
        let rows = rank == 0 || axis == nil ? reshape([-1]) : moveDim(axis!, to: -1)
        let sorted = rows.sort(dim: -1).values
        let values = sorted.between(rows.ranks(of: q, passesOverNaN), interpolation)
        return arrange(values, q, axis, keepDim)
    }

    /// Where the fractions of each row fall among its sorted elements: `[…, fractions]`.
    private func ranks(of q: Tensor, _ passesOverNaN: Bool) -> Tensor {
        let fractions = q.detach().to(dtype).reshape([-1])
        let isNaN = detach().isNaN()
        let last = Tensor.full([1], Double(shape[-1] - 1), dtype: dtype, device: device)
        guard passesOverNaN else {
            // NaN is the last in the order.
            return Tensor.where(isNaN.any(dim: -1, keepDim: true), last, fractions * last)
        }
        return fractions * ((~isNaN).sum(dim: -1, keepDim: true) - 1).clamp(min: 0).to(dtype)
    }

    /// The elements of sorted rows at places that may fall between two.
    private func between(_ ranks: Tensor, _ interpolation: QuantileInterpolation) -> Tensor {
        func at(_ places: Tensor) -> Tensor { gather(-1, places.to(.int64)) }
        switch interpolation {
        case .lower: return at(ranks.floor())
        case .higher: return at(ranks.ceil())
        case .nearest: return at(ranks.round())
        case .linear: return at(ranks.floor()).lerp(at(ranks.ceil()), weight: ranks - ranks.floor())
        case .midpoint: return at(ranks.floor()).lerp(at(ranks.ceil()), weight: Tensor.full(like: ranks, 0.5))
        }
    }

    /// `[…, fractions]` as PyTorch shows it: the fractions first, the reduced dimension with size 1 where it is kept.
    private func arrange(_ values: Tensor, _ q: Tensor, _ axis: Int?, _ keepDim: Bool) -> Tensor {
        var sizes = Shape()
        for i in 0..<rank where keepDim || (axis != nil && i != axis) {
            sizes.append(axis == nil || i == axis ? 1 : shape[i])
        }
        let first = values.moveDim(-1, to: 0)
        return first.reshape(Shape((q.rank == 0 ? [] : [q.count]) + Array(sizes)))
    }

    /// From `self` at weight 0 to `end` at 1, with a weight for each element.
    public func lerp(_ end: Tensor, weight: Tensor) -> Tensor {
        // Interpolated from the nearer end, so that weights 0 and 1 give the two values exactly.
        Tensor.where(weight < 0.5, self + weight * (end - self), end - (end - self) * (1 - weight))
    }
}
