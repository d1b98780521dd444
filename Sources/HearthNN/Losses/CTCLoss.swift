import HearthTensor

/// The negative log-likelihood of a sequence of labels, whatever their places in a longer sequence of predictions.
/// PyTorch's `nn.CTCLoss`.
///
///     let loss = CTCLoss()(logits.logSoftmax(dim: 2), targets, inputLengths: [50, 50], targetLengths: [30, 25])
///
/// Log-probabilities are `[time, n, classes]`, or `[time, classes]` for one sequence. Targets hold labels other than
/// `blank`: `[n, longest]`, or all sequences joined in one dimension. Of the mean each loss is first divided by the
/// length of its target. The derivative is that of log-probabilities that came out of a log-softmax, as in PyTorch;
/// there is no second one.
///
/// Source: Graves et al., "Connectionist Temporal Classification", 2006.
public struct CTCLoss: Sendable {
    /// The class that stands for no label.
    public var blank: Int
    /// What is made of the losses of the sequences.
    public var reduction: LossReduction
    /// Counts targets that do not fit into their sequence, whose loss is infinite, as 0.
    public var zeroInfinity: Bool

    /// A loss with PyTorch's defaults.
    public init(blank: Int = 0, reduction: LossReduction = .mean, zeroInfinity: Bool = false) {
        self.blank = blank
        self.reduction = reduction
        self.zeroInfinity = zeroInfinity
    }

    /// The loss of log-probabilities against labels.
    public func callAsFunction(
        _ logProbabilities: Tensor, _ targets: Tensor, inputLengths: [Int], targetLengths: [Int]
    ) -> Tensor {
        let isOne = logProbabilities.rank == 2
        let batch = isOne ? logProbabilities.unsqueeze(1) : logProbabilities
        let labels = Self.labels(targets, targetLengths)
        let losses = batch.ctcLosses(labels, lengths: inputLengths, blank: blank, zeroInfinity: zeroInfinity)
        switch reduction {
        case .none: return isOne ? losses.reshape([]) : losses
        case .sum: return losses.sum()
        case .mean:
            let lengths = Tensor(
                targetLengths.map { Double(max($0, 1)) }, shape: [targetLengths.count], device: losses.device)
            return (losses / lengths.to(losses.dtype)).mean()
        }
    }

    /// The labels of each sequence.
    private static func labels(_ targets: Tensor, _ lengths: [Int]) -> [[Int]] {
        let all = targets.to(.int64).array(of: Int.self)
        let isPadded = targets.rank == 2
        let count = lengths.reduce(0, +)
        let fits =
            isPadded
            ? targets.shape[0] == lengths.count && lengths.allSatisfy { $0 <= targets.shape[1] }
            : targets.rank == 1 && (count == all.count || lengths.count == 1 && count <= all.count)
        guard fits, lengths.allSatisfy({ $0 >= 0 }) else {
            stop("CTCLoss", [targets.spec], "targets need \(lengths) labels")
            return lengths.map { _ in [] }
        }
        var start = 0
        return lengths.enumerated().map { row, length in
            let first = isPadded ? row * targets.shape[1] : start
            start += length
            return Array(all[first..<(first + length)])
        }
    }
}
