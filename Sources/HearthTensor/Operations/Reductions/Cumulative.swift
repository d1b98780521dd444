/// A running sum or product.
struct Accumulate: TensorOperation {
    static let name = "cumsum"
    let kind: Reduction
    let axis: Int

    static let names = ["cumsum", "cumprod"]
    var name: String { kind == .product ? "cumprod" : "cumsum" }

    func result(of x: Operands) -> Spec { x[0].spec }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.backend.accumulate(kind, x[0], along: axis)
        if kind == .product {
            kept.append(x[0])
            kept.append(y)
        }
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        guard kind == .product else { return Gradients(g.reverseSum(axis)) }
        let (x, y) = (kept[0], kept[1])
        guard (x.detach() == 0).any().item(as: Bool.self) else { return Gradients((g * y).reverseSum(axis) / x) }
        // Element i is a factor of all products from i on; the product without it is computed for each i.
        let rows = x.moveDim(axis, to: -1)
        let size = rows.shape[-1]
        let others = rows.unsqueeze(-2).maskedFill(Tensor.eye(size, dtype: .bool, device: x.device), with: 1.0).cumprod(
            dim: -1)
        let parts = (others * g.moveDim(axis, to: -1).unsqueeze(-2)).triu()
        return Gradients(parts.sum(dim: -1).moveDim(-1, to: axis))
    }
}

extension Accumulate {
    var attributes: Attributes { ["dim": axis] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(kind: name == "cumprod" ? .product : .sum, axis: try attributes["dim"])
    }
}

extension Tensor {
    /// The running sum along `dim`; of integers and bool in int64 where `dtype` asks for nothing else.
    public func cumsum(dim: Int, dtype: DType? = nil) -> Tensor { accumulated(.sum, dim, dtype, "cumsum") }

    /// The running product along `dim`; of integers and bool in int64 where `dtype` asks for nothing else.
    public func cumprod(dim: Int, dtype: DType? = nil) -> Tensor { accumulated(.product, dim, dtype, "cumprod") }

    private func accumulated(_ kind: Reduction, _ dim: Int, _ dtype: DType?, _ name: String) -> Tensor {
        let axis = axis(dim, name)
        let x = to(dtype ?? (self.dtype.isFloatingPoint ? self.dtype : .int64))
        return rank == 0 ? x : apply(Accumulate(kind: kind, axis: axis), to: x)
    }

    /// For each element the sum of it and all after it.
    fileprivate func reverseSum(_ axis: Int) -> Tensor { flip(axis).cumsum(dim: axis).flip(axis) }
}
