import CKernels

/// What a device must be able to compute: a small set of primitives from which every operation is made.
///
/// Common to all of them: operands may be strided, broadcast (stride 0) or walk backwards (negative strides), may be
/// empty, and were checked by the operation's shape rule; results are fresh and contiguous. No primitive records
/// anything. Where not said otherwise operands have one dtype, and `float16` and `bfloat16` are computed in `float32`.
protocol Backend: Sendable {
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
    /// `start + i * step` for `i` in `0..<count`, computed in double (int64 for integer dtypes).
    func range(start: Scalar, step: Scalar, count: Int, dtype: DType) -> Tensor

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
    /// The derivatives of `attention` for the gradient `g`.
    func attentionGradient(
        _ g: Tensor, _ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor?, _ rule: AttentionRule, wantsMask: Bool
    ) -> (query: Tensor, key: Tensor, value: Tensor, mask: Tensor?)

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
    /// `ignoreIndex`) and the log-sum-exp of each row, both `[n]`. Classes were checked to be in range.
    func crossEntropy(_ logits: Tensor, _ classes: Tensor, ignoreIndex: Int) -> (losses: Tensor, logSumExp: Tensor)
    /// `g[i] * (softmax(logits)[i, j] - (j == classes[i]))`, 0 in ignored rows; `g` is `[n]`, maybe with stride 0.
    func crossEntropyGradient(
        _ g: Tensor, _ logits: Tensor, _ classes: Tensor, _ logSumExp: Tensor, ignoreIndex: Int
    ) -> Tensor

    /// Mean and biased variance of each group; unless `centred` mean 0 and the mean square. `x` has `groups.count`
    /// elements.
    func moments(_ x: Tensor, _ groups: Groups, centred: Bool) -> (mean: Tensor, variance: Tensor)
    /// `(x - mean) * scale * weight + bias`, of the shape of `x`; weight and bias as `groups.affine` says.
    func standardise(
        _ x: Tensor, _ groups: Groups, mean: Tensor, scale: Tensor, weight: Tensor?, bias: Tensor?
    ) -> Tensor
    /// The derivative of `standardise` with respect to `x`; `follows` when mean and scale are functions of it.
    func standardiseGradient(
        _ g: Tensor, _ x: Tensor, _ groups: Groups, mean: Tensor, scale: Tensor, weight: Tensor?, follows: Bool,
        centred: Bool
    ) -> Tensor
    /// The derivatives of `standardise` with respect to weight and bias.
    func standardiseSums(
        _ g: Tensor, _ x: Tensor, _ groups: Groups, mean: Tensor, scale: Tensor
    ) -> (weight: Tensor, bias: Tensor)

    // MARK: Recur

    /// All steps of a recurrent layer in one direction: the states after all rows, then the last h, then the last c, one
    /// below another; and what the derivative reads. Weights have no projection.
    func recur(
        _ recurrence: Recurrence, _ x: Tensor, h: Tensor, c: Tensor?, _ weights: RecurrentWeights
    ) -> (result: Tensor, trace: RecurrentTrace)
    /// Walks back through the steps with the gradient `g` of that result.
    func recurGradient(
        _ recurrence: Recurrence, _ g: Tensor, _ trace: RecurrentTrace, hiddenWeight: Tensor
    ) -> RecurrentGradient

    // MARK: Index

    /// `x[…, index[…, i, …], …]` along `axis`; `index` is int64, of the rank of `x`, checked to be in range.
    func gather(_ x: Tensor, along axis: Int, _ index: Tensor) -> Tensor
    /// A copy of `x` into which `source` is written at the places that `index` names along `axis`.
    func scatter(_ x: Tensor, along axis: Int, _ index: Tensor, _ source: Tensor, _ mode: ScatterMode) -> Tensor
    /// The slices of `x` along `axis` that the int64 vector `index` names.
    func select(_ x: Tensor, along axis: Int, _ index: Tensor) -> Tensor
    /// A copy of `x` in which the slices named by `index` are combined with those of `source`.
    func selectInto(_ x: Tensor, along axis: Int, _ index: Tensor, _ source: Tensor, _ mode: ScatterMode) -> Tensor
    /// The smallest and the largest element of an int64 tensor, for checks of indices; nil when it is empty.
    func bounds(_ x: Tensor) -> ClosedRange<Int>?
    /// The positions of the elements that are not zero, row-major: int64 `[count, rank]`.
    func nonzero(_ x: Tensor) -> Tensor
    /// The stable order that sorts `x` along `axis`: int64; NaN counts as the largest.
    func argsort(_ x: Tensor, along axis: Int, descending: Bool) -> Tensor
    /// `x` with everything above (`upper: false`) or below (`upper: true`) a diagonal of the last two dimensions 0.
    func triangle(_ x: Tensor, diagonal: Int, upper: Bool) -> Tensor

    // MARK: Random

