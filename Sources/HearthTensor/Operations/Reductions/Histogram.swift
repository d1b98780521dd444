extension Tensor {
    /// How many elements fall into each of `bins` equal parts of `low...high`, in the dtype of the elements; from the
    /// smallest to the largest element when both bounds are equal. Elements outside count nowhere. PyTorch's `histc`.
    public func histc(bins: Int = 100, min low: Double = 0, max high: Double = 0) -> Tensor {
        let x = detach().reshape([-1])
        let (low, high) = low == high ? x.ownRange(widening: 1) : (low, high)
        let position = ((x - low) * (Double(bins) / (high - low))).floor().clamp(max: Double(bins - 1))
        return x.counted(position, bins, within: (low, high), weights: Tensor.ones(like: x))
    }

    /// How many elements fall into each of `bins` equal parts of `range`, and the edges of the parts.
    /// - Parameters:
    ///   - range: By default from the smallest to the largest element.
    ///   - weights: What each element counts, by default 1.
    ///   - density: Whether the counts are divided by their sum and by the width of the parts.
    public func histogram(
        bins: Int, range: ClosedRange<Double>? = nil, weights: Tensor? = nil, density: Bool = false
    ) -> (histogram: Tensor, edges: Tensor) {
        let (low, high) = range.map { ($0.lowerBound, $0.upperBound) } ?? detach().ownRange(widening: 0.5)
        let edges = Tensor.linspace(low, high, count: bins + 1, dtype: dtype, device: device)
        return histogram(edges: edges, weights: weights, density: density)
    }

    /// How many elements fall between each two of ascending `edges`, the last included; see `histogram(bins:…)`.
    public func histogram(
        edges: Tensor, weights: Tensor? = nil, density: Bool = false
    ) -> (histogram: Tensor, edges: Tensor) {
        guard edges.rank == 1, edges.count > 1, weights == nil || weights!.shape == shape else {
            stop("histogram", [spec, edges.spec], "two edges or more are expected, and weights of the shape \(shape)")
            return (edges, edges)
        }
        let x = detach().reshape([-1])
        let bins = edges.count - 1
        let position = (edges.searchSorted(x, right: true) - 1).clamp(max: Double(bins - 1))
        let bounds = (edges[0].item(), edges[-1].item())
        let all = weights?.detach().reshape([-1]) ?? Tensor.ones(like: x)
        let counts = x.counted(position, bins, within: bounds, weights: all)
        let widths = edges.narrow(0, start: 1, length: bins) - edges.narrow(0, start: 0, length: bins)
        return (density ? counts / counts.sum() / widths : counts, edges)
    }

    /// The sum of `weights` by `position`, where the element lies within the bounds.
    private func counted(_ position: Tensor, _ bins: Int, within bounds: (Double, Double), weights: Tensor) -> Tensor {
        guard bins > 0 else {
            return stop("histogram", [spec], "the number of bins must be positive; it is \(bins)", fallback: self)
        }
        let isInside = (self >= bounds.0) & (self <= bounds.1)
        let places = position.maskedFill(~isInside, with: 0).to(.int64)
        return Tensor.zeros([bins], dtype: dtype, device: device).indexAdd(
            0, places, weights.to(dtype).masked(where: isInside))
    }

    /// From the smallest to the largest element; made wider when they are equal, `0...1` when there are none.
    private func ownRange(widening: Double) -> (Double, Double) {
        if count == 0 { return (0, 1) }
        let (low, high) = (min().item(), max().item())
        return low == high ? (low - widening, high + widening) : (low, high)
    }

    /// True where an element is among those of `others`. PyTorch's `isin`.
    public func isIn(_ others: Tensor) -> Tensor {
        let type = Tensor.promoted(self, others)
        let (x, sorted) = (detach().to(type), others.detach().to(type).reshape([-1]).sort().values)
        if sorted.count == 0 { return Tensor.zeros(shape, dtype: .bool, device: device) }
        return sorted.take(sorted.searchSorted(x).clamp(max: Double(sorted.count - 1))) == x
    }
}
