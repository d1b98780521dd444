import HearthTensor

/// While training sets elements to 0 with a probability and scales the others so that the mean stays; passes its input
/// through in evaluation. PyTorch's `nn.Dropout`.
///
/// Source: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014.
public final class Dropout: Module, Layer {
    /// The probability of an element to be dropped.
    public let probability: Double
    private let generator: Generator?

    /// A layer that drops with `probability`, by default one half.
    public init(_ probability: Double = 0.5, generator: Generator? = nil) {
        require((0...1).contains(probability), "Dropout", "probability \(probability) is not in 0...1")
        self.probability = probability
        self.generator = generator
    }

    /// Computes the result for `x`; the formula stands at the type.
    public func forward(_ x: Tensor) -> Tensor { isTraining ? x.dropout(probability, generator: generator) : x }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "p=\(probability), inplace=False" }
}
