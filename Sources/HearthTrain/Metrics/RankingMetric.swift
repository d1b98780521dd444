import HearthTensor

/// How well scores order samples, whatever the threshold: the area under the ROC curve, or the average precision.
///
/// Of two classes: scores `[n]` or `[n, 1]` with targets of 0 and 1. Of more: scores `[n, classes]` with classes `[n]`,
/// each class against all others. Of labels: scores and targets `[n, labels]`. All scores are kept until `reset`.
public final class RankingMetric: Metric {
    /// What is computed of the order.
    public enum Kind: String, Sendable {
        /// The area under the ROC curve.
        case rocAUC = "roc_auc"
        /// The average precision.
        case averagePrecision = "average_precision"

        func value(_ curve: RankingCurve) -> Double { self == .rocAUC ? curve.rocAUC : curve.averagePrecision }
    }

    /// `roc_auc`; with more than one class also how they are averaged.
    public let name: String
    private let kind: Kind
    private let average: Average
    /// The scores of the classes: one for two classes.
    private var columns = 0
    /// Row by row.
    private var scores: [Double] = []
    private var isPositive: [Bool] = []

    /// A metric whose classes are averaged.
    public init(_ kind: Kind, average: Average = .macro) {
        self.kind = kind
        self.average = average
        name = average == .macro ? kind.rawValue : "\(kind.rawValue)_\(average.rawValue)"
    }

    /// Keeps the scores of a batch.
    public func update(_ output: Tensor, _ target: Tensor) {
        let width = output.rank > 1 ? output.shape[1] : 1
        require(
            columns == 0 || columns == width, "\(name)",
            "a batch of \(width) scores for each sample after one of \(columns)")
        columns = width
        scores += output.detach().to(.float64).array(of: Double.self)
        if width == 1 || target.shape == output.shape {
            isPositive += (target.detach() != 0).array(of: Bool.self)
        } else {
            for label in target.detach().to(.int64).array(of: Int.self) {
                isPositive += (0..<width).map { $0 == label }
            }
        }
        require(
            scores.count == isPositive.count, "\(name)", "output \(output.shape) and target \(target.shape) do not fit")
    }

    /// The value of each class over all samples so far.
    public func computeClasses() -> [Double] { (0..<columns).map { kind.value(curve(of: $0)) } }

    /// How the scores of a class tell its samples from others.
    public func curve(of class: Int = 0) -> RankingCurve {
        let places = stride(from: `class`, to: scores.count, by: max(columns, 1))
        return RankingCurve(scores: places.map { scores[$0] }, isPositive: places.map { isPositive[$0] })
    }

    /// The value over all samples so far; NaN where scikit-learn finds none.
    public func compute() -> Double {
        guard !scores.isEmpty else { return .nan }
        let values = computeClasses()
        switch average {
        case .micro: return kind.value(RankingCurve(scores: scores, isPositive: isPositive))
        case .macro: return values.reduce(0, +) / Double(columns)
        case .weighted:
            // A class without samples has no value, and no weight either.
            let weights = (0..<columns).map { Double(curve(of: $0).positives) }
            let sum = zip(values, weights).reduce(0) { $1.1 == 0 ? $0 : $0 + $1.0 * $1.1 }
            let total = weights.reduce(0, +)
            return total == 0 ? 0 : sum / total
        }
    }

    /// Forgets everything.
    public func reset() {
        columns = 0
        scores = []
        isPositive = []
    }

    /// The number of classes, then all scores, then 1 for each that is of a positive sample.
    public var state: [Double] {
        get { scores.isEmpty ? [] : [Double(columns)] + scores + isPositive.map { $0 ? 1 : 0 } }
        set {
            guard accepts(state: newValue) else { return }
            reset()
            guard let first = newValue.first else { return }
            columns = Int(first)
            let count = newValue.count / 2
            scores = Array(newValue[1...count])
            isPositive = newValue[(count + 1)...].map { $0 != 0 }
        }
    }

    /// True for any whole number of samples.
    public func accepts(state: [Double]) -> Bool {
        guard let first = state.first else { return true }
        guard let columns = Int(exactly: first), columns > 0, state.count % 2 == 1 else { return false }
        let count = state.count / 2
        return count % columns == 0 && state[(count + 1)...].allSatisfy { $0 == 0 || $0 == 1 }
    }
}
