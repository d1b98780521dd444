import HearthNN
import HearthTensor
import HearthTrain

/// What a classifier has made of samples whose classes are known, to draw: curves of single classes, and mistakes.
public struct ClassPredictions: Sendable {
    /// The names of the classes.
    public let names: [String]
    /// The class of each sample.
    public let targets: [Int]
    /// The class that each sample was taken for.
    public let predicted: [Int]
    /// `[n, classes]`, float64: rows add up to 1.
    private let probabilities: [Double]

    /// What came of scores `[n, classes]`, as `CrossEntropyLoss` takes them, for samples of classes `targets` `[n]`.
    public init(scores: Tensor, targets: Tensor, names: [String]) {
        guard scores.rank == 2, scores.shape[0] == targets.count, scores.shape[1] == names.count else {
            fatalError(
                "ClassPredictions: \(scores.shape) scores for \(targets.shape) targets of \(names.count) classes")
        }
        self.names = names
        self.targets = targets.detach().to(.int64).array(of: Int.self)
        let shares = noGrad { scores.detach().to(.float64).softmax(dim: 1) }
        predicted = shares.argmax(dim: 1).array(of: Int.self)
        probabilities = shares.array(of: Double.self)
    }

    /// How probable a sample was held to be of a class.
    public func probability(sample: Int, class: Int) -> Double { probabilities[sample * names.count + `class`] }

    /// How well a class is told from all others.
    public func ranking(of class: Int) -> RankingCurve {
        RankingCurve(
            scores: targets.indices.map { probability(sample: $0, class: `class`) },
            isPositive: targets.map { $0 == `class` })
    }

    /// The samples that were taken for another class, those first that were held to be of their own least.
    public var mistakes: [Int] {
        func ownShare(_ sample: Int) -> Double { probability(sample: sample, class: targets[sample]) }
        return targets.indices.filter { predicted[$0] != targets[$0] }.sorted { ownShare($0) < ownShare($1) }
    }
}

extension Page {
    /// What a classifier has found in a test, class by class: measures, the confusion matrix, ROC and precision–recall, and
    /// the worst mistakes where `picture` gives samples as images `[C, H, W]`.
    public mutating func classification(
        _ predictions: ClassPredictions, matrix: ConfusionMatrix, picture: ((_ sample: Int) -> Tensor)? = nil
    ) {
        table(
            ["class", "precision", "recall", "F1", "samples"],
            predictions.names.enumerated().map { index, name in
                [name] + [matrix.precision(index), matrix.recall(index), matrix.f1(index)].map { $0.fixed(4) }
                    + [String(matrix.support(index))]
            })
        charts([ConfusionMatrixChart(matrix, names: predictions.names)] + Self.rankings(predictions))
        guard let picture, !predictions.mistakes.isEmpty else { return }
        section("Worst mistakes")
        let worst = predictions.mistakes.prefix(24).map { sample in
            let (truth, taken) = (predictions.targets[sample], predictions.predicted[sample])
            let share = predictions.probability(sample: sample, class: taken)
            return PictureChart.Captioned(
                picture(sample), [predictions.names[truth], "\(predictions.names[taken]) \((share * 100).fixed(0))%"])
        }
        paragraph(
            "What it is, and what it was taken for at which probability; those first whose own class seemed least likely."
        )
        pictures(worst)
    }

    /// Of two classes the second, of a few all, of many those that are told worst.
    private static func rankings(_ predictions: ClassPredictions) -> [any Chart] {
        let names = predictions.names
        let classes = names.count == 2 ? [1] : Array(names.indices)
        let limit = 6
        let curves = classes.map { (name: names[$0], curve: predictions.ranking(of: $0)) }
            .filter { $0.curve.positives > 0 && $0.curve.negatives > 0 }
        guard !curves.isEmpty else { return [] }
        let hardest = Array(curves.sorted { $0.curve.rocAUC < $1.curve.rocAUC }.prefix(limit))
        let more = curves.count > limit ? ", the \(limit) hardest classes" : ""
        return [
            LineChart.roc(hardest, title: "ROC" + more),
            LineChart.precisionRecall(hardest, title: "Precision and recall" + more),
        ]
    }
}
