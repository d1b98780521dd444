// Elements written to places that are told one by one. All give copies; this value does not change.
extension Tensor {
    /// A copy with the elements of `source` written at these positions of the flattened tensor, or added there with
    /// `accumulate`. Negative positions count from the end.
    public func put(_ index: Tensor, _ source: Tensor, accumulate: Bool = false) -> Tensor {
        let places = index.wrapped(below: count).reshape([-1])
        let flat = reshape([-1])
        let values = source.to(dtype).reshape([-1])
        return (accumulate ? flat.indexAdd(0, places, values) : flat.indexCopy(0, places, values)).reshape(shape)
    }

    /// A copy with `values` written where `self[indices[0], indices[1], …]` reads, or added there with `accumulate`, so
    /// that a place that is named twice gets both. Plain assignment, `x[i, j] = values`, does the former too.
    public func indexPut(_ indices: [Tensor], _ values: Tensor, accumulate: Bool = false) -> Tensor {
        guard (1...Swift.max(rank, 1)).contains(indices.count) else {
            return stop(
                "indexPut", [spec], "\(indices.count) indices for \(rank) dimensions", fallback: self)
        }
        let numbers = Tensor.arange(count, device: device).reshape(shape)
        let targets =
            switch indices.count {
            case 1: numbers[indices[0]]
            case 2: numbers[indices[0], indices[1]]
            default: numbers[picked: indices]
            }
        return put(targets, values.expand(to: targets.shape), accumulate: accumulate)
    }

    /// `self[index, index, …]` for any number of indices.
    private subscript(picked indices: [Tensor]) -> Tensor {
        let places = Tensor.broadcast(indices.map { $0.to(.int64) })
        var flat = places[0].wrapped(below: shape[0])
        for (axis, index) in places.enumerated().dropFirst() {
            flat = flat * shape[axis] + index.wrapped(below: shape[axis])
        }
        let rows = flatten(from: 0, to: indices.count - 1).indexSelect(0, flat.reshape([-1]))
        return rows.reshape(Shape(Array(flat.shape) + Array(shape.dropFirst(indices.count))))
    }

    /// The elements at positions along `dim`, broadcast against `index` in all other dimensions; of the flattened tensor
    /// without `dim`. `x.takeAlong(x.argsort(dim: 1), dim: 1)` sorts. PyTorch's `take_along_dim`.
    public func takeAlong(_ index: Tensor, dim: Int? = nil) -> Tensor {
        guard let dim else { return reshape([-1]).gather(0, index.reshape([-1])) }
        let axis = axis(dim, "takeAlong")
        guard index.rank == rank else {
            return stop("takeAlong", [spec, index.spec], "both need as many dimensions", fallback: self)
        }
        var (one, other) = (shape, index.shape)
        (one[axis], other[axis]) = (1, 1)
        guard var common = Dimensions.broadcast(one, other) else {
            return stop(
                "takeAlong", [spec, index.spec], "sizes must be equal or 1 in all dimensions but \(dim)", fallback: self
            )
        }
        common[axis] = shape[axis]
        let values = expand(to: common)
        common[axis] = index.shape[axis]
        return values.gather(axis, index.expand(to: common))
    }

    /// A copy in which the places where `mask` (broadcast) holds get the elements of `source`, one after another.
    public func maskedScatter(_ mask: Tensor, _ source: Tensor) -> Tensor {
        let places = mask.expand(to: shape).reshape([-1]).nonzero().reshape([-1])
        guard source.count >= places.count else {
            return stop(
                "maskedScatter", [spec, mask.spec, source.spec], "the mask names \(places.count) places", fallback: self
            )
        }
        let values = source.to(dtype).reshape([-1]).narrow(0, start: 0, length: places.count)
        return reshape([-1]).indexCopy(0, places, values).reshape(shape)
    }

    /// A copy in which slices of `dim` that the int64 vector `index` names are combined with those of `source`; without
    /// `includeSelf` the slices that are named take no part themselves.
    public func indexReduce(
        _ dim: Int, _ index: Tensor, _ source: Tensor, _ reduction: ScatterReduction, includeSelf: Bool = true
    ) -> Tensor {
        let axis = axis(dim, "indexReduce")
        var column = Shape(repeating: 1, count: rank)
        column[axis] = index.count
        return scatterReduce(
            axis, index.reshape(column).expand(to: source.shape), source, reduction,
            includeSelf: includeSelf)
    }

    /// A copy with slice `index` of dimension `dim` replaced.
    public func selectScatter(_ source: Tensor, dim: Int, index: Int) -> Tensor {
        let axis = axis(dim, "selectScatter")
        let position = index < 0 ? index + shape[axis] : index
        return indexCopy(axis, Tensor([position], device: device), source.to(dtype).unsqueeze(axis))
    }

    /// A copy with slices `start`, `start + step`, … below `end` of dimension `dim` replaced.
    public func sliceScatter(_ source: Tensor, dim: Int = 0, start: Int = 0, end: Int? = nil, step: Int = 1) -> Tensor {
        let axis = axis(dim, "sliceScatter")
        let size = shape[axis]
        func bound(_ value: Int) -> Int { Swift.min(Swift.max(value < 0 ? value + size : value, 0), size) }
        let positions = Tensor.arange(bound(start), bound(end ?? size), step: step, device: device)
        return indexCopy(axis, positions, source.to(dtype))
    }

    /// A copy with a diagonal of two dimensions replaced; `source` has the shape that `diagonal` gives.
    public func diagonalScatter(_ source: Tensor, offset: Int = 0, dim1: Int = 0, dim2: Int = 1) -> Tensor {
        let places = Tensor.arange(count, device: device).reshape(shape).diagonal(
            offset: offset, dim1: dim1, dim2: dim2)
        guard source.shape == places.shape else {
            return stop(
                "diagonalScatter", [spec, source.spec], "the diagonal has shape \(places.shape)", fallback: self)
        }
        return put(places, source)
    }
}
