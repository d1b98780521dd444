import HearthTensor

/// The squared difference of prediction and target, of one shape. PyTorch's `nn.MSELoss`.
public struct MSELoss: Loss {
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(reduction: LossReduction = .mean) { self.reduction = reduction }

    /// The loss of a prediction against its target.
    public func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor {
        checkSameShape("MSELoss", prediction, target)
        return reduction((prediction - target).square())
    }
}

/// The absolute difference of prediction and target, of one shape. PyTorch's `nn.L1Loss`.
public struct L1Loss: Loss {
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(reduction: LossReduction = .mean) { self.reduction = reduction }

    /// The loss of a prediction against its target.
    public func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor {
        checkSameShape("L1Loss", prediction, target)
        return reduction((prediction - target).abs())
    }
}

/// Half the square of differences below `delta`, and `delta (|d| - delta / 2)` above. PyTorch's `nn.HuberLoss`.
public struct HuberLoss: Loss {
    /// Where the square ends.
    public var delta: Double
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(delta: Double = 1, reduction: LossReduction = .mean) {
        require(delta > 0, "HuberLoss", "delta must be positive; it is \(delta)")
        self.delta = delta
        self.reduction = reduction
    }

    /// The loss of a prediction against its target.
    public func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor {
        checkSameShape("HuberLoss", prediction, target)
        let distance = (prediction - target).abs()
        return reduction(
            Tensor.where(
                distance.detach() < delta, distance.square() * 0.5, (distance - 0.5 * delta) * delta))
    }
}

/// The Huber loss divided by its `beta`: the absolute difference with a rounded tip. PyTorch's `nn.SmoothL1Loss`.
public struct SmoothL1Loss: Loss {
    /// Where the square ends; 0 is the absolute difference.
    public var beta: Double
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(beta: Double = 1, reduction: LossReduction = .mean) {
        require(beta >= 0, "SmoothL1Loss", "beta must not be negative; it is \(beta)")
        self.beta = beta
        self.reduction = reduction
    }

    /// The loss of a prediction against its target.
    public func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor {
        if beta == 0 { return L1Loss(reduction: reduction)(prediction, target) }
        return HuberLoss(delta: beta, reduction: reduction)(prediction, target) / beta
    }
}
