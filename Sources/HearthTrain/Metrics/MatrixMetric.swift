import HearthTensor

extension ConfusionMatrix {
    /// What the counts are divided by.
    public enum Normalization: Sendable {
        /// The samples of each class: rows add up to 1.
        case truth
        /// The samples taken for each class: columns add up to 1.
        case predicted
        /// All samples.
        case all
    }

    /// The counts as shares, row by row; 0 where there are no samples. scikit-learn's `normalize`.
    public func normalized(_ normalization: Normalization) -> [[Double]] {
        (0..<classes).map { truth in
            (0..<classes).map { predicted in
                let whole =
                    switch normalization {
                    case .truth: support(truth)
                    case .predicted: self.predicted(predicted)
                    case .all: total
                    }
                return whole == 0 ? 0 : Double(self[truth, predicted]) / Double(whole)
            }
        }
    }

    /// The mean recall of the classes that occur. scikit-learn's `balanced_accuracy_score`.
    public var balancedAccuracy: Double {
        let recalls = (0..<classes).filter { support($0) > 0 }.map { recall($0) }
        return recalls.isEmpty ? .nan : recalls.reduce(0, +) / Double(recalls.count)
    }

    /// How far two classes are apart in Cohen's kappa.
    public enum KappaWeights: Sendable {
        /// All the same.
        case none
        /// By the difference of their numbers.
        case linear
        /// By its square.
        case quadratic
    }

    /// How much better than chance truth and prediction agree: `1 - Σ w observed / Σ w expected`; NaN when chance
    /// cannot disagree. scikit-learn's `cohen_kappa_score`.
    public func cohenKappa(weights: KappaWeights = .none) -> Double {
        var (observed, expected) = (0.0, 0.0)
        for truth in 0..<classes {
            for predicted in 0..<classes where truth != predicted {
                let distance = Double(abs(truth - predicted))
                let weight =
                    switch weights {
                    case .none: 1.0
                    case .linear: distance
                    case .quadratic: distance * distance
                    }
                observed += weight * Double(self[truth, predicted])
                expected += weight * Double(support(truth)) * Double(self.predicted(predicted))
            }
        }
        return 1 - observed * Double(total) / expected
    }

    /// The correlation of truth and prediction, from -1 to 1; 0 when either is always the same. scikit-learn's
    /// `matthews_corrcoef`.
    public var matthewsCorrelation: Double {
        let all = Double(total)
        let hits = (0..<classes).reduce(0.0) { $0 + Double(self[$1, $1]) }
        let trueCounts = (0..<classes).map { Double(support($0)) }
        let predictedCounts = (0..<classes).map { Double(predicted($0)) }
        func sumOfProducts(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        let covariance = hits * all - sumOfProducts(trueCounts, predictedCounts)
        let spread =
            (all * all - sumOfProducts(predictedCounts, predictedCounts))
            * (all * all - sumOfProducts(trueCounts, trueCounts))
        return spread == 0 ? 0 : covariance / spread.squareRoot()
    }
}

/// Any number that follows from the confusion matrix, as a streaming metric.
public final class MatrixMetric: Metric {
    /// The name in logs.
    public let name: String
    private let value: (ConfusionMatrix) -> Double
    private var matrix: ConfusionMatrix

    /// A metric over `classes` classes, by any function of the matrix.
    public init(_ name: String, classes: Int, value: @escaping (ConfusionMatrix) -> Double) {
        self.name = name
        self.value = value
        matrix = ConfusionMatrix(classes: classes)
    }

    /// Counts the samples of a batch: scores `[n, classes]`, or predicted classes `[n]`, and true classes `[n]`.
    public func update(_ output: Tensor, _ target: Tensor) { matrix.update(output, target) }

    /// The value over all samples so far.
    public func compute() -> Double { matrix.total == 0 ? .nan : value(matrix) }

    /// Forgets everything.
    public func reset() { matrix = ConfusionMatrix(classes: matrix.classes) }

    /// The counts of the confusion matrix.
    public var state: [Double] {
        get { matrix.counts.map(Double.init) }
        set { matrix.restore(newValue) }
    }
}

extension Metric where Self == MatrixMetric {
    /// The mean recall of the classes that occur.
    public static func balancedAccuracy(classes: Int) -> MatrixMetric {
        MatrixMetric("balanced_accuracy", classes: classes, value: \.balancedAccuracy)
    }

    /// Cohen's kappa.
    public static func cohenKappa(classes: Int, weights: ConfusionMatrix.KappaWeights = .none) -> MatrixMetric {
        MatrixMetric("cohen_kappa", classes: classes) { $0.cohenKappa(weights: weights) }
    }

    /// Matthews' correlation coefficient.
    public static func matthewsCorrelation(classes: Int) -> MatrixMetric {
        MatrixMetric("matthews", classes: classes, value: \.matthewsCorrelation)
    }
}
