/// The sum of squared distances from the mean over dimensions, divided by the number of elements less a correction.
struct Variance: TensorOperation {
    static let name = "var"
    let axes: Axes
    let correction: Double

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[0].dtype.isFloatingPoint else { throw ShapeError("a floating-point dtype is expected") }
        return Spec(Shape(x[0].shape.enumerated().map { axes.contains($0) ? 1 : $1 }), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        return x[0].inSinglePrecision {
            ($0 - mean($0)).reduced(.sumOfSquares, over: axes) / Swift.max(freedom(x[0]), 0)
        }
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let x = kept[0]
        return Gradients(x.inSinglePrecision { ($0 - mean($0)) * (g.to($0.dtype) * (2 / freedom(x))) })
    }

    private func mean(_ x: Tensor) -> Tensor { x.reduced(.sum, over: axes) / Double(count(x)) }
    private func freedom(_ x: Tensor) -> Double { Double(count(x)) - correction }
    private func count(_ x: Tensor) -> Int { (0..<x.rank).reduce(1) { axes.contains($1) ? $0 * x.shape[$1] : $0 } }
}

extension Variance {
    var attributes: Attributes { ["dims": axes, "correction": correction] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(axes: try attributes["dims"], correction: try attributes["correction"])
    }
}

// `correction` is taken from the number of elements (1: unbiased). Where nothing is left the variance is infinite, or NaN
// when all elements are equal. Without dims, or with none, all elements are taken together.
extension Tensor {
    /// The variance of all elements.
    public func variance(correction: Double = 1) -> Tensor { variance([], correction, keepDim: false) }
    /// The variance over dimensions.
    public func variance(dims: [Int], correction: Double = 1, keepDim: Bool = false) -> Tensor {
        variance(dims, correction, keepDim: keepDim)
    }
    /// The variance over a dimension.
    public func variance(dim: Int, correction: Double = 1, keepDim: Bool = false) -> Tensor {
        variance([dim], correction, keepDim: keepDim)
    }
    /// The standard deviation of all elements.
    public func std(correction: Double = 1) -> Tensor { deviation([], correction, keepDim: false) }
    /// The standard deviation over dimensions.
    public func std(dims: [Int], correction: Double = 1, keepDim: Bool = false) -> Tensor {
        deviation(dims, correction, keepDim: keepDim)
    }
    /// The standard deviation over a dimension.
    public func std(dim: Int, correction: Double = 1, keepDim: Bool = false) -> Tensor {
        deviation([dim], correction, keepDim: keepDim)
    }

    /// The variance and the mean over dimensions; of all elements when there are none. PyTorch's `var_mean`.
    public func varMean(
        dims: [Int] = [], correction: Double = 1, keepDim: Bool = false
    ) -> (variance: Tensor, mean: Tensor) {
        (variance(dims, correction, keepDim: keepDim), mean(dims: dims, keepDim: keepDim))
    }
    /// The standard deviation and the mean over dimensions; of all elements when there are none. PyTorch's `std_mean`.
    public func stdMean(
        dims: [Int] = [], correction: Double = 1, keepDim: Bool = false
    ) -> (std: Tensor, mean: Tensor) {
        (deviation(dims, correction, keepDim: keepDim), mean(dims: dims, keepDim: keepDim))
    }

    private func deviation(_ dims: [Int], _ correction: Double, keepDim: Bool) -> Tensor {
        inSinglePrecision { $0.variance(dims, correction, keepDim: keepDim).rootWithZeroSlope() }
    }

    private func variance(_ dims: [Int], _ correction: Double, keepDim: Bool) -> Tensor {
        if rank == 0 { return reshape([1]).variance(dims, correction, keepDim: false) }
        let axes = dims.isEmpty ? .all(rank) : Axes(dims.map { axis($0, "var") })
        let y = apply(Variance(axes: axes, correction: correction), to: self)
        return keepDim ? y : y.dropping(axes)
    }

    /// The square root, with derivative 0 at 0, so that the norm of a zero vector has one.
    func rootWithZeroSlope() -> Tensor {
        guard requiresGrad else { return sqrt() }
        let isZero = detach() == 0
        return maskedFill(isZero, with: 1).sqrt().maskedFill(isZero, with: 0)
    }
}
