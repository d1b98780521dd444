/// Softmax along a dimension, or its logarithm.
struct Softmax: TensorOperation {
    static let name = "softmax"
    let axis: Int
    let log: Bool

    static let names = ["softmax", "log_softmax"]
    var name: String { log ? "log_softmax" : "softmax" }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[0].dtype.isFloatingPoint else { throw ShapeError("a floating-point dtype is expected") }
        return x[0].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.backend.softmax(x[0], along: axis, log: log)
        kept.append(y)
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        Gradients(apply(SoftmaxGradient(axis: axis, log: log), to: g, kept[0]))
    }
}

extension Softmax {
    var attributes: Attributes { ["dim": axis] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(axis: try attributes["dim"], log: name == "log_softmax")
    }
}

/// The derivative of softmax or log-softmax in one pass, for the gradient `g` and the result `y`.
struct SoftmaxGradient: TensorOperation {
    static let name = "softmax_backward"
    let axis: Int
    let log: Bool

    static let names = ["softmax_backward", "log_softmax_backward"]
    var name: String { log ? "log_softmax_backward" : "softmax_backward" }

    func result(of x: Operands) -> Spec { x[0].spec }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        kept.append(x[1])
        return x.backend.softmaxGradient(x[0], x[1], along: axis, log: log)
    }

    func gradient(_ gg: Tensor, _ kept: Kept) -> Gradients {
        let (g, y) = (kept[0], kept[1])
        if log {
            // d = g - exp(y) sum(g)
            let p = y.exp()
            return Gradients(
                gg - (gg * p).sum(dim: axis, keepDim: true), -(gg * p * g.sum(dim: axis, keepDim: true)))
        }
        // d = y (g - sum(g y))
        let dot = (g * y).sum(dim: axis, keepDim: true)
        let weighted = (gg * y).sum(dim: axis, keepDim: true)
        return Gradients(y * (gg - weighted), gg * (g - dot) - g * weighted)
    }
}

extension SoftmaxGradient {
    var attributes: Attributes { ["dim": axis] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(axis: try attributes["dim"], log: name == "log_softmax_backward")
    }
}

extension Tensor {
    /// `exp(x) / sum(exp(x))` along `dim`: positive, with sum 1; in `dtype` when one is given.
    public func softmax(dim: Int, dtype: DType? = nil) -> Tensor { converted(dtype).softmax(dim, log: false) }

    /// The logarithm of the softmax along `dim`, without overflow; in `dtype` when one is given.
    public func logSoftmax(dim: Int, dtype: DType? = nil) -> Tensor { converted(dtype).softmax(dim, log: true) }

    private func softmax(_ dim: Int, log: Bool) -> Tensor {
        let axis = axis(dim, "softmax")
        let x = dtype.isFloatingPoint ? self : to(.float32)
        if rank == 0 { return x.reshape([1]).softmax(0, log: log).reshape([]) }
        return apply(Softmax(axis: axis, log: log), to: x)
    }

    /// The softmax of the negative: small elements get the weight; in `dtype` when one is given.
    public func softmin(dim: Int, dtype: DType? = nil) -> Tensor { (-converted(dtype)).softmax(dim: dim) }
}
