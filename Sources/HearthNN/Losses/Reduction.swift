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

extension Tensor {
    /// The sum of these losses over the sum of their weights; of 16-bit ones in `float32` until the end.
    func mean(over weights: Tensor) -> Tensor {
        let wide = dtype.isHalf ? DType.float32 : dtype
        return (sum(dtype: wide) / weights.sum(dtype: wide)).to(dtype)
    }
}

/// Stops the program when class numbers do not have the shape of the logits without the classes.
func checkClassShape(_ loss: String, _ logits: Tensor, _ target: Tensor) {
    guard logits.rank > 0 else { return }
    var expected = logits.shape
    expected.remove(at: logits.rank > 1 ? 1 : 0)
    guard target.shape != expected else { return }
    let remedy =
        target.count == expected.elementCount
        ? "; .reshape(\(expected)) gives them it"
        : target.shape == logits.shape ? "; probabilities need a floating-point dtype" : ""
    stop(
        loss, [logits.spec, target.spec],
        "classes need the shape of the logits without their classes, \(expected)\(remedy)")
}

/// Stops the program when a prediction and its target differ in shape, which broadcasting would hide.
func checkSameShape(_ loss: String, _ prediction: Tensor, _ target: Tensor) {
    guard prediction.shape != target.shape else { return }
    var message = "the target needs the shape of the prediction"
    if target.count == prediction.count { message += "; .reshape(\(prediction.shape)) gives it that" }
    stop(loss, [prediction.spec, target.spec], message)
}
