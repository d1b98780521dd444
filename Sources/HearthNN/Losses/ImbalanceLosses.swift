import HearthTensor

/// The binary cross-entropy of logits, in which easy elements count less: `α_t (1 - p_t)^γ (-log p_t)`. The
/// `sigmoid_focal_loss` of torchvision.
///
/// `p_t` is the probability given to the target, `α_t` is `α` for targets of 1 and `1 - α` for those of 0.
///
/// Source: Lin et al., "Focal Loss for Dense Object Detection", 2017 (<https://arxiv.org/abs/1708.02002>).
public struct SigmoidFocalLoss: Loss {
    /// The weight of positive targets; nil weights none.
    public var alpha: Double?
    /// How much less easy elements count; 0 is the cross-entropy.
    public var gamma: Double
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with torchvision's defaults.
    public init(alpha: Double? = 0.25, gamma: Double = 2, reduction: LossReduction = .none) {
        self.alpha = alpha
        self.gamma = gamma
        self.reduction = reduction
    }

    /// The loss of logits against targets of 0 and 1 of the same shape.
    public func callAsFunction(_ logits: Tensor, _ target: Tensor) -> Tensor {
        let entropy = BCEWithLogitsLoss(reduction: .none)(logits, target)
        let p = logits.sigmoid()
        let missed = 1 - (p * target + (1 - p) * (1 - target))
        var losses = entropy * missed.pow(gamma)
        if let alpha { losses = losses * (target * alpha + (1 - target) * (1 - alpha)) }
        return reduction(losses)
    }
}

/// The cross-entropy of logits with classes, in which easy elements count less: `α_y (1 - p_y)^γ (-log p_y)`.
///
/// Shapes as in `CrossEntropyLoss`. The mean is the plain one, over elements that are not ignored.
///
/// Source: Lin et al., "Focal Loss for Dense Object Detection", 2017 (<https://arxiv.org/abs/1708.02002>).
public struct FocalLoss: Loss {
    /// A factor `α` for each class, `[classes]`.
    public var weight: Tensor?
    /// How much less easy elements count; 0 is the cross-entropy.
    public var gamma: Double
    /// The class whose elements count for nothing.
    public var ignoreIndex: Int
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss of logits with classes.
    public init(
        weight: Tensor? = nil, gamma: Double = 2, ignoreIndex: Int = -100, reduction: LossReduction = .mean
    ) {
        self.weight = weight
        self.gamma = gamma
        self.ignoreIndex = ignoreIndex
        self.reduction = reduction
    }

    /// The loss of logits against class numbers.
    public func callAsFunction(_ logits: Tensor, _ target: Tensor) -> Tensor {
        let entropy = CrossEntropyLoss(ignoreIndex: ignoreIndex, reduction: .none)(logits, target)
        var losses = entropy * (1 - (-entropy).exp()).pow(gamma)
        let isIgnored = target == ignoreIndex
        if let weight {
            let known = target.to(.int64).maskedFill(isIgnored, with: 0)
            losses = losses * weight.to(losses.dtype).take(known)
        }
        switch reduction {
        case .none: return losses
        case .sum: return losses.sum()
        case .mean: return losses.sum() / isIgnored.logicalNot().sum().to(losses.dtype)
        }
    }
}

/// One minus the soft Dice coefficient of probabilities and targets, for masks of which most is background:
/// `1 - (2 Σ p t + smooth) / (Σ p + Σ t + smooth)`, summed over the places of each class of each sample.
///
/// Logits are `[n, classes, …]`. With one class they go through a sigmoid, with several through a softmax. The target
/// has the same shape, or holds class numbers `[n, …]`.
///
/// Source: Milletari et al., "V-Net", 2016 (<https://arxiv.org/abs/1606.04797>), whose sums of squares `squared` asks
/// for.
public struct DiceLoss: Loss {
    /// Added to both sides, so that a class without any place is no division by 0.
    public var smooth: Double
    /// Whether the divisor is `Σ p² + Σ t² + smooth`.
    public var squared: Bool
    /// What is made of the losses `[n, classes]`.
    public var reduction: LossReduction

    /// A loss of logits with masks.
    public init(smooth: Double = 1, squared: Bool = false, reduction: LossReduction = .mean) {
        self.smooth = smooth
        self.squared = squared
        self.reduction = reduction
    }

    /// The loss of logits against masks or class numbers.
    public func callAsFunction(_ logits: Tensor, _ target: Tensor) -> Tensor {
        let count = logits.rank > 1 ? logits.shape[1] : 0
        let p = count == 1 ? logits.sigmoid() : logits.softmax(dim: 1)
        let mask = masks(logits, target).to(p.dtype)
        func sums(_ x: Tensor) -> Tensor { x.reshape([x.shape[0], count, -1]).sum(dim: 2) }
        let sizes = squared ? sums(p.square()) + sums(mask.square()) : sums(p) + sums(mask)
        return reduction(1 - (sums(p * mask) * 2 + smooth) / (sizes + smooth))
    }

    /// The target as one mask for each class.
    private func masks(_ logits: Tensor, _ target: Tensor) -> Tensor {
        if target.shape == logits.shape { return target }
        checkClassShape("DiceLoss", logits, target)
        guard logits.shape[1] > 1 else { return target.unsqueeze(1) }
        return Tensor.oneHot(target.to(.int64), classes: logits.shape[1]).moveDim(-1, to: 1)
    }
}