    /// Fresh random numbers. Element `i` depends on `stream` and `i` alone, whatever the number of threads.
    func random(_ distribution: Distribution, _ spec: Spec, _ stream: RandomStream) -> Tensor
    /// `x / (1 - probability)`, and 0 with `probability`; the same `stream` drops the same elements.
    func dropout(_ x: Tensor, probability: Double, _ stream: RandomStream) -> Tensor

    // MARK: Update

    /// One step of an optimizer over all parameters in one pass; `state` has a list for each parameter. Parameters and
    /// state are contiguous, written in place and owned by the caller; gradients are contiguous and of the parameters' dtype.
    func step(_ rule: UpdateRule, _ parameters: [Tensor], _ gradients: [Tensor], state: [[Tensor]])
}

/// Up to two numbers that an elementwise function takes besides its operands (a slope, a bound).
package struct Parameters: Sendable, Hashable {
    package var a: Double
    package var b: Double

    package init(a: Double = 0, b: Double = 0) { (self.a, self.b) = (a, b) }
}

/// Ways to reduce many elements to one.
package enum Reduction: Sendable {
    case sum, product, max, min, sumOfSquares, any, all
}

/// What scatter does with an element that is already there.
package enum ScatterMode: Sendable {
    case replace, add, multiply, max, min
}

/// A set of dimensions.
package struct Axes: Sendable, Hashable {
    var bits: UInt8 = 0

    init() {}
    package init(_ axes: some Sequence<Int>) { for axis in axes { insert(axis) } }

    package static func all(_ rank: Int) -> Axes {
        var axes = Axes()
        axes.bits = UInt8(truncatingIfNeeded: (1 << rank) - 1)
        return axes
    }

    package func contains(_ axis: Int) -> Bool { bits & (1 << UInt8(axis)) != 0 }
    mutating func insert(_ axis: Int) { bits |= 1 << UInt8(axis) }
    var isEmpty: Bool { bits == 0 }
}

/// What random numbers look like.
package enum Distribution: Sendable, Hashable {
    /// Uniform in `low ..< high`.
    case uniform(low: Double, high: Double)
    case normal(mean: Double, deviation: Double)
    /// Integers, uniform in `low ..< high`, in any dtype.
    case integers(low: Int, high: Int)
    /// 1 with `probability`, else 0, in any dtype.
    case bernoulli(probability: Double)
    case exponential(rate: Double)
}

/// A place in a Philox 4x32-10 sequence: element `i` is drawn from counter `offset + i / 4`, word `i % 4`.
package struct RandomStream: Sendable, Hashable {
    package var seed: UInt64
    package var offset: UInt64

    package init(seed: UInt64, offset: UInt64) { (self.seed, self.offset) = (seed, offset) }
}

/// How an optimizer changes a parameter, with the numbers of one step.
public enum UpdateRule: Sendable {
    /// State: the momentum buffer when `momentum` is not 0. `isFirst`: the buffer is set to the gradient.
    case sgd(rate: Double, momentum: Double, dampening: Double, weightDecay: Double, nesterov: Bool, isFirst: Bool)
    /// State: first moment, second moment, and its maximum when `amsgrad`. `decoupled` is AdamW. `step` from 1.
    case adam(
        rate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, decoupled: Bool,
        amsgrad: Bool, step: Int)
    /// State: square average, then the momentum buffer when `momentum` is not 0, then the mean when `centered`.
    case rmsprop(
        rate: Double, alpha: Double, epsilon: Double, weightDecay: Double, momentum: Double, centered: Bool)
    /// State: the sum of squares. `rate` is already decayed.
    case adagrad(rate: Double, epsilon: Double, weightDecay: Double)
    /// State: the averages of the gradient's and of the change's squares.
    case adadelta(rate: Double, rho: Double, epsilon: Double, weightDecay: Double)
    /// State: first moment, the largest gradient as it fades. `step` from 1.
    case adamax(rate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, step: Int)
    /// State: first moment, second moment. The rates of the gradient and of its average; the parameter times `shrink`
    /// first. `step` from 1.
    case nadam(
        gradientRate: Double, averageRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double,
        shrink: Double, step: Int)
    /// State: first moment, second moment. `step` from 1.
    case radam(
        rate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, decoupled: Bool, step: Int)
    /// State: the last gradient, the step of each element, which is multiplied by `shrink` or `grow` and kept in
    /// `smallest ... largest`.
    case rprop(shrink: Double, grow: Double, smallest: Double, largest: Double)
    /// State: the average of the parameter, into which the new value goes with `weight`. The parameter times `shrink`
    /// first.
    case asgd(rate: Double, shrink: Double, weightDecay: Double, weight: Double)
    /// State: the average of the gradient. Weight decay is decoupled.
    case lion(rate: Double, beta1: Double, beta2: Double, weightDecay: Double)
}

extension Device {
    /// What computes on this device. There is none for `meta`: the door needs only shapes there.
    var backend: any Backend { CPU() }
}
