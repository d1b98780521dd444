import HearthTensor

/// What fractional pooling shares: the largest elements under windows at random, nearly regular distances.
///
/// Source: Graham, "Fractional Max-Pooling", 2014 (<https://arxiv.org/abs/1412.6071>).
public class FractionalMaxPool: Module, Layer {
    private enum Output {
        case size(Dimensions)
        case ratio([Double])
    }

    private let rank: Int
    private let kernelSize: Dimensions
    private let output: Output
    private let generator: Generator?

    fileprivate init(_ rank: Int, _ kernelSize: some Extent, outputSize: some Extent, _ generator: Generator?) {
        let name = "FractionalMaxPool\(rank)d"
        self.rank = rank
        self.kernelSize = kernelSize.sizes(rank, "kernelSize", name)
        output = .size(outputSize.sizes(rank, "outputSize", name))
        self.generator = generator
    }

    fileprivate init(_ rank: Int, _ kernelSize: some Extent, outputRatio: [Double], _ generator: Generator?) {
        let name = "FractionalMaxPool\(rank)d"
        let ratios = outputRatio.count == 1 ? Array(repeating: outputRatio[0], count: rank) : outputRatio
        require(
            ratios.count == rank && (ratios.allSatisfy({ $0 > 0 && $0 < 1 })), "\(name)",
            "one ratio or \(rank) between 0 and 1 are expected; they are \(outputRatio)")
        self.rank = rank
        self.kernelSize = kernelSize.sizes(rank, "kernelSize", name)
        output = .ratio(ratios)
        self.generator = generator
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { withIndices(x).values }

    /// The result for `x` and the position of each largest element in its plane (int64).
    public func withIndices(_ x: Tensor) -> (values: Tensor, indices: Tensor) {
        let sizes: Dimensions =
            switch output {
            case .size(let sizes): sizes
            case .ratio(let ratios):
                Dimensions(zip(x.shape.suffix(rank), ratios).map { Int(Double($0) * $1) })
            }
        return x.fractionalMaxPool(rank: rank, kernelSize, outputSize: sizes, generator: generator)
    }
}

/// Fractional pooling of `[N, C, H, W]` or `[C, H, W]`. PyTorch's `nn.FractionalMaxPool2d`.
public final class FractionalMaxPool2d: FractionalMaxPool {
    /// A layer whose results have these sizes in their last dimensions.
    public init(_ kernelSize: some Extent, outputSize: some Extent, generator: Generator? = nil) {
        super.init(2, kernelSize, outputSize: outputSize, generator)
    }
    /// A layer whose results have these shares of the input's last sizes, one number or one for each.
    public init(_ kernelSize: some Extent, outputRatio: Double..., generator: Generator? = nil) {
        super.init(2, kernelSize, outputRatio: outputRatio, generator)
    }
}

/// Fractional pooling of `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch's `nn.FractionalMaxPool3d`.
public final class FractionalMaxPool3d: FractionalMaxPool {
    /// A layer whose results have these sizes in their last dimensions.
    public init(_ kernelSize: some Extent, outputSize: some Extent, generator: Generator? = nil) {
        super.init(3, kernelSize, outputSize: outputSize, generator)
    }
    /// A layer whose results have these shares of the input's last sizes, one number or one for each.
    public init(_ kernelSize: some Extent, outputRatio: Double..., generator: Generator? = nil) {
        super.init(3, kernelSize, outputRatio: outputRatio, generator)
    }
}
