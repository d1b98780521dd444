import HearthTensor

/// `max(0, -target (x - y) + margin)`: which of two scores is to be larger. PyTorch's `nn.MarginRankingLoss`.
public struct MarginRankingLoss: Sendable {
    /// By how much the right score must be larger.
    public var margin: Double
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(margin: Double = 0, reduction: LossReduction = .mean) {
        self.margin = margin
        self.reduction = reduction
    }

    /// The loss of two scores of one shape, whose `target` is 1 where the first is to be larger, else -1.
    public func callAsFunction(_ x: Tensor, _ y: Tensor, _ target: Tensor) -> Tensor {
        checkSameShape("MarginRankingLoss", x, y)
        checkSameShape("MarginRankingLoss", x, target)
        return reduction(((y - x) * target + margin).clamp(min: 0))
    }
}

/// A distance where the target is 1, `max(0, margin - distance)` where it is -1. PyTorch's `nn.HingeEmbeddingLoss`.
public struct HingeEmbeddingLoss: Loss {
    /// How far apart what differs must be.
    public var margin: Double
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(margin: Double = 1, reduction: LossReduction = .mean) {
        self.margin = margin
        self.reduction = reduction
    }

    /// The loss of distances against targets of 1 and -1.
    public func callAsFunction(_ distance: Tensor, _ target: Tensor) -> Tensor {
        checkSameShape("HingeEmbeddingLoss", distance, target)
        let apart = (margin - distance).clamp(min: 0).maskedFill(target == 1, with: 0)
        return reduction(apart + distance.maskedFill(target == -1, with: 0))
    }
}

/// `log(1 + exp(-target x))` for targets of 1 and -1. PyTorch's `nn.SoftMarginLoss`.
public struct SoftMarginLoss: Loss {
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(reduction: LossReduction = .mean) { self.reduction = reduction }

    /// The loss of scores against targets of 1 and -1.
    public func callAsFunction(_ score: Tensor, _ target: Tensor) -> Tensor {
        checkSameShape("SoftMarginLoss", score, target)
        return reduction(-(score * target).logSigmoid())
    }
}

/// `1 - cos(x, y)` where the target is 1, `max(0, cos(x, y) - margin)` where it is -1. PyTorch's
/// `nn.CosineEmbeddingLoss`.
public struct CosineEmbeddingLoss: Sendable {
    /// Up to which cosine what differs costs nothing.
    public var margin: Double
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(margin: Double = 0, reduction: LossReduction = .mean) {
        self.margin = margin
        self.reduction = reduction
    }

    /// The loss of vectors `[n, features]`, or `[features]`, against targets `[n]`, or one.
    public func callAsFunction(_ x: Tensor, _ y: Tensor, _ target: Tensor) -> Tensor {
        checkSameShape("CosineEmbeddingLoss", x, y)
        if target.shape != Shape(x.shape.dropLast()) || x.rank == 0 {
            stop(
                "CosineEmbeddingLoss", [x.spec, target.spec],
                "the target needs the shape of the vectors without features")
        }
        let lengths = (x.square().sum(dim: -1) + 1e-12) * (y.square().sum(dim: -1) + 1e-12)
        let cosine = (x * y).sum(dim: -1) / lengths.sqrt()
        let apart = (cosine - margin).clamp(min: 0).maskedFill(target != -1, with: 0)
        return reduction((1 - cosine).maskedFill(target != 1, with: 0) + apart)
    }
}

/// `max(0, d(anchor, positive) - d(anchor, negative) + margin)` with a `p`-norm. PyTorch's `nn.TripletMarginLoss`.
///
/// Source: Balntas et al., "Learning local feature descriptors with triplets and shallow convolutional neural
/// networks", 2016.
public struct TripletMarginLoss: Sendable {
    /// How much farther the negative must be.
    public var margin: Double
    /// Which norm.
    public var p: Double
    /// Added to every difference.
    public var eps: Double
    /// Takes the negative's distance from the positive where that is smaller.
    public var swap: Bool
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults.
    public init(
        margin: Double = 1, p: Double = 2, eps: Double = 1e-6, swap: Bool = false, reduction: LossReduction = .mean
    ) {
        require(margin > 0, "TripletMarginLoss", "margin must be positive; it is \(margin)")
        self.margin = margin
        self.p = p
        self.eps = eps
        self.swap = swap
        self.reduction = reduction
    }

    /// The loss of vectors `[n, features]`, or `[features]`.
    public func callAsFunction(_ anchor: Tensor, _ positive: Tensor, _ negative: Tensor) -> Tensor {
        let distance = PairwiseDistance(p: p, eps: eps)
        return TripletMarginWithDistanceLoss(margin: margin, swap: swap, reduction: reduction) { distance($0, $1) }(
            anchor, positive, negative)
    }
}

/// `max(0, d(anchor, positive) - d(anchor, negative) + margin)` with any distance. PyTorch's
/// `nn.TripletMarginWithDistanceLoss`.
public struct TripletMarginWithDistanceLoss: Sendable {
    /// How far apart two tensors are.
    public var distance: @Sendable (Tensor, Tensor) -> Tensor
    /// How much farther the negative must be.
    public var margin: Double
    /// Takes the negative's distance from the positive where that is smaller.
    public var swap: Bool
    /// What is made of the losses.
    public var reduction: LossReduction

    /// A loss with PyTorch's defaults; the distance is the Euclidean one.
    public init(
        margin: Double = 1, swap: Bool = false, reduction: LossReduction = .mean,
        distance: @escaping @Sendable (Tensor, Tensor) -> Tensor = { $0.pairwiseDistance($1) }
    ) {
        require(margin > 0, "TripletMarginWithDistanceLoss", "margin must be positive; it is \(margin)")
        self.distance = distance
        self.margin = margin
        self.swap = swap
        self.reduction = reduction
    }

    /// The loss of three tensors that the distance takes.
    public func callAsFunction(_ anchor: Tensor, _ positive: Tensor, _ negative: Tensor) -> Tensor {
        if anchor.rank != positive.rank || anchor.rank != negative.rank {
            stop(
                "TripletMarginLoss", [anchor.spec, positive.spec, negative.spec], "the ranks must be equal")
        }
        var apart = distance(anchor, negative)
        if swap { apart = apart.minimum(distance(positive, negative)) }
        return reduction((distance(anchor, positive) - apart + margin).clamp(min: 0))
    }
}
