import HearthTensor

/// What the padding layers share: a border around the last dimensions.
public class BorderPad: Module, Layer {
    private let sizes: [Int]
    private let mode: PaddingMode
    private let value: Double

    init(_ rank: Int, _ padding: some Extent, _ mode: PaddingMode, _ value: Double = 0) {
        guard let sizes = padding.sizes(2 * rank) else {
            fatalError("\(mode) padding: the border is \(padding); expected one number, or \(2 * rank)")
        }
        self.sizes = Array(sizes)
        self.mode = mode
        self.value = value
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.pad(sizes, mode: mode, value: value) }
}
