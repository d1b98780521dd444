import HearthTensor

/// The cross-entropy of logits with classes or with probabilities. PyTorch's `nn.CrossEntropyLoss`.
///
///     let criterion = CrossEntropyLoss()
///     let loss = criterion(model(inputs), labels)   // logits [n, classes], labels int64 [n]
///
/// Logits have shape `[n, classes]`, `[classes]` or `[n, classes, d1, …]`. The target has the same shape without the
/// classes and holds class numbers, or the same shape and holds probabilities.
public struct CrossEntropyLoss: Loss {
    /// A factor for each class, `[classes]`.
    public var weight: Tensor?
    /// The class whose elements count for nothing.
    public var ignoreIndex: Int
    /// How much of the target is spread evenly over all classes (<https://arxiv.org/abs/1512.00567>).
    public var labelSmoothing: Double
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(
        weight: Tensor? = nil, ignoreIndex: Int = -100, labelSmoothing: Double = 0, reduction: LossReduction = .mean
    ) {
        self.weight = weight
        self.ignoreIndex = ignoreIndex
        self.labelSmoothing = labelSmoothing
        self.reduction = reduction
    }

    /// The loss of logits against class numbers or probabilities.
    public func callAsFunction(_ logits: Tensor, _ target: Tensor) -> Tensor {
        let (rows, restore) = Self.rows(logits)
        if target.dtype.isFloatingPoint {
            checkProbabilities(logits, target)
            return ofProbabilities(rows, Self.rows(target).rows, restore)
        }
        checkClassShape("CrossEntropyLoss", logits, target)
        let classes = target.reshape([-1]).to(.int64)
        guard weight == nil && labelSmoothing == 0 else { return ofClasses(rows, classes, restore) }
        let losses = rows.crossEntropyRows(classes, ignoreIndex: ignoreIndex)
        switch reduction {
        case .none: return restore(losses)
        case .sum: return losses.sum()
        case .mean: return losses.mean(over: (classes != ignoreIndex).sum())
        }
    }

    /// Class numbers, with weights or smoothing.
    private func ofClasses(_ logits: Tensor, _ classes: Tensor, _ restore: (Tensor) -> Tensor) -> Tensor {
        let count = logits.shape[1]
        let isIgnored = classes == ignoreIndex
        let known = classes.maskedFill(isIgnored, with: 0)
        let weights = (weight ?? Tensor.ones([count], device: logits.device)).to(logits.dtype)
        // First, since it checks the classes that the weights are then picked by.
        let plain = logits.crossEntropyRows(classes, ignoreIndex: ignoreIndex)
        // Ignored rows are filled and not multiplied with 0, so that no gradient passes even where all are ignored and
        // the mean is 0 / 0.
        let importance = weights.indexSelect(0, known).maskedFill(isIgnored, with: 0)
        var losses = (plain * importance).maskedFill(isIgnored, with: 0)
        if labelSmoothing > 0 {
            let even = -(logits.logSoftmax(dim: 1) * weights).sum(dim: 1).maskedFill(isIgnored, with: 0)
            losses = losses * (1 - labelSmoothing) + even * (labelSmoothing / Double(count))
        }
        switch reduction {
        case .none: return restore(losses)
        case .sum: return losses.sum()
        case .mean: return losses.mean(over: importance)
        }
    }

    /// Stops the program when floating-point targets are no probabilities: often they are class numbers of a wrong type.
    private func checkProbabilities(_ logits: Tensor, _ target: Tensor) {
        guard logits.shape != target.shape, logits.rank > 0 else { return }
        var classes = logits.shape
        classes.remove(at: logits.rank > 1 ? 1 : 0)
        let remedy =
            target.shape == classes
            ? "class numbers must be integers: convert them with .to(.int64)"
            : "class numbers must be integers (.to(.int64)) of shape \(classes)"
        stop(
            "CrossEntropyLoss", [logits.spec, target.spec],
            "a floating-point target holds probabilities and needs the shape of the logits; \(remedy)")
    }

    private func ofProbabilities(_ logits: Tensor, _ target: Tensor, _ restore: (Tensor) -> Tensor) -> Tensor {
        let count = Double(logits.shape[1])
        let smoothed = labelSmoothing > 0 ? target * (1 - labelSmoothing) + labelSmoothing / count : target
        var terms = logits.logSoftmax(dim: 1) * smoothed
        if let weight { terms = terms * weight.to(logits.dtype) }
        let losses = -terms.sum(dim: 1)
        switch reduction {
        case .none: return restore(losses)
        case .sum: return losses.sum()
        case .mean: return losses.mean()
        }
    }

    /// Logits as `[n, classes]`, and how the losses get the target's shape back.
    fileprivate static func rows(_ logits: Tensor) -> (rows: Tensor, restore: (Tensor) -> Tensor) {
        switch logits.rank {
        case 0:
            stop("CrossEntropyLoss", [logits.spec], "logits need a dimension of classes")
            return (logits.reshape([1, 1]), { $0 })
        case 1: return (logits.unsqueeze(0), { $0.reshape([]) })
        case 2: return (logits, { $0 })
        default:
            let last = logits.moveDim(1, to: -1)
            let shape = Shape(last.shape.dropLast())
            return (last.reshape([-1, last.shape[-1]]), { $0.reshape(shape) })
        }
    }
}

