import HearthTensor

/// The negative log-likelihood of counts under Poisson distributions. PyTorch's `nn.PoissonNLLLoss`.
///
/// `exp(x) - target x` for `x` the logarithm of the rate, `x - target log(x + eps)` for the rate itself.
public struct PoissonNLLLoss: Loss {
    /// Whether the prediction is the logarithm of the rate.
    public var logInput: Bool
    /// Adds Stirling's approximation of `log(target!)`, for targets above 1.
    public var full: Bool
    /// Added to a rate under a logarithm.
    public var eps: Double
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(
        logInput: Bool = true, full: Bool = false, eps: Double = 1e-8, reduction: LossReduction = .mean
    ) {
        self.logInput = logInput
        self.full = full
        self.eps = eps
        self.reduction = reduction
    }

    /// The loss of rates, or of their logarithms, against counts of the same shape.
    public func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor {
        checkSameShape("PoissonNLLLoss", prediction, target)
        var losses =
            logInput ? prediction.exp() - target * prediction : prediction - target * (prediction + eps).log()
        if full {
            let isSmall = target <= 1
            // Targets of 0 are replaced before the logarithm as well as after it: its derivative at 0 would be
            // infinite.
            let count = target.maskedFill(isSmall, with: 1)
            let stirling = count * count.log() - count + (count * (2 * Double.pi)).log() * 0.5
            losses = losses + stirling.maskedFill(isSmall, with: 0)
        }
        return reduction(losses)
    }
}

/// The negative log-likelihood of targets under normal distributions with a mean and a variance each. PyTorch's
/// `nn.GaussianNLLLoss`.
///
/// `(log(variance) + (target - mean)² / variance) / 2`.
public struct GaussianNLLLoss: Sendable {
    /// Adds `log(2π) / 2`.
    public var full: Bool
    /// The smallest variance.
    public var eps: Double
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(full: Bool = false, eps: Double = 1e-6, reduction: LossReduction = .mean) {
        self.full = full
        self.eps = eps
        self.reduction = reduction
    }

    /// The loss of means against targets; the variance has their shape, or 1 or nothing for the last dimension.
    public func callAsFunction(_ mean: Tensor, _ target: Tensor, variance: Tensor) -> Tensor {
        let isShort = variance.shape != mean.shape && variance.shape == Shape(mean.shape.dropLast())
        let given = isShort ? variance.unsqueeze(-1) : variance
        // As in PyTorch the bound changes the value but lets the gradient pass.
        let bounded = given + (given.detach().clamp(min: eps) - given.detach())
        var losses = (bounded.log() + (mean - target).square() / bounded) * 0.5
        if full { losses = losses + 0.91893853320467274178 }
        return reduction(losses)
    }
}
