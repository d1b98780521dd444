// Elements by their place in the order along a dimension, with the position they come from. NaN is the largest.
extension Tensor {
    /// The `k`-th smallest element along `dim` (from 1), and its position. PyTorch's `kthvalue`.
    public func kthValue(_ k: Int, dim: Int = -1, keepDim: Bool = false) -> (value: Tensor, index: Tensor) {
        let axis = axis(dim, "kthValue")
        let size = rank == 0 ? 1 : shape[axis]
        guard k > 0, k <= size else {
            stop("kthValue", [spec], "elements are counted from 1 to \(size) along dimension \(dim); asked for \(k)")
            return (self, self)
        }
        if rank == 0 { return alone }
        return picked(argsort(dim: axis).narrow(axis, start: k - 1, length: 1).contiguous(), axis, keepDim)
    }

    /// The lower median along `dim`, and its position; the first NaN where there is one.
    public func median(dim: Int, keepDim: Bool = false) -> (value: Tensor, index: Tensor) {
        let axis = axis(dim, "median")
        if rank == 0 { return alone }
        guard hasElements(along: axis, "median") else { return (self, self) }
        var index = argsort(dim: axis).narrow(axis, start: (shape[axis] - 1) / 2, length: 1)
        if dtype.isFloatingPoint {
            let isNaN = detach().isNaN()
            let first = isNaN.to(.uint8).argmax(dim: axis, keepDim: true)
            index = Tensor.where(isNaN.any(dim: axis, keepDim: true), first, index)
        }
        return picked(index.contiguous(), axis, keepDim)
    }

    /// The lower median of all elements; of no elements NaN, or the smallest int64.
    public func median() -> Tensor { count == 0 ? medianOfNothing : reshape([-1]).median(dim: 0).value }

    /// The lower median of the elements that are not NaN; NaN when there are none.
    public func nanMedian() -> Tensor { count == 0 ? medianOfNothing : reshape([-1]).nanMedian(dim: 0).value }

    /// The lower median along `dim` of the elements that are not NaN, and its position.
    public func nanMedian(dim: Int, keepDim: Bool = false) -> (value: Tensor, index: Tensor) {
        let axis = axis(dim, "nanMedian")
        if rank == 0 { return alone }
        guard hasElements(along: axis, "nanMedian") else { return (self, self) }
        guard dtype.isFloatingPoint else { return median(dim: dim, keepDim: keepDim) }
        // NaN is the largest in the order, so the numbers come first.
        let numbers = (~isNaN()).sum(dim: axis, keepDim: true)
        let middle = (numbers - 1).floorDivide(2).clamp(min: 0)
        return picked(argsort(dim: axis).gather(axis, middle), axis, keepDim)
    }

    /// The most frequent element along `dim`, the smallest of equally frequent ones, and its last position.
    public func mode(dim: Int = -1, keepDim: Bool = false) -> (value: Tensor, index: Tensor) {
        let axis = axis(dim, "mode")
        if rank == 0 { return alone }
        guard hasElements(along: axis, "mode") else { return (self, self) }
        let rows = detach().moveDim(axis, to: -1)
        let (sorted, order) = rows.sort(dim: -1)
        let size = rows.shape[-1]
        let isNew = sorted.narrow(-1, start: 1, length: size - 1) != sorted.narrow(-1, start: 0, length: size - 1)
        let places = Tensor.arange(size, device: device)
        let first = Tensor.zeros(Shape(Array(rows.shape.dropLast()) + [1]), dtype: .int64, device: device)
        let starts = Tensor.cat([first, places.narrow(0, start: 1, length: size - 1) * isNew], dim: -1)
        let lengths = places - starts.cummax(dim: -1).values
        let index = order.gather(-1, lengths.argmax(dim: -1, keepDim: true)).moveDim(-1, to: axis)
        return picked(index, axis, keepDim)
    }

    /// The element at `index`, which has size 1 along `axis`.
    private func picked(_ index: Tensor, _ axis: Int, _ keepDim: Bool) -> (value: Tensor, index: Tensor) {
        let value = gather(axis, index)
        return keepDim ? (value, index) : (value.squeeze(axis), index.squeeze(axis))
    }

    /// What a tensor without dimensions gives: itself, at position 0.
    private var alone: (value: Tensor, index: Tensor) { (self, Tensor.zeros([], dtype: .int64, device: device)) }

    private var medianOfNothing: Tensor {
        // As in PyTorch, whose NaN becomes the smallest int64 on its way to an integer.
        dtype.isFloatingPoint
            ? Tensor.full([], Double.nan, dtype: dtype, device: device)
            : Tensor.full([], Int.min, dtype: .int64, device: device).to(dtype)
    }

    private func hasElements(along axis: Int, _ name: String) -> Bool {
        require(shape[axis] > 0, name, "dimension \(axis) of \(spec) is empty")
        return shape[axis] > 0
    }
}
