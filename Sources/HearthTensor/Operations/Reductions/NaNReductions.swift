// Reductions that pass over NaN. Without a dimension all elements are taken together.
extension Tensor {
    /// The sum of the elements that are not NaN.
    public func nanSum() -> Tensor { withoutNaN.sum() }
    /// The sum over a dimension of the elements that are not NaN.
    public func nanSum(dim: Int, keepDim: Bool = false) -> Tensor { withoutNaN.sum(dim: dim, keepDim: keepDim) }
    /// The mean of the elements that are not NaN; NaN when there are none.
    public func nanMean() -> Tensor { nanSum() / numbers.sum() }
    /// The mean over a dimension of the elements that are not NaN; NaN where there are none.
    public func nanMean(dim: Int, keepDim: Bool = false) -> Tensor {
        nanSum(dim: dim, keepDim: keepDim) / numbers.sum(dim: dim, keepDim: keepDim)
    }
    /// The lower median of the elements that are not NaN; NaN when there are none.
    public func nanMedian() -> Tensor { reshape([-1]).nanMedian(dim: 0).value }
    /// The lower median along `dim` of the elements that are not NaN, and its position.
    public func nanMedian(dim: Int) -> (value: Tensor, index: Tensor) {
        let axis = axis(dim, "nanMedian")
        if rank == 0 { return (self, Tensor.zeros([], dtype: .int64, device: device)) }
        guard dtype.isFloatingPoint else { return median(dim: dim) }
        // NaN is the largest in the order, so the numbers come first.
        let middle = ((numbers.sum(dim: axis, keepDim: true) - 1).floorDivide(2)).clamp(min: 0)
        let index = argsort(dim: axis).gather(axis, middle)
        return (gather(axis, index).squeeze(axis), index.squeeze(axis))
    }

    private var withoutNaN: Tensor { dtype.isFloatingPoint ? maskedFill(isNaN(), with: 0) : self }
    private var numbers: Tensor { ~isNaN() }

    /// How many elements are not 0 over a dimension: int64.
    public func countNonzero(dim: Int) -> Tensor { (self != 0).sum(dim: dim) }

    /// The smallest and the largest of all elements; NaN when there is one.
    public func aminmax() -> (min: Tensor, max: Tensor) { (min(), max()) }
    /// The smallest and the largest element over a dimension; equal extremes share the gradient.
    public func aminmax(dim: Int, keepDim: Bool = false) -> (min: Tensor, max: Tensor) {
        (amin(dims: [dim], keepDim: keepDim), amax(dims: [dim], keepDim: keepDim))
    }
}
