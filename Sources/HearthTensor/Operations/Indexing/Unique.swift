// Distinct elements and slices.
extension Tensor {
    /// The distinct elements in ascending order; where each element went (in the shape of this tensor), and how often
    /// each occurs.
    public func unique() -> (values: Tensor, inverse: Tensor, counts: Tensor) {
        let (sorted, order) = reshape([-1]).detach().sort()
        guard count > 0 else { return (sorted, order.reshape(shape), order) }
        let differs = sorted.narrow(0, start: 1, length: count - 1) != sorted.narrow(0, start: 0, length: count - 1)
        let isFirst = Tensor.cat([Tensor([true], device: device), differs])
        let group = isFirst.to(.int64).cumsum(dim: 0) - 1
        let starts = isFirst.nonzero().reshape([-1])
        let ends = Tensor.cat([starts.narrow(0, start: 1, length: starts.count - 1), Tensor([count], device: device)])
        let inverse = Tensor.zeros([count], dtype: .int64, device: device).scatter(0, order, group)
        return (sorted.indexSelect(0, starts), inverse.reshape(shape), ends - starts)
    }

    /// The elements without those that equal the one before; where each went (in the shape of this tensor), and how often
    /// each occurs in a row.
    public func uniqueConsecutive() -> (values: Tensor, inverse: Tensor, counts: Tensor) {
        let x = reshape([-1])
        guard count > 0 else {
            return (
                x, Tensor.zeros(shape, dtype: .int64, device: device), Tensor.zeros([0], dtype: .int64, device: device)
            )
        }
        let y = x.detach()
        let differs = y.narrow(0, start: 1, length: count - 1) != y.narrow(0, start: 0, length: count - 1)
        let isNew = Tensor.cat([Tensor([true], device: device), differs])
        let starts = isNew.nonzero().reshape([-1])
        let ends = Tensor.cat([starts.narrow(0, start: 1, length: starts.count - 1), Tensor([count], device: device)])
        return (x.indexSelect(0, starts), (isNew.to(.int64).cumsum(dim: 0) - 1).reshape(shape), ends - starts)
    }

    /// The distinct slices of dimension `dim` in ascending order of their elements; which of them each slice is, and how
    /// often each occurs. PyTorch's `unique(dim=…)`.
    public func uniqueDim(_ dim: Int) -> (values: Tensor, inverse: Tensor, counts: Tensor) {
        guard let axis = sliceAxis(dim, "uniqueDim") else { return (self, self, self) }
        let slices = detach().slicesAsRows(axis)
        // Sorted by the last column first: each stable sort keeps the order of those before.
        var order = Tensor.arange(shape[axis], device: device)
        for column in (0..<slices.shape[1]).reversed() {
            order = order.indexSelect(0, slices.select(1, column).indexSelect(0, order).argsort())
        }
        let (starts, group, counts) = slices.indexSelect(0, order).runs()
        let inverse = Tensor.zeros([order.count], dtype: .int64, device: device).indexCopy(0, order, group)
        return (indexSelect(axis, order.indexSelect(0, starts)), inverse, counts)
    }

    /// The slices of dimension `dim` without those that equal the one before; which of them each slice is, and how often
    /// each occurs in a row. PyTorch's `unique_consecutive(dim=…)`.
    public func uniqueConsecutive(dim: Int) -> (values: Tensor, inverse: Tensor, counts: Tensor) {
        guard let axis = sliceAxis(dim, "uniqueConsecutive") else { return (self, self, self) }
        let (starts, group, counts) = detach().slicesAsRows(axis).runs()
        return (indexSelect(axis, starts), group, counts)
    }

    private func sliceAxis(_ dim: Int, _ name: String) -> Int? {
        let axis = axis(dim, name)
        require(rank > 0, name, "at least 1 dimension is expected")
        return rank > 0 ? axis : nil
    }

    /// `[size of the dimension, all other elements]`.
    private func slicesAsRows(_ axis: Int) -> Tensor {
        let size = shape[axis]
        return moveDim(axis, to: 0).reshape([size, size == 0 ? 0 : count / size])
    }

    /// Of rows of which equal ones lie together: where each run starts, the number of each row's run, and the runs' lengths.
    private func runs() -> (starts: Tensor, group: Tensor, counts: Tensor) {
        let size = shape[0]
        guard size > 0 else {
            let nothing = Tensor.zeros([0], dtype: .int64, device: device)
            return (nothing, nothing, nothing)
        }
        let differs = (narrow(0, start: 1, length: size - 1) != narrow(0, start: 0, length: size - 1)).any(dim: 1)
        let isNew = Tensor.cat([Tensor([true], device: device), differs])
        let starts = isNew.nonzero().reshape([-1])
        let ends = Tensor.cat([starts.narrow(0, start: 1, length: starts.count - 1), Tensor([size], device: device)])
        return (starts, isNew.to(.int64).cumsum(dim: 0) - 1, ends - starts)
    }
}
