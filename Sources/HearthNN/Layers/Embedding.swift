import HearthTensor

/// A table of vectors, looked up by number: `x` of integers in `[…]` gives `[…, features]`. PyTorch's `nn.Embedding`.
public final class Embedding: Module, Layer {
    /// `[count, features]`, normal with variance 1 at the start.
    @Param public var weight: Tensor
    /// The number whose vector stays 0 and is never trained; nil for none.
    public let paddingIndex: Int?

    /// A table of `count` vectors of `features` numbers.
    public init(_ count: Int, _ features: Int, paddingIndex: Int? = nil, generator: Generator? = nil) {
        let padding = paddingIndex.map { $0 < 0 ? $0 + count : $0 }
        if let padding, !(0..<count).contains(padding) {
            fatalError("Embedding: padding index \(padding) is outside 0..<\(count)")
        }
        self.paddingIndex = padding
        var table = Tensor.randn([count, features], generator: generator)
        if let padding { table.fill(0, at: padding) }
        weight = table
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor {
        let index = x.to(.int64)
        var table = weight
        if let paddingIndex, table.requiresGrad, isGradEnabled {
            // The padding's vector takes part as a constant.
            let isPadding = (Tensor.arange(table.shape[0]) == paddingIndex).unsqueeze(1)
            table = Tensor.where(isPadding, table.detach(), table)
        }
        return table.indexSelect(0, index.reshape([-1])).reshape(Shape(Array(index.shape) + [table.shape[1]]))
    }
}
