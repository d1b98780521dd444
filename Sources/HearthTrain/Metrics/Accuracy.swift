import HearthTensor

/// The share of samples whose class is among the `k` with the highest scores; with 1, whose class has the highest.
public final class Accuracy: Metric {
    /// `accuracy`, or `top5_accuracy`.
    public let name: String
    private let k: Int
    private var correct = 0
    private var count = 0

    /// Accuracy over scores `[n, classes]` and classes `[n]`, or probabilities `[n, classes]`, of which the highest counts.
    public init(topK k: Int = 1) {
        require(k > 0, "Accuracy", "k must be positive; it is \(k)")
        self.k = k
        name = k == 1 ? "accuracy" : "top\(k)_accuracy"
    }

    /// Counts the samples of a batch.
    public func update(_ output: Tensor, _ target: Tensor) {
        let isSoft = target.dtype.isFloatingPoint && target.rank > 1
        let target = (isSoft ? target.detach().argmax(dim: 1) : target.detach()).to(.int64).reshape([-1])
        count += target.count
        if k == 1 {
            correct += zip(output.predictedClasses(), target.array(of: Int.self)).count { $0 == $1 }
        } else {
            let best = output.detach().topK(min(k, output.shape[1]), dim: 1).indices
            correct += (best == target.unsqueeze(1)).sum().item(as: Int.self)
        }
    }

    /// The share of samples that were right.
    public func compute() -> Double { count == 0 ? .nan : Double(correct) / Double(count) }

    /// Forgets everything.
    public func reset() { (correct, count) = (0, 0) }

    /// How many were right, and how many there were.
    public var state: [Double] {
        get { [Double(correct), Double(count)] }
        set { if let saved = newValue.counts, saved.count == 2 { (correct, count) = (saved[0], saved[1]) } }
    }
}
