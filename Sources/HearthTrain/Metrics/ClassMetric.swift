import HearthTensor

/// How often a class was recognised and how often not.
struct Outcomes: Sendable, Hashable {
    var truePositives = 0
    var falsePositives = 0
    var falseNegatives = 0
    var trueNegatives = 0

    var support: Int { truePositives + falseNegatives }
    var predicted: Int { truePositives + falsePositives }

    static func + (a: Self, b: Self) -> Self {
        Outcomes(
            truePositives: a.truePositives + b.truePositives, falsePositives: a.falsePositives + b.falsePositives,
            falseNegatives: a.falseNegatives + b.falseNegatives, trueNegatives: a.trueNegatives + b.trueNegatives)
    }
}

/// Precision, recall and their relatives as a streaming metric over classes of which each sample has one.
public final class ClassMetric: Metric {
    /// What is computed of how often a class was recognised.
    public enum Kind: Sendable, Hashable {
        /// Of what was taken for the class, the share that was.
        case precision
        /// Of what was of the class, the share that was found.
        case recall
        /// The harmonic mean of both.
        case f1
        /// The same with recall counting `beta` times as much: `(1 + β²) p r / (β² p + r)`.
        case fBeta(Double)
        /// Of what was not of the class, the share that was not taken for it.
        case specificity
        /// The overlap: hits over all that was of the class or taken for it.
        case jaccard

        /// `f1`, `f2.0`.
        public var name: String {
            switch self {
            case .precision: "precision"
            case .recall: "recall"
            case .f1: "f1"
            case .fBeta(let beta): "f\(beta)"
            case .specificity: "specificity"
            case .jaccard: "jaccard"
            }
        }

        /// The value for one class; 0 where it would be a division by 0, as in scikit-learn.
        func value(_ o: Outcomes) -> Double {
            func ratio(_ part: Double, _ whole: Double) -> Double { whole == 0 ? 0 : part / whole }
            let (hits, wrong, missed) = (
                Double(o.truePositives), Double(o.falsePositives), Double(o.falseNegatives)
            )
            switch self {
            case .precision: return ratio(hits, hits + wrong)
            case .recall: return ratio(hits, hits + missed)
            case .f1: return ratio(2 * hits, 2 * hits + wrong + missed)
            case .fBeta(let beta):
                let square = beta * beta
                return ratio((1 + square) * hits, (1 + square) * hits + square * missed + wrong)
            case .specificity: return ratio(Double(o.trueNegatives), Double(o.trueNegatives) + wrong)
            case .jaccard: return ratio(hits, hits + wrong + missed)
            }
        }

        /// The values of classes made one.
        func value(_ classes: [Outcomes], _ average: Average) -> Double {
            switch average {
            case .micro: return value(classes.reduce(Outcomes(), +))
            case .macro: return classes.isEmpty ? 0 : classes.map(value).reduce(0, +) / Double(classes.count)
            case .weighted:
                let total = classes.reduce(0) { $0 + $1.support }
                return total == 0 ? 0 : classes.reduce(0) { $0 + value($1) * Double($1.support) } / Double(total)
            }
        }
    }

    /// `f1_macro`.
    public let name: String
    private let kind: Kind
    private let average: Average
    private var matrix: ConfusionMatrix

    /// A metric over `classes` classes.
    public init(_ kind: Kind, classes: Int, average: Average = .macro) {
        self.kind = kind
        self.average = average
        name = "\(kind.name)_\(average.rawValue)"
        matrix = ConfusionMatrix(classes: classes)
    }

    /// Counts the samples of a batch: scores `[n, classes]`, or predicted classes `[n]`, and true classes `[n]`.
    public func update(_ output: Tensor, _ target: Tensor) { matrix.update(output, target) }

    /// The value over all samples so far.
    public func compute() -> Double { matrix.total == 0 ? .nan : matrix.value(kind, average) }

    /// The value of each class over all samples so far.
    public func computeClasses() -> [Double] { (0..<matrix.classes).map { matrix.value(kind, $0) } }

    /// Forgets everything.
    public func reset() { matrix = ConfusionMatrix(classes: matrix.classes) }

