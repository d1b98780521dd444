import CKernels

/// What a device must be able to compute: a small set of primitives from which every operation is made.
///
/// Common to all of them: operands may be strided, broadcast (stride 0) or walk backwards (negative strides), may be
/// empty, and were checked by the operation's shape rule; results are fresh and contiguous. No primitive records
/// anything. Where not said otherwise operands have one dtype, and `float16` and `bfloat16` are computed in `float32`.
package protocol Backend: Sendable {
    /// Where the tensors of this backend are.
    var memory: any DeviceMemory { get }

    // MARK: Elementwise

    /// `function(x)`, element by element, in the dtype of `x`; bool for `isNaN`, `isInfinite`, `isFinite` and `not`.
    func unary(_ function: hk_unary, _ x: Tensor, _ parameters: Parameters) -> Tensor
    /// `function(x, y)` for operands of one shape (stride 0 where broadcast); bool for comparisons and logic.
    func binary(_ function: hk_binary, _ x: Tensor, _ y: Tensor, _ parameters: Parameters) -> Tensor
    /// `function(x, scalar)`, or `function(scalar, x)` when `scalarFirst`.
    func binary(_ function: hk_binary, _ x: Tensor, _ scalar: Scalar, scalarFirst: Bool) -> Tensor
    /// `x` where `condition` (bool) holds, else `y`; three operands of one shape.
    func choose(_ condition: Tensor, _ x: Tensor, _ y: Tensor) -> Tensor
    /// A contiguous copy of `x` in `dtype`. Float to integer truncates, anything to bool is `!= 0`.
    func convert(_ x: Tensor, to dtype: DType) -> Tensor
    /// Writes `x`, of the same shape, into the memory of `destination`, converting. The caller owns the memory.
    func copy(_ x: Tensor, into destination: Tensor)
    /// Writes `function(destination, x)` into the memory of `destination`; the same shape and dtype.
    func update(_ destination: Tensor, with function: hk_binary, _ x: Tensor, _ parameters: Parameters)
    /// Writes one value everywhere into the memory of `destination`.
    func fill(_ destination: Tensor, with value: Scalar)
    /// Writes `start + i * step` into element `i` of a contiguous vector, computed in double (int64 for integer dtypes).
    func range(into destination: Tensor, start: Scalar, step: Scalar)

    // MARK: Reduce

    /// Reduces the dimensions in `axes`, which have size 1 in the result. `sum` and `prod` of integers and bool are
    /// int64; `any` and `all` are bool; `sumOfSquares`, `max`, `min` keep the dtype. Floating sums are accumulated
    /// pairwise or in wider registers (error growth like log n), `float16`/`bfloat16` in `float32`; NaN wins `max`.
    func reduce(_ kind: Reduction, _ x: Tensor, over axes: Axes) -> Tensor
    /// The position (int64) of the largest or smallest element along `axis`, the first of equals, NaN before all;
    /// `axis` has size 1 in the result.
    func argReduce(_ kind: Reduction, _ x: Tensor, along axis: Int) -> Tensor
    /// The running sum, product, max or min along `axis`, in the dtype of `x`.
    func accumulate(_ kind: Reduction, _ x: Tensor, along axis: Int) -> Tensor

    // MARK: Contract

    /// Matrix product `[…, m, k] × […, k, n]`, equal batch dimensions (stride 0 where broadcast). Transposed views
    /// cost no copy. `bias` is `[n]`, added to every row. Floating dtypes fast, integers plainly.
    func matmul(_ a: Tensor, _ b: Tensor, bias: Tensor?) -> Tensor

    /// `softmax(q kᵀ scale + mask) v` for `[…, l, e]`, `[…, s, e]` and `[…, s, v]`, by blocks of rows. The mask is
    /// `[…, l, s]` (stride 0 where broadcast); a row in which everything is masked gives zeros.
    func attention(_ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor?, _ rule: AttentionRule) -> Tensor
    /// The derivatives of `attention` for the gradient `g`, one after another in a vector: those of q, k, v and, with
    /// `wantsMask`, of the mask, each row-major.
    func attentionGradient(
        _ g: Tensor, _ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor?, _ rule: AttentionRule, wantsMask: Bool
    ) -> Tensor

    // MARK: Convolve

    /// Cross-correlation of `x` `[n, c, …]` with `weight` `[o, c / groups, …]`, plus `bias` `[o]`: `[n, o, …]`.
    func convolve(_ x: Tensor, _ weight: Tensor, bias: Tensor?, _ window: Window, groups: Int) -> Tensor
    /// The derivative of `convolve` with respect to `x`, whose last dimensions have `size`, for the gradient `g`.
    func convolveTransposed(_ g: Tensor, _ weight: Tensor, _ window: Window, groups: Int, size: Shape) -> Tensor
    /// The derivative of `convolve` with respect to `weight` for the gradient `g`.
    func convolveWeight(_ g: Tensor, _ x: Tensor, _ window: Window, groups: Int) -> Tensor

    // MARK: Window

    /// The elements under each window, `[n, c, …]` to `[n, c * kernel, windows]`; 0 outside.
    func unfold(_ x: Tensor, _ window: Window) -> Tensor
    /// The transpose of `unfold`: what lies on the same element is summed. The last dimensions of the result have `size`.
    func fold(_ columns: Tensor, _ window: Window, size: Shape) -> Tensor
    /// The largest element of each pool of `[…, planes]`, NaN before all, and its position in the plane (int64).
    func maxPool(_ x: Tensor, _ pools: Pools) -> (values: Tensor, positions: Tensor)
    /// The values of `maxPool` alone.
    func largest(_ x: Tensor, _ pools: Pools) -> Tensor
    /// `g` added to zeros at `positions`: the derivative of `maxPool`.
    func maxPoolGradient(_ g: Tensor, _ positions: Tensor, _ pools: Pools) -> Tensor
    /// The weighted sum of each pool.
    func averagePool(_ x: Tensor, _ pools: Pools) -> Tensor
    /// The derivative of `averagePool`, its transpose.
    func averagePoolGradient(_ g: Tensor, _ pools: Pools) -> Tensor
    /// Weighted sums of elements along `axis`, or with `transposed` the derivative of that.
    func resample(_ x: Tensor, along axis: Int, _ taps: Taps, transposed: Bool) -> Tensor

    // MARK: Normalise

    /// Softmax along `axis`, or its logarithm.
    func softmax(_ x: Tensor, along axis: Int, log: Bool) -> Tensor
    /// The derivative of softmax (or of its logarithm) for output `y` and gradient `g`.
    func softmaxGradient(_ g: Tensor, _ y: Tensor, along axis: Int, log: Bool) -> Tensor
    /// Cross-entropy of logits `[n, c]` with int64 classes `[n]`: the loss of each row (0 where the class is
    /// `ignoreIndex`) and the log-sum-exp of each row, both `[n]`. Other classes out of range stop the program.
    func crossEntropy(_ logits: Tensor, _ classes: Tensor, ignoreIndex: Int) -> (losses: Tensor, logSumExp: Tensor)
    /// `g[i] * (softmax(logits)[i, j] - (j == classes[i]))`, 0 in ignored rows; `g` is `[n]`, maybe with stride 0.
    func crossEntropyGradient(
        _ g: Tensor, _ logits: Tensor, _ classes: Tensor, _ logSumExp: Tensor, ignoreIndex: Int
    ) -> Tensor

    /// The mean of each group in one row and the biased variance in the next, `[2, groups.count]`; unless `centred` mean
    /// 0 and the mean square.
    func moments(_ x: Tensor, _ groups: Groups, centred: Bool) -> Tensor
    /// `(x - mean) * scale * weight + bias`, of the shape of `x`; weight and bias as `groups.affine` says.
    func standardise(
        _ x: Tensor, _ groups: Groups, mean: Tensor, scale: Tensor, weight: Tensor?, bias: Tensor?
    ) -> Tensor
    /// The derivative of `standardise` with respect to `x`; `follows` when mean and scale are functions of it.
    func standardiseGradient(
        _ g: Tensor, _ x: Tensor, _ groups: Groups, mean: Tensor, scale: Tensor, weight: Tensor?, follows: Bool,
        centred: Bool
    ) -> Tensor
    /// The derivatives of `standardise` with respect to weight and bias: `[2, groups.affineCount]`.
    func standardiseSums(_ g: Tensor, _ x: Tensor, _ groups: Groups, mean: Tensor, scale: Tensor) -> Tensor

    // MARK: Recur

    /// All steps of a recurrent layer in one direction: the states after all rows, then the last h, then the last c, one
    /// below another; and what the derivative reads. Weights have no projection.
    func recur(
        _ recurrence: Recurrence, _ x: Tensor, h: Tensor, c: Tensor?, _ weights: RecurrentWeights
    ) -> (result: Tensor, trace: RecurrentTrace)
    /// Walks back through the steps with the gradient `g` of that result; what it finds is one vector, laid out as
    /// `RecurrentGradient` says.
    func recurGradient(
        _ recurrence: Recurrence, _ g: Tensor, _ trace: RecurrentTrace, hiddenWeight: Tensor
    ) -> Tensor

    // MARK: Index

    // Positions are checked where they are used: one that is out of range stops the program, at the latest when it next
    // waits for the device.

    /// `x[…, index[…, i, …], …]` along `axis`; `index` is int64, of the rank of `x`.
    func gather(_ x: Tensor, along axis: Int, _ index: Tensor) -> Tensor
    /// A copy of `x` into which `source` is written at the places that `index` names along `axis`.
    func scatter(_ x: Tensor, along axis: Int, _ index: Tensor, _ source: Tensor, _ mode: ScatterMode) -> Tensor
    /// The slices of `x` along `axis` that the int64 vector `index` names.
    func select(_ x: Tensor, along axis: Int, _ index: Tensor) -> Tensor
    /// A copy of `x` in which the slices named by `index` are combined with those of `source`.
    func selectInto(_ x: Tensor, along axis: Int, _ index: Tensor, _ source: Tensor, _ mode: ScatterMode) -> Tensor
    /// `x` (int64) with `size` added where it is negative; the outcome lies in `0 ..< size`.
    func wrapIndex(_ x: Tensor, below size: Int) -> Tensor
    /// Calls `report` with an element of `x` (int64) outside `range`, if there is one, and returns false when it is known
    /// already.
    @discardableResult
    func checkIndices(_ x: Tensor, in range: Range<Int>, _ report: @escaping @Sendable (Int) -> Void) -> Bool
    /// Calls `report` with an element of `x` outside `range`, NaN among them, if there is one, and returns false when it
    /// is known already.
    @discardableResult
    func checkValues(
        _ x: Tensor, in range: ClosedRange<Double>, _ report: @escaping @Sendable (Double) -> Void
    ) -> Bool
    /// The positions of the elements that are not zero, row-major: int64 `[count, rank]`.
    func nonzero(_ x: Tensor) -> Tensor
    /// The stable order that sorts `x` along `axis`: int64; NaN counts as the largest.
    func argsort(_ x: Tensor, along axis: Int, descending: Bool) -> Tensor
    /// For each of `values` how many elements of its row are smaller, or not larger with `right`: int64, by binary search.
    /// `sorted` has one row, or one for each row of `values`; NaN among the values is larger than all.
    func searchSorted(_ sorted: Tensor, _ values: Tensor, right: Bool) -> Tensor
    /// `x` with everything above (`upper: false`) or below (`upper: true`) a diagonal of the last two dimensions 0.
    func triangle(_ x: Tensor, diagonal: Int, upper: Bool) -> Tensor

    // MARK: Random

    /// Writes random numbers into a contiguous tensor. Element `i` depends on `stream` and `i` alone, whatever the number
    /// of threads.
    func random(_ distribution: Distribution, into destination: Tensor, _ stream: RandomStream)
    /// `x / (1 - probability)`, and 0 with `probability`; the same `stream` drops the same elements.
    func dropout(_ x: Tensor, probability: Double, _ stream: RandomStream) -> Tensor

    // MARK: Update

    /// One step of an optimizer over all parameters in one pass; `state` has a list for each parameter. Parameters and
    /// state are contiguous, written in place and owned by the caller; gradients are contiguous and of the parameters' dtype.
    func step(_ rule: UpdateRule, _ parameters: [Tensor], _ gradients: [Tensor], state: [[Tensor]])
}

extension Backend {
    package func largest(_ x: Tensor, _ pools: Pools) -> Tensor { maxPool(x, pools).values }
}
