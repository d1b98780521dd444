import HearthTensor

/// How often samples of each class were taken for each class: rows are true classes, columns predicted ones.
public struct ConfusionMatrix: Sendable, Hashable {
    /// The number of classes.
    public let classes: Int
    /// Counts, row by row.
    public private(set) var counts: [Int]

    /// No samples yet.
    public init(classes: Int) {
        require(classes > 0, "ConfusionMatrix", "at least one class is needed")
        self.classes = classes
        counts = Array(repeating: 0, count: classes * classes)
    }

    /// Takes in scores `[n, classes]`, or predicted classes `[n]`, and true classes `[n]`.
    public mutating func update(_ output: Tensor, _ target: Tensor) {
        let truth = target.detach().to(.int64).reshape([-1]).array(of: Int.self)
        for (predicted, true_) in zip(output.predictedClasses(), truth) {
            require(
                (0..<classes).contains(true_) && (0..<classes).contains(predicted), "ConfusionMatrix",
                "class \(true_) predicted as \(predicted); there are \(classes) classes")
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
    public func precision(_ class: Int) -> Double { value(.precision, `class`) }

    /// Of the samples of a class, the share that were taken for it; 0 when there were none.
    public func recall(_ class: Int) -> Double { value(.recall, `class`) }

    /// The harmonic mean of precision and recall.
    public func f1(_ class: Int) -> Double { value(.f1, `class`) }

    /// The precision of all classes in one number.
    public func precision(_ average: Average) -> Double { value(.precision, average) }
    /// The recall of all classes in one number.
    public func recall(_ average: Average) -> Double { value(.recall, average) }
    /// The F1 of all classes in one number.
    public func f1(_ average: Average) -> Double { value(.f1, average) }

    /// A measure of one class against all others; 0 where it would be a division by 0.
    public func value(_ kind: ClassMetric.Kind, _ class: Int) -> Double { kind.value(outcomes(`class`)) }

    /// A measure of all classes in one number. As in scikit-learn a class counts when it occurs in truth or prediction.
    public func value(_ kind: ClassMetric.Kind, _ average: Average) -> Double {
        kind.value((0..<classes).map(outcomes).filter { $0.support + $0.predicted > 0 }, average)
    }

    /// What came of one class against all others.
    func outcomes(_ class: Int) -> Outcomes {
        let hits = self[`class`, `class`]
        let (support, predicted) = (support(`class`), predicted(`class`))
        return Outcomes(
            truePositives: hits, falsePositives: predicted - hits, falseNegatives: support - hits,
            trueNegatives: total - support - predicted + hits)
    }

    private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

    /// Sets the counts to saved ones of the same number of classes.
    mutating func restore(_ saved: [Double]) {
        if let saved = saved.counts, saved.count == counts.count { counts = saved }
    }
}
