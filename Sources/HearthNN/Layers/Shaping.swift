import HearthTensor

/// Gives its input unchanged. PyTorch's `nn.Identity`.
public final class Identity: Module, Layer {
    /// A layer that does nothing.
    public override init() {}

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x }
}

/// Makes dimensions `from` to `to` one; by default all but the first. PyTorch's `nn.Flatten`.
public final class Flatten: Module, Layer {
    private let from: Int
    private let to: Int

    /// A layer that flattens these dimensions.
    public init(from: Int = 1, to: Int = -1) {
        self.from = from
        self.to = to
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.flatten(from: from, to: to) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "start_dim=\(from), end_dim=\(to)" }
}

/// Divides a dimension into several. PyTorch's `nn.Unflatten`.
public final class Unflatten: Module, Layer {
    private let dim: Int
    private let sizes: Shape

    /// A layer that divides dimension `dim` into `sizes`.
    public init(dim: Int, _ sizes: Shape) {
        self.dim = dim
        self.sizes = sizes
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.unflatten(dim: dim, sizes) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "dim=\(dim), unflattened_size=\(tuple: sizes)" }
}
