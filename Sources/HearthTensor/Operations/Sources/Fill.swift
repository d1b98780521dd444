/// One value everywhere.
struct Fill: TensorOperation {
    static let name = "full"
    let shape: Shape
    let dtype: DType
    let value: Scalar

    func result(of x: Operands) throws(ShapeError) -> Spec { try Spec(checking: shape, dtype) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = Tensor.uninitialized(result, on: x.device)
        x.backend.fill(y, with: value)
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients([]) }
}

extension Fill {
    var attributes: Attributes { ["shape": shape, "dtype": dtype, "value": value] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(shape: try attributes["shape"], dtype: try attributes["dtype"], value: try attributes["value"])
    }
}

/// Elements that are not set.
struct Empty: TensorOperation {
    static let name = "empty"
    let shape: Shape
    let dtype: DType

    func result(of x: Operands) throws(ShapeError) -> Spec { try Spec(checking: shape, dtype) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        .uninitialized(result, on: x.device)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients([]) }
}

extension Empty {
    var attributes: Attributes { ["shape": shape, "dtype": dtype] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(shape: try attributes["shape"], dtype: try attributes["dtype"])
    }
}

extension Spec {
    /// The spec of a new tensor. Throws when a size is negative, or when there are more bytes than numbers for them.
    init(checking shape: Shape, _ dtype: DType) throws(ShapeError) {
        var byteCount = dtype.byteCount
        for size in shape {
            guard size >= 0 else { throw ShapeError("a size in \(shape) is negative") }
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: Swift.max(size, 1))
            guard !overflow else { throw ShapeError("a tensor of shape \(shape) is too large for any memory") }
            byteCount = product
        }
        self.init(shape, dtype)
    }
}
