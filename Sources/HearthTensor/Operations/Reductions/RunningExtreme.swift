/// The position of the largest or smallest element so far, the last of equals; NaN wins.
struct RunningPosition: TensorOperation {
    static let name = "cummax"
    let kind: Reduction
    let axis: Int

    static let names = ["cummax", "cummin"]
    var name: String { kind == .min ? "cummin" : "cummax" }

    func result(of x: Operands) -> Spec { Spec(x[0].shape, .int64) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let extremes = x.backend.accumulate(kind, x[0], along: axis)
        let isExtreme = (kind == .max ? x[0] >= extremes : x[0] <= extremes) | x[0].isNaN()
        var column = Shape(repeating: 1, count: x[0].rank)
        column[axis] = x[0].shape[axis]
        let positions = Tensor.arange(column[axis], device: x.device).reshape(column).expand(to: x[0].shape)
        return x.backend.accumulate(.max, positions.masked(where: isExtreme), along: axis)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(nil) }
}

extension RunningPosition {
    var attributes: Attributes { ["dim": axis] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(kind: name == "cummin" ? .min : .max, axis: try attributes["dim"])
    }
}

extension Tensor {
    /// The largest element up to each along `dim`, and its position, the last of equals, which alone takes the gradient.
    public func cummax(dim: Int) -> (values: Tensor, indices: Tensor) { runningExtreme(.max, dim, "cummax") }

    /// The smallest element up to each along `dim`, and its position, the last of equals, which alone takes the gradient.
    public func cummin(dim: Int) -> (values: Tensor, indices: Tensor) { runningExtreme(.min, dim, "cummin") }

    private func runningExtreme(_ kind: Reduction, _ dim: Int, _ name: String) -> (values: Tensor, indices: Tensor) {
        let axis = axis(dim, name)
        if rank == 0 { return (self, Tensor.zeros([], dtype: .int64, device: device)) }
        let indices = apply(RunningPosition(kind: kind, axis: axis), to: detach())
        return (gather(axis, indices), indices)
    }

    /// `log(cumsum(exp(x)))` along `dim`, without overflow.
    public func logCumsumExp(dim: Int) -> Tensor {
        var y = dtype.isFloatingPoint ? self : to(.float32)
        let axis = axis(dim, "logCumsumExp")
        if rank == 0 { return y }
        // After each pass every place covers twice as many elements (a Hillis–Steele scan).
        var reach = 1
        while reach < shape[axis] {
            let rest = shape[axis] - reach
            let sums = y.narrow(axis, start: reach, length: rest).logAddExp(y.narrow(axis, start: 0, length: rest))
            y = Tensor.cat([y.narrow(axis, start: 0, length: reach), sums], dim: axis)
            reach *= 2
        }
        return y
    }
}
