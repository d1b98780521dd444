// PyTorch's habits: the dimension without its label, sizes by a function, bounds and numbers as they come.
extension Tensor {
    /// The shape. PyTorch's `size()`.
    public func size() -> Shape { shape }
    /// The size of one dimension, counted from the end when negative.
    public func size(_ dim: Int) -> Int { rank == 0 ? shape[dim] : shape[axis(dim, "size")] }

    /// The sum over a dimension; see `sum(dim:keepDim:dtype:)`.
    public func sum(_ dim: Int, keepDim: Bool = false) -> Tensor { sum(dim: dim, keepDim: keepDim) }
    /// The mean over a dimension; see `mean(dim:keepDim:dtype:)`.
    public func mean(_ dim: Int, keepDim: Bool = false) -> Tensor { mean(dim: dim, keepDim: keepDim) }
    /// The product over a dimension; see `prod(dim:keepDim:dtype:)`.
    public func prod(_ dim: Int, keepDim: Bool = false) -> Tensor { prod(dim: dim, keepDim: keepDim) }
    /// The standard deviation over a dimension; see `std(dim:correction:keepDim:)`.
    public func std(_ dim: Int, keepDim: Bool = false) -> Tensor { std(dim: dim, keepDim: keepDim) }
    /// The variance over a dimension; see `variance(dim:correction:keepDim:)`.
    public func variance(_ dim: Int, keepDim: Bool = false) -> Tensor { variance(dim: dim, keepDim: keepDim) }
    /// The largest element along a dimension and its position; see `max(dim:keepDim:)`.
    public func max(_ dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
        max(dim: dim, keepDim: keepDim)
    }
    /// The smallest element along a dimension and its position; see `min(dim:keepDim:)`.
    public func min(_ dim: Int, keepDim: Bool = false) -> (values: Tensor, indices: Tensor) {
        min(dim: dim, keepDim: keepDim)
    }
    /// The largest elements over a dimension; see `amax(dims:keepDim:)`.
    public func amax(_ dim: Int, keepDim: Bool = false) -> Tensor { amax(dims: [dim], keepDim: keepDim) }
    /// The smallest elements over a dimension; see `amin(dims:keepDim:)`.
    public func amin(_ dim: Int, keepDim: Bool = false) -> Tensor { amin(dims: [dim], keepDim: keepDim) }
    /// The position of the largest element along a dimension; see `argmax(dim:keepDim:)`.
    public func argmax(_ dim: Int, keepDim: Bool = false) -> Tensor { argmax(dim: dim, keepDim: keepDim) }
    /// The position of the smallest element along a dimension; see `argmin(dim:keepDim:)`.
    public func argmin(_ dim: Int, keepDim: Bool = false) -> Tensor { argmin(dim: dim, keepDim: keepDim) }
    /// True along a dimension when any element is not 0; see `any(dim:keepDim:)`.
    public func any(_ dim: Int, keepDim: Bool = false) -> Tensor { any(dim: dim, keepDim: keepDim) }
    /// True along a dimension when no element is 0; see `all(dim:keepDim:)`.
    public func all(_ dim: Int, keepDim: Bool = false) -> Tensor { all(dim: dim, keepDim: keepDim) }
    /// The median along a dimension and its position; see `median(dim:keepDim:)`.
    public func median(_ dim: Int, keepDim: Bool = false) -> (value: Tensor, index: Tensor) {
        median(dim: dim, keepDim: keepDim)
    }
    /// The elements in order along a dimension, and where they came from; see `sort(dim:descending:)`.
    public func sort(_ dim: Int, descending: Bool = false) -> (values: Tensor, indices: Tensor) {
        sort(dim: dim, descending: descending)
    }
    /// The order along a dimension; see `argsort(dim:descending:)`.
    public func argsort(_ dim: Int, descending: Bool = false) -> Tensor { argsort(dim: dim, descending: descending) }
    /// The running sum along a dimension; see `cumsum(dim:dtype:)`.
    public func cumsum(_ dim: Int) -> Tensor { cumsum(dim: dim) }
    /// The running product along a dimension; see `cumprod(dim:dtype:)`.
    public func cumprod(_ dim: Int) -> Tensor { cumprod(dim: dim) }
    /// `log(sum(exp(x)))` over a dimension; see `logSumExp(dim:keepDim:)`.
    public func logSumExp(_ dim: Int, keepDim: Bool = false) -> Tensor { logSumExp(dim: dim, keepDim: keepDim) }
    /// The softmax along a dimension; see `softmax(dim:dtype:)`.
    public func softmax(_ dim: Int) -> Tensor { softmax(dim: dim) }
    /// The logarithm of the softmax along a dimension; see `logSoftmax(dim:dtype:)`.
    public func logSoftmax(_ dim: Int) -> Tensor { logSoftmax(dim: dim) }
    /// All dimensions from `from` to `to` made one; see `flatten(from:to:)`.
    public func flatten(_ from: Int, _ to: Int = -1) -> Tensor { flatten(from: from, to: to) }
    /// The slices of a dimension; see `unbind(dim:)`.
    public func unbind(_ dim: Int) -> [Tensor] { unbind(dim: dim) }

    /// Every element brought into `min ... max`; see `clamp(min:max:)`.
    public func clamp(_ min: Double, _ max: Double) -> Tensor { clamp(min: min, max: max) }
    /// The remainder by a number, with the number's sign.
    public func remainder(_ other: some ScalarConvertible) -> Tensor { self % other }
}

extension ScalarConvertible where Self == Double {
    /// Not a number: `Tensor.full(like: x, .nan)`.
    public static var nan: Double { Double.nan }
    /// Positive infinity.
    public static var infinity: Double { Double.infinity }
    /// The circumference of a circle over its diameter.
    public static var pi: Double { Double.pi }
}
