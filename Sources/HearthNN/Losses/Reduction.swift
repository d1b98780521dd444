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

/// Stops the program when a prediction and its target differ in shape, which broadcasting would hide.
func checkSameShape(_ loss: String, _ prediction: Tensor, _ target: Tensor) {
    guard prediction.shape == target.shape else {
        fatalError(
            "\(loss): the target has shape \(target.shape); expected \(prediction.shape), that of the prediction")
    }
}
