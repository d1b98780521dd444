import HearthTensor

/// What a loss makes of the losses of its elements.
public enum LossReduction: Sendable {
    /// Their mean; of weighted classes the weighted mean.
    case mean
    /// Their sum.
    case sum
    /// Nothing: one loss for each.
    case none

    func callAsFunction(_ losses: Tensor) -> Tensor {
        switch self {
        case .mean: losses.mean()
        case .sum: losses.sum()
        case .none: losses
        }
    }
}

/// Stops the program when class numbers do not have the shape of the logits without the classes.
func checkClassShape(_ loss: String, _ logits: Tensor, _ target: Tensor) {
    var expected = logits.shape
    expected.remove(at: logits.rank > 1 ? 1 : 0)
    guard target.shape != expected else { return }
    stop(
        loss, [logits.spec, target.spec], "classes need the shape of the logits without their classes, \(expected)")
}

/// Stops the program when a prediction and its target differ in shape, which broadcasting would hide.
func checkSameShape(_ loss: String, _ prediction: Tensor, _ target: Tensor) {
    guard prediction.shape != target.shape else { return }
    stop(loss, [prediction.spec, target.spec], "the target needs the shape of the prediction")
}
