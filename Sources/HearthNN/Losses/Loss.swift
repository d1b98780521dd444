import HearthTensor

/// How far a prediction is from its target: what training makes small.
public protocol Loss: Sendable, CustomStringConvertible {
    /// The loss of a prediction against its target.
    func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor
}

extension Loss {
    /// The loss with its options: `HuberLoss(delta: 1.0, reduction: mean)`.
    public var description: String { optionsDescription(of: self) }
}
