/// Positions below `size`: negative ones count from the end.
struct WrapIndex: TensorOperation {
    static let name = "wrap_index"
    let size: Int

    var attributes: Attributes { ["size": size] }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[0].dtype == .int64 else { throw ShapeError("an index must be int64") }
        return x[0].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.wrapIndex(x[0], below: size)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(nil) }
}

extension WrapIndex {
    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(size: try attributes["size"])
    }
}

extension Tensor {
    /// These positions of a dimension of `size` elements with negative ones counted from the end. Stops the program when
    /// one lies outside `-size ..< size`.
    func wrapped(below size: Int) -> Tensor { apply(WrapIndex(size: size), to: to(.int64)) }
}
