import HearthTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a model's outputs are.
public enum OutputKind: Sendable {
    /// Logits, which a softmax, or a sigmoid where there is one for each sample, makes probabilities.
    case logits
    /// Probabilities.
    case probabilities

    /// Probabilities `[n, classes]` in `float64`, and the classes `[n]`. One output for each sample is the probability
    /// of class 1.
    func probabilities(_ output: Tensor, _ target: Tensor, _ name: String) -> (rows: Tensor, classes: Tensor) {
        let x = output.detach().to(.float64)
        let classes = target.detach().to(.int64).reshape([-1])
        let rows: Tensor
        if x.rank == 1 || x.shape[1] == 1 {
            let p = self == .logits ? x.reshape([-1, 1]).sigmoid() : x.reshape([-1, 1])
            rows = Tensor.cat([1 - p, p], dim: 1)
        } else {
            rows = self == .logits ? x.softmax(dim: 1) : x
        }
        require(
            rows.rank == 2 && rows.shape[0] == classes.count, "\(name)",
            "output \(output.shape) and target \(target.shape) do not fit")
        return (rows, classes)
    }
}

/// How good probabilities of classes are: `[n, classes]` with classes `[n]`, or `[n]` with targets of 0 and 1.
public final class ProbabilityMetric: Metric {
    /// What is computed of the probabilities.
    public enum Kind: String, Sendable {
        /// The mean of `-log p` of the true class; certain mistakes count as those of `2.2e-16`. scikit-learn's
        /// `log_loss`.
        case logLoss = "log_loss"
        /// The squared distance of the probabilities from 1 for the true class and 0 for all others, of two classes
        /// its half. scikit-learn's `brier_score_loss`.
        case brier
    }

    /// `log_loss`, `brier`.
    public let name: String
    private let kind: Kind
    private let output: OutputKind
    private var sum = 0.0
    private var count = 0

    /// A metric over outputs that are logits or probabilities.
    public init(_ kind: Kind, of output: OutputKind = .logits) {
        self.kind = kind
        self.output = output
        name = kind.rawValue
    }

    /// Adds the samples of a batch.
    public func update(_ output: Tensor, _ target: Tensor) {
        let (rows, classes) = self.output.probabilities(output, target, name)
        let right = rows.gather(1, classes.unsqueeze(1))
        switch kind {
        case .logLoss:
            sum -= right.clamp(min: .ulpOfOne, max: 1 - .ulpOfOne).log().sum().item()
        case .brier:
            let squares = rows.square().sum().item() - right.square().sum().item() + (1 - right).square().sum().item()
            sum += rows.shape[1] == 2 ? squares / 2 : squares
        }
        count += classes.count
    }

    /// The mean over all samples so far.
    public func compute() -> Double { count == 0 ? .nan : sum / Double(count) }

    /// Forgets everything.
    public func reset() { (sum, count) = (0, 0) }

    /// The sum, and the number of samples.
    public var state: [Double] {
        get { [sum, Double(count)] }
        set {
            guard newValue.count == 2, newValue[0].isFinite, let saved = [newValue[1]].counts else { return }
            (sum, count) = (newValue[0], saved[0])
        }
    }
}

/// How far the probability of the predicted class lies from how often the prediction is right:
/// `Σ samples(bin) / samples |accuracy(bin) - confidence(bin)|` over bins of equal width.
///
/// Source: Guo et al., "On Calibration of Modern Neural Networks", 2017 (<https://arxiv.org/abs/1706.04599>).
public final class CalibrationError: Metric {
    /// `calibration_error`.
    public let name = "calibration_error"
    private let output: OutputKind
    private var counts: [Double]
    private var correct: [Double]
    private var confidence: [Double]

    /// An error over `bins` bins, each without its lower and with its upper bound.
    public init(bins: Int = 15, of output: OutputKind = .logits) {
        require(bins > 0, "CalibrationError", "at least one bin is needed")
        self.output = output
        (counts, correct, confidence) = (
            Array(repeating: 0, count: bins), Array(repeating: 0, count: bins), Array(repeating: 0, count: bins)
        )
    }

    /// Adds the samples of a batch: `[n, classes]` with classes `[n]`, or `[n]` with targets of 0 and 1.
    public func update(_ output: Tensor, _ target: Tensor) {
        let (rows, classes) = self.output.probabilities(output, target, name)
        let best = rows.max(dim: 1)
        let isRight = (best.indices == classes).array(of: Bool.self)
        for (p, isRight) in zip(best.values.array(of: Double.self), isRight) {
            let bin = min(max(Int((p * Double(counts.count)).rounded(.up)) - 1, 0), counts.count - 1)
            counts[bin] += 1
            correct[bin] += isRight ? 1 : 0
            confidence[bin] += p
        }
    }

    /// The error over all samples so far.
    public func compute() -> Double {
        let total = counts.reduce(0, +)
        return total == 0 ? .nan : zip(correct, confidence).reduce(0) { $0 + abs($1.0 - $1.1) } / total
    }

    /// Forgets everything.
    public func reset() {
        (counts, correct, confidence) = (counts.map { _ in 0 }, counts.map { _ in 0 }, counts.map { _ in 0 })
    }

    /// Samples, right ones and the sum of probabilities of each bin.
    public var state: [Double] {
        get { counts + correct + confidence }
        set {
            let bins = counts.count
            guard newValue.count == 3 * bins, newValue.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return }
            (counts, correct, confidence) = (
                Array(newValue[..<bins]), Array(newValue[bins..<(2 * bins)]), Array(newValue[(2 * bins)...])
            )
        }
    }
}

/// The exponential of the mean cross-entropy: between how many equally likely classes a model of language wavers.
public final class Perplexity: Metric {
    /// `perplexity`.
    public let name = "perplexity"
    private let ignoreIndex: Int
    private var sum = 0.0
    private var count = 0

    /// A perplexity over targets other than `ignoreIndex`.
    public init(ignoreIndex: Int = -100) { self.ignoreIndex = ignoreIndex }

    /// Adds a batch: logits `[…, classes]` with classes `[…]`.
    public func update(_ output: Tensor, _ target: Tensor) {
        require(
            output.rank > 1 && Shape(output.shape.dropLast()) == target.shape, "perplexity",
            "output \(output.shape) and target \(target.shape) do not fit")
        let rows = output.detach().to(.float64).reshape([-1, output.shape[-1]])
        let classes = target.detach().to(.int64).reshape([-1])
        sum += rows.crossEntropyRows(classes, ignoreIndex: ignoreIndex).sum().item()
        count += (classes != ignoreIndex).sum().item(as: Int.self)
    }

    /// The perplexity over everything so far.
    public func compute() -> Double { count == 0 ? .nan : exp(sum / Double(count)) }

    /// Forgets everything.
    public func reset() { (sum, count) = (0, 0) }

    /// The sum of cross-entropies, and the number of targets.
    public var state: [Double] {
        get { [sum, Double(count)] }
        set {
            guard newValue.count == 2, newValue[0].isFinite, let saved = [newValue[1]].counts else { return }
            (sum, count) = (newValue[0], saved[0])
        }
    }
}
