/// Another dtype.
struct Convert: TensorOperation {
    static let name = "to"
    let source: DType
    let dtype: DType

    func result(of x: Operands) -> Spec { Spec(x[0].shape, dtype) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor { x.backend.convert(x[0], to: dtype) }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(g.to(source)) }
}

extension Convert {
    var attributes: Attributes { ["source": source, "dtype": dtype] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(source: try attributes["source"], dtype: try attributes["dtype"])
    }
}

/// A packed copy.
struct Pack: TensorOperation {
    static let name = "contiguous"

    func result(of x: Operands) -> Spec { x[0].spec }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.convert(x[0], to: x[0].dtype)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(g) }
}

extension Pack {
    init(_ name: String, _ attributes: Attributes) { self.init() }
}

extension Tensor {
    /// This tensor in another dtype; itself when it has it. Floats become integers by truncation, and bool by `!= 0`.
    public func to(_ dtype: DType) -> Tensor {
        dtype == self.dtype ? self : apply(Convert(source: self.dtype, dtype: dtype), to: self)
    }

    /// This tensor with its elements one after another; itself when they are.
    public func contiguous() -> Tensor { isContiguous ? self : apply(Pack(), to: self) }

    /// A copy with elements of its own.
    public func clone() -> Tensor { apply(Pack(), to: self) }
}