/// The negative log-likelihood of classes, given log-probabilities. PyTorch's `nn.NLLLoss`.
///
/// Shapes as in `CrossEntropyLoss`.
public struct NLLLoss: Loss {
    /// A factor for each class, `[classes]`.
    public var weight: Tensor?
    /// The class whose elements count for nothing.
    public var ignoreIndex: Int
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(weight: Tensor? = nil, ignoreIndex: Int = -100, reduction: LossReduction = .mean) {
        self.weight = weight
        self.ignoreIndex = ignoreIndex
        self.reduction = reduction
    }

    /// The loss of log-probabilities against class numbers.
    public func callAsFunction(_ logProbabilities: Tensor, _ target: Tensor) -> Tensor {
        let (rows, restore) = CrossEntropyLoss.rows(logProbabilities)
        checkClassShape("NLLLoss", logProbabilities, target)
        if target.dtype.isFloatingPoint {
            stop("NLLLoss", [rows.spec, target.spec], "class numbers must be integers: convert them with .to(.int64)")
        }
        let classes = target.reshape([-1]).to(.int64)
        let isIgnored = classes == ignoreIndex
        let known = classes.maskedFill(isIgnored, with: 0)
        let weights = weight?.to(rows.dtype).indexSelect(0, known) ?? Tensor.ones(like: known, dtype: rows.dtype)
        // Filled and not multiplied with 0, so that no gradient passes even where all rows are ignored.
        let importance = weights.maskedFill(isIgnored, with: 0)
        let losses = (-rows.gather(1, known.unsqueeze(1)).squeeze(1) * weights).maskedFill(isIgnored, with: 0)
        switch reduction {
        case .none: return restore(losses)
        case .sum: return losses.sum()
        case .mean: return losses.mean(over: importance)
        }
    }
}

/// The binary cross-entropy of probabilities with targets in `0 ... 1` of the same shape. PyTorch's `nn.BCELoss`.
///
/// Stops the program for a probability outside of `0 ... 1`: what a network gives before the sigmoid belongs to
/// `BCEWithLogitsLoss`.
public struct BCELoss: Loss {
    /// A factor for each element, broadcast.
    public var weight: Tensor?
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(weight: Tensor? = nil, reduction: LossReduction = .mean) {
        self.weight = weight
        self.reduction = reduction
    }

    /// The loss of probabilities against targets.
    public func callAsFunction(_ probability: Tensor, _ target: Tensor) -> Tensor {
        checkSameShape("BCELoss", probability, target)
        let losses = probability.binaryCrossEntropy(target.to(probability.dtype))
        return reduction(weight.map { losses * $0 } ?? losses)
    }
}

/// The binary cross-entropy of logits with targets in `0 ... 1` of the same shape, without overflow. PyTorch's
/// `nn.BCEWithLogitsLoss`.
public struct BCEWithLogitsLoss: Loss {
    /// A factor for each element, broadcast.
    public var weight: Tensor?
    /// A factor for positive targets, broadcast: one for each class.
    public var positiveWeight: Tensor?
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(weight: Tensor? = nil, positiveWeight: Tensor? = nil, reduction: LossReduction = .mean) {
        self.weight = weight
        self.positiveWeight = positiveWeight
        self.reduction = reduction
    }

    /// The loss of logits against targets.
    public func callAsFunction(_ logits: Tensor, _ target: Tensor) -> Tensor {
        checkSameShape("BCEWithLogitsLoss", logits, target)
        let positive = positiveWeight.map { target * ($0 - 1) + 1 }
        let penalty = -logits.logSigmoid()
        let losses = (1 - target) * logits + (positive.map { penalty * $0 } ?? penalty)
        return reduction(weight.map { losses * $0 } ?? losses)
    }
}

/// The Kullback–Leibler divergence of target probabilities from log-probabilities, element by element. PyTorch's
/// `nn.KLDivLoss`; as there, `batchMean` is the divergence that textbooks define.
public struct KLDivLoss: Loss {
    /// What is made of the terms.
    public enum Reduction: Sendable { case mean, sum, none, batchMean }

    /// What is made of the terms.
    public var reduction: Reduction
    /// True when targets are logarithms too.
    public var logTarget: Bool

    /// A loss with PyTorch's defaults.
    public init(reduction: Reduction = .mean, logTarget: Bool = false) {
        self.reduction = reduction
        self.logTarget = logTarget
    }

    /// The divergence of `target` from the distribution with these log-probabilities.
    public func callAsFunction(_ logProbabilities: Tensor, _ target: Tensor) -> Tensor {
        checkSameShape("KLDivLoss", logProbabilities, target)
        let terms =
            logTarget
            ? target.exp() * (target - logProbabilities) : target.xlogy(target) - target * logProbabilities
        switch reduction {
        case .mean: return terms.mean()
        case .sum: return terms.sum()
        case .none: return terms
        case .batchMean: return terms.sum() / terms.shape[0]
        }
    }
}
