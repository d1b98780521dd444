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

extension CrossEntropyLoss: Loss {}
extension NLLLoss: Loss {}
extension BCELoss: Loss {}
extension BCEWithLogitsLoss: Loss {}
extension KLDivLoss: Loss {}
extension MSELoss: Loss {}
extension L1Loss: Loss {}
extension HuberLoss: Loss {}
extension SmoothL1Loss: Loss {}
extension HingeEmbeddingLoss: Loss {}
extension SoftMarginLoss: Loss {}
extension MultiMarginLoss: Loss {}
extension MultiLabelMarginLoss: Loss {}
extension MultiLabelSoftMarginLoss: Loss {}
extension PoissonNLLLoss: Loss {}
extension SigmoidFocalLoss: Loss {}
extension FocalLoss: Loss {}
extension DiceLoss: Loss {}
