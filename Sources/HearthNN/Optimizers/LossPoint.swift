import HearthTensor

/// A value of the loss, and its gradient as one vector.
struct LossPoint {
    var loss: Double
    var gradient: Tensor

    func isFlat(_ tolerance: Double) -> Bool { gradient.abs().max().item() <= tolerance }
}
