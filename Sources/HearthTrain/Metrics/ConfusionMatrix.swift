import HearthTensor

/// How often samples of each class were taken for each class: rows are true classes, columns predicted ones.
public struct ConfusionMatrix: Sendable, Hashable {
    /// The number of classes.
    public let classes: Int
    /// Counts, row by row.
    public private(set) var counts: [Int]

    /// No samples yet.
    public init(classes: Int) {
        guard classes > 0 else { fatalError("ConfusionMatrix: at least one class is needed") }
        self.classes = classes
        counts = Array(repeating: 0, count: classes * classes)
    }

    /// Takes in scores `[n, classes]`, or predicted classes `[n]`, and true classes `[n]`.
    public mutating func update(_ output: Tensor, _ target: Tensor) {
        let truth = target.detach().to(.int64).reshape([-1]).array(of: Int.self)
        for (predicted, true_) in zip(output.predictedClasses(), truth) {
            guard (0..<classes).contains(true_), (0..<classes).contains(predicted) else {
                fatalError("ConfusionMatrix: class \(true_) predicted as \(predicted); there are \(classes) classes")
            }
            counts[true_ * classes + predicted] += 1
        }
    }

    /// How often samples of class `truth` were taken for class `predicted`.
    public subscript(truth: Int, predicted: Int) -> Int { counts[truth * classes + predicted] }

    /// All samples.
    public var total: Int { counts.reduce(0, +) }

    /// The samples of a class.
    public func support(_ class: Int) -> Int { (0..<classes).reduce(0) { $0 + self[`class`, $1] } }

    /// How often a class was predicted.
    public func predicted(_ class: Int) -> Int { (0..<classes).reduce(0) { $0 + self[$1, `class`] } }

    /// The share of samples on the diagonal.
    public var accuracy: Double { ratio((0..<classes).reduce(0) { $0 + self[$1, $1] }, total) }

    /// Of the samples taken for a class, the share that were of it; 0 when there were none, as in scikit-learn.
    public func precision(_ class: Int) -> Double { ratio(self[`class`, `class`], predicted(`class`)) }

    /// Of the samples of a class, the share that were taken for it; 0 when there were none.
    public func recall(_ class: Int) -> Double { ratio(self[`class`, `class`], support(`class`)) }

    /// The harmonic mean of precision and recall.
    public func f1(_ class: Int) -> Double {
        ratio(2 * self[`class`, `class`], support(`class`) + predicted(`class`))
    }

    /// The precision of all classes in one number.
    public func precision(_ average: Average) -> Double { averaged(average, precision) }
    /// The recall of all classes in one number.
    public func recall(_ average: Average) -> Double { averaged(average, recall) }
    /// The F1 of all classes in one number.
    public func f1(_ average: Average) -> Double { averaged(average, f1) }

    private func averaged(_ average: Average, _ value: (Int) -> Double) -> Double {
        // As in scikit-learn a class counts when it occurs in truth or prediction.
        let present = (0..<classes).filter { support($0) + predicted($0) > 0 }
        switch average {
        case .micro: return accuracy
        case .macro: return present.isEmpty ? 0 : present.map(value).reduce(0, +) / Double(present.count)
        case .weighted:
            return total == 0 ? 0 : present.reduce(0) { $0 + value($1) * Double(support($1)) } / Double(total)
        }
    }

    private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

    /// Sets the counts to saved ones of the same number of classes.
    mutating func restore(_ saved: [Double]) {
        if let saved = saved.counts, saved.count == counts.count { counts = saved }
    }
}

/// Precision, recall or F1 as a streaming metric.
public final class ClassMetric: Metric {
    /// What is computed of the confusion matrix.
    public enum Kind: String, Sendable { case precision, recall, f1 }

    /// `f1_macro`.
    public let name: String
    private let kind: Kind
    private let average: Average
    private var matrix: ConfusionMatrix

    /// A metric over `classes` classes.
    public init(_ kind: Kind, classes: Int, average: Average = .macro) {
        self.kind = kind
        self.average = average
        name = "\(kind.rawValue)_\(average.rawValue)"
        matrix = ConfusionMatrix(classes: classes)
    }

    /// Counts the samples of a batch.
    public func update(_ output: Tensor, _ target: Tensor) { matrix.update(output, target) }

    /// The value over all samples so far.
    public func compute() -> Double {
        guard matrix.total > 0 else { return .nan }
        switch kind {
        case .precision: return matrix.precision(average)
        case .recall: return matrix.recall(average)
        case .f1: return matrix.f1(average)
        }
    }

    /// Forgets everything.
    public func reset() { matrix = ConfusionMatrix(classes: matrix.classes) }

    /// The counts of the confusion matrix.
    public var state: [Double] {
        get { matrix.counts.map(Double.init) }
        set { matrix.restore(newValue) }
    }
}
