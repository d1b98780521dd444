import HearthTensor

/// Losses.
enum LossOperators {
    static let rows: OperatorRows = [
        "NegativeLogLikelihoodLoss": { n in n.like(0, try likelihood(n, n[0])) },
        "SoftmaxCrossEntropyLoss": { n in
            let x = try n[0]
            try n.check(x.rank >= 2, "[N, C, …]", "\(x.shape)")
            let logs = x.logSoftmax(dim: 1)
            return n.like(0, try likelihood(n, logs)) + n.like(0, logs)
        },
    ]

    /// The weighted negative of what `logs` has at the class of each target.
    private static func likelihood(_ n: NodeContext, _ logs: Tensor) throws -> Tensor {
        let target = try n[1].to(.int64)
        try n.check(
            logs.rank >= 2 && target.rank == logs.rank - 1, "[N, C, …] and targets [N, …]",
            "\(logs.shape) and \(target.shape)")
        let ignored = n.int("ignore_index").map { target == $0 }
        let safe = ignored.map { target.maskedFill($0, with: 0) } ?? target
        var loss = -logs.gather(1, safe.unsqueeze(1)).squeeze(1)
        var weights: Tensor?
        if let given = try n.optional(2) {
            weights = given.indexSelect(0, safe.reshape([-1])).reshape(safe.shape)
        }
        if let ignored {
            weights = (weights ?? Tensor.ones(like: loss)).maskedFill(ignored, with: 0)
        }
        if let weights { loss = loss * weights }
        switch n.text("reduction", "mean") {
        case "none": return loss
        case "sum": return loss.sum()
        case "mean": return weights.map { loss.sum() / $0.sum() } ?? loss.mean()
        case let other: throw n.error("none, sum or mean", "'\(other)'")
        }
    }
}
