// Sums, means and products. Without dims all elements are taken together; reduced dimensions are left out of the result
// unless `keepDim` keeps them with size 1. Sums and products of integers and bool are int64. With `dtype` the elements
// are of that type before they are taken together.
extension Tensor {
    /// The sum of all elements.
    public func sum(dtype: DType? = nil) -> Tensor { sum(nil, keepDim: false, dtype) }
    /// The sum over a dimension.
    public func sum(dim: Int, keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        sum([dim], keepDim: keepDim, dtype)
    }
    /// The sum over dimensions, over all when there are none.
    public func sum(dims: [Int], keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        sum(dims, keepDim: keepDim, dtype)
    }

    /// The mean of all elements. Integers have one with a floating-point `dtype` only.
    public func mean(dtype: DType? = nil) -> Tensor { mean(nil, keepDim: false, dtype) }
    /// The mean over a dimension.
    public func mean(dim: Int, keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        mean([dim], keepDim: keepDim, dtype)
    }
    /// The mean over dimensions, over all when there are none.
    public func mean(dims: [Int], keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        mean(dims, keepDim: keepDim, dtype)
    }

    /// The product of all elements.
    public func prod(dtype: DType? = nil) -> Tensor { reduced(.product, nil, keepDim: false, "prod", dtype) }
    /// The product over a dimension.
    public func prod(dim: Int, keepDim: Bool = false, dtype: DType? = nil) -> Tensor {
        reduced(.product, [dim], keepDim: keepDim, "prod", dtype)
    }

    private func sum(_ dims: [Int]?, keepDim: Bool, _ dtype: DType?) -> Tensor {
        reduced(.sum, dims, keepDim: keepDim, "sum", dtype)
    }

    private func reduced(_ kind: Reduction, _ dims: [Int]?, keepDim: Bool, _ name: String, _ dtype: DType?) -> Tensor {
        guard let dtype else { return reduced(kind, dims, keepDim: keepDim, name) }
        // Integers are taken together in int64, whose upper digits a narrower type drops at the end as it would on the way.
        return to(dtype).reduced(kind, dims, keepDim: keepDim, name).to(dtype)
    }

    private func mean(_ dims: [Int]?, keepDim: Bool, _ dtype: DType?) -> Tensor {
        let x = converted(dtype)
        guard x.dtype.isFloatingPoint else {
            return stop(
                "mean", [spec],
                "a floating-point dtype is expected; pass dtype: .float32 or convert with .to(.float32)",
                fallback: self)
        }
        return x.inSinglePrecision { $0.reduced(.sum, dims, keepDim: keepDim, "mean") / $0.reducedCount(dims) }
    }

    func converted(_ dtype: DType?) -> Tensor { dtype.map { to($0) } ?? self }

    /// What `body` makes of this tensor; of a half type in `float32`, and rounded to its dtype at the end only: a sum on
    /// the way to a mean leaves the range of 16 bits where the mean does not.
    func inSinglePrecision(_ body: (Tensor) -> Tensor) -> Tensor {
        dtype.isHalf ? body(to(.float32)).to(dtype) : body(self)
    }
}
