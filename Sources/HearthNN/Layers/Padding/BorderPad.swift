import HearthTensor

/// What the padding layers share: a border around the last dimensions.
public class BorderPad: Module, Layer {
    let sizes: [Int]
    private let mode: PaddingMode
    let value: Double

    init(_ rank: Int, _ padding: some Extent, _ mode: PaddingMode, _ value: Double = 0) {
        let sizes = padding.sizes(2 * rank)
        require(
            sizes != nil, "\(mode) padding", "the border is \(padding); expected one number, or \(2 * rank)")
        self.sizes = sizes.map(Array.init) ?? []
        self.mode = mode
        self.value = value
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { x.pad(sizes, mode: mode, value: value) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "\(tuple: sizes)" }
}