    /// The counts of the confusion matrix.
    public var state: [Double] {
        get { matrix.counts.map(Double.init) }
        set { matrix.restore(newValue) }
    }
}

/// Precision, recall and their relatives over labels of which each sample has any number.
///
/// A label is predicted when its score is above `threshold`: 0.5 for probabilities, 0 for logits.
public final class MultiLabelMetric: Metric {
    /// `f1_macro`.
    public let name: String
    private let kind: ClassMetric.Kind
    private let average: Average
    private let threshold: Double
    private var outcomes: [Outcomes]

    /// A metric over `labels` labels.
    public init(_ kind: ClassMetric.Kind, labels: Int, average: Average = .macro, threshold: Double = 0.5) {
        self.kind = kind
        self.average = average
        self.threshold = threshold
        name = "\(kind.name)_\(average.rawValue)"
        outcomes = Array(repeating: Outcomes(), count: labels)
    }

    /// Counts the labels of a batch: scores and targets of 0 and 1, both `[n, labels]`.
    public func update(_ output: Tensor, _ target: Tensor) {
        require(
            output.shape == target.shape && output.rank == 2 && output.shape[1] == outcomes.count, "\(name)",
            "output \(output.shape) and target \(target.shape) must be [n, \(outcomes.count)]")
        let predicted = (output.detach() > threshold).array(of: Bool.self)
        let truth = (target.detach() != 0).array(of: Bool.self)
        for (index, pair) in zip(predicted, truth).enumerated() {
            let label = index % outcomes.count
            switch pair {
            case (true, true): outcomes[label].truePositives += 1
            case (true, false): outcomes[label].falsePositives += 1
            case (false, true): outcomes[label].falseNegatives += 1
            case (false, false): outcomes[label].trueNegatives += 1
            }
        }
    }

    /// The value over all samples so far.
    public func compute() -> Double {
        outcomes.allSatisfy { $0 == Outcomes() } ? .nan : kind.value(outcomes, average)
    }

    /// The value of each label over all samples so far.
    public func computeClasses() -> [Double] { outcomes.map(kind.value) }

    /// Forgets everything.
    public func reset() { outcomes = outcomes.map { _ in Outcomes() } }

    /// True and false positives, false and true negatives of each label.
    public var state: [Double] {
        get {
            outcomes.flatMap { [$0.truePositives, $0.falsePositives, $0.falseNegatives, $0.trueNegatives] }
                .map(Double.init)
        }
        set {
            guard let saved = newValue.counts, saved.count == 4 * outcomes.count else { return }
            for label in outcomes.indices {
                outcomes[label] = Outcomes(
                    truePositives: saved[4 * label], falsePositives: saved[4 * label + 1],
                    falseNegatives: saved[4 * label + 2], trueNegatives: saved[4 * label + 3])
            }
        }
    }
}

/// The share of labels, or of samples with one class each, that were predicted wrongly. scikit-learn's `hamming_loss`.
public final class HammingLoss: Metric {
    /// `hamming_loss`.
    public let name = "hamming_loss"
    private let threshold: Double
    private var wrong = 0
    private var count = 0

    /// A loss whose labels are predicted when their score is above `threshold`.
    public init(threshold: Double = 0.5) { self.threshold = threshold }

    /// Counts a batch: scores and targets of 0 and 1, both `[n, labels]`; or scores `[n, classes]` and classes `[n]`.
    public func update(_ output: Tensor, _ target: Tensor) {
        count += target.count
        if output.rank > 1, output.shape == target.shape {
            wrong += ((output.detach() > threshold) != (target.detach() != 0)).sum().item(as: Int.self)
        } else {
            let truth = target.detach().to(.int64).reshape([-1]).array(of: Int.self)
            wrong += zip(output.predictedClasses(), truth).count { $0 != $1 }
        }
    }

    /// The share of what was wrong.
    public func compute() -> Double { count == 0 ? .nan : Double(wrong) / Double(count) }

    /// Forgets everything.
    public func reset() { (wrong, count) = (0, 0) }

    /// How many were wrong, and how many there were.
    public var state: [Double] {
        get { [Double(wrong), Double(count)] }
        set { if let saved = newValue.counts, saved.count == 2 { (wrong, count) = (saved[0], saved[1]) } }
    }
}
