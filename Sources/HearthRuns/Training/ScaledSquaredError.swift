import Hearth

/// The mean of squared differences, in units of a deviation.
struct ScaledSquaredError: Loss {
    let deviation: Double

    init(_ deviation: Double) { self.deviation = deviation }

    func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor {
        MSELoss()(prediction / deviation, target / deviation)
    }
}
