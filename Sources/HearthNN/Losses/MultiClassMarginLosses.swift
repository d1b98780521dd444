import HearthTensor

/// `Σ max(0, margin - score[y] + score[j])^p / classes` over the wrong classes `j`. PyTorch's `nn.MultiMarginLoss`.
///
/// Scores are `[n, classes]` or `[classes]`, the target class numbers `[n]` or one.
public struct MultiMarginLoss: Loss {
    /// 1 or 2.
    public var p: Int
    /// By how much the right score must be larger.
    public var margin: Double
    /// A factor for each class, `[classes]`.
    public var weight: Tensor?
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(p: Int = 1, margin: Double = 1, weight: Tensor? = nil, reduction: LossReduction = .mean) {
        require(p == 1 || p == 2, "MultiMarginLoss", "p must be 1 or 2; it is \(p)")
        self.p = p
        self.margin = margin
        self.weight = weight
        self.reduction = reduction
    }

    /// The loss of scores against class numbers.
    public func callAsFunction(_ scores: Tensor, _ target: Tensor) -> Tensor {
        checkClassShape("MultiMarginLoss", scores, target)
        let rows = scores.rank == 1 ? scores.unsqueeze(0) : scores
        let classes = target.reshape([-1]).to(.int64)
        let right = rows.gather(1, classes.unsqueeze(1))
        let isRight = Tensor.oneHot(classes, classes: rows.shape[1], dtype: .bool)
        var terms = (rows - right + margin).clamp(min: 0).maskedFill(isRight, with: 0)
        if p == 2 { terms = terms.square() }
        var losses = terms.sum(dim: 1) / rows.shape[1]
        if let weight { losses = losses * weight.to(losses.dtype).indexSelect(0, classes) }
        return reduction(scores.rank == 1 ? losses.reshape([]) : losses)
    }
}

/// `Σ max(0, 1 - score[y] + score[j]) / classes` over all right classes `y` and wrong ones `j`. PyTorch's
/// `nn.MultiLabelMarginLoss`.
///
/// Scores are `[n, classes]` or `[classes]`; the target, of the same shape, lists the right classes and then -1.
public struct MultiLabelMarginLoss: Loss {
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(reduction: LossReduction = .mean) { self.reduction = reduction }

    /// The loss of scores against lists of classes.
    public func callAsFunction(_ scores: Tensor, _ target: Tensor) -> Tensor {
        checkSameShape("MultiLabelMarginLoss", scores, target)
        let (rows, lists) = scores.rank == 1 ? (scores.unsqueeze(0), target.unsqueeze(0)) : (scores, target)
        // What stands behind the first -1 does not count.
        let isListed = (lists >= 0).to(.int64).cumprod(dim: 1)
        let classes = lists.to(.int64) * isListed
        let isRight = Tensor.zeros(rows.shape, dtype: .int64, device: rows.device).scatterAdd(1, classes, isListed) > 0
        let margins = (1 - rows.gather(1, classes).unsqueeze(2) + rows.unsqueeze(1)).clamp(min: 0)
        let counted = isListed.to(.bool).unsqueeze(2).logicalAnd(isRight.logicalNot().unsqueeze(1))
        let losses = margins.maskedFill(counted.logicalNot(), with: 0).sum(dims: [1, 2]) / rows.shape[1]
        return reduction(scores.rank == 1 ? losses.reshape([]) : losses)
    }
}

/// The binary cross-entropy of each label with its logit, averaged over the labels of the last dimension. PyTorch's
/// `nn.MultiLabelSoftMarginLoss`.
public struct MultiLabelSoftMarginLoss: Loss {
    /// A factor for each label, `[labels]`.
    public var weight: Tensor?
    /// What is made of the losses of the samples.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(weight: Tensor? = nil, reduction: LossReduction = .mean) {
        self.weight = weight
        self.reduction = reduction
    }

    /// The loss of logits `[…, labels]` against targets of 0 and 1 of the same shape.
    public func callAsFunction(_ logits: Tensor, _ target: Tensor) -> Tensor {
        checkSameShape("MultiLabelSoftMarginLoss", logits, target)
        var losses = -(target * logits.logSigmoid() + (1 - target) * (-logits).logSigmoid())
        if let weight { losses = losses * weight.to(losses.dtype) }
        return reduction(losses.mean(dim: -1))
    }
}
