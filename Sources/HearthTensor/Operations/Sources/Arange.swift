/// `start + i * step` for `i` in `0 ..< count`.
struct Arange: TensorOperation {
    static let name = "arange"
    let start: Scalar
    let step: Scalar
    let count: Int
    let dtype: DType

    func result(of x: Operands) throws(ShapeError) -> Spec { try Spec(checking: [count], dtype) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = Tensor.uninitialized(result, on: x.device)
        x.backend.range(into: y, start: start, step: step)
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients([]) }
}

extension Arange {
    var attributes: Attributes { ["start": start, "step": step, "count": count, "dtype": dtype] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(
            start: try attributes["start"], step: try attributes["step"], count: try attributes["count"],
            dtype: try attributes["dtype"])
    }
}
