// Reductions that pass over NaN. Without a dimension all elements are taken together.
extension Tensor {
    /// The sum of the elements that are not NaN.
    public func nanSum(dtype: DType? = nil) -> Tensor { nanSum(dims: [], dtype: dtype) }
    /// The sum over a dimension of the elements that are not NaN.
    public func nanSum(dim: Int, keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        nanSum(dims: [dim], keepDim: keepDim, dtype: dtype)
    }
    /// The sum over dimensions of the elements that are not NaN.
    public func nanSum(dims: [Int], keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        withoutNaN.sum(dims: dims, keepDim: keepDim, dtype: dtype)
    }
    /// The mean of the elements that are not NaN; NaN when there are none.
    public func nanMean(dtype: DType? = nil) -> Tensor { nanMean(dims: [], dtype: dtype) }
    /// The mean over a dimension of the elements that are not NaN; NaN where there are none.
    public func nanMean(dim: Int, keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        nanMean(dims: [dim], keepDim: keepDim, dtype: dtype)
    }
    /// The mean over dimensions of the elements that are not NaN; NaN where there are none.
    public func nanMean(dims: [Int], keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        converted(dtype).inSinglePrecision {
            $0.nanSum(dims: dims, keepDim: keepDim) / $0.numbers.sum(dims: dims, keepDim: keepDim)
        }
    }
    private var withoutNaN: Tensor { dtype.isFloatingPoint ? maskedFill(isNaN(), with: 0) : self }
    private var numbers: Tensor { ~isNaN() }

    /// How many elements are not 0: int64.
    public func countNonzero() -> Tensor { (self != 0).sum() }
    /// How many elements are not 0 over a dimension: int64.
    public func countNonzero(dim: Int, keepDim: Bool = false) -> Tensor { (self != 0).sum(dim: dim, keepDim: keepDim) }
    /// How many elements are not 0 over dimensions: int64.
    public func countNonzero(dims: [Int], keepDim: Bool = false) -> Tensor {
        (self != 0).sum(dims: dims, keepDim: keepDim)
    }

    /// The smallest and the largest of all elements; NaN when there is one.
    public func aminmax() -> (min: Tensor, max: Tensor) { (min(), max()) }
    /// The smallest and the largest element over a dimension; equal extremes share the gradient.
    public func aminmax(dim: Int, keepDim: Bool = false) -> (min: Tensor, max: Tensor) {
        (amin(dims: [dim], keepDim: keepDim), amax(dims: [dim], keepDim: keepDim))
    }
}
