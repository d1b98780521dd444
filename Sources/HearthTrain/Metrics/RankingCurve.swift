import HearthTensor

/// How a score tells positive samples from negative ones at every threshold.
///
///     let curve = RankingCurve(scores: [0.1, 0.4, 0.35, 0.8], isPositive: [false, false, true, true])
///     curve.rocAUC               // 0.75
///     curve.precisionRecall()    // the points of a drawing
public struct RankingCurve: Sendable {
    /// The scores that occur, from high to low.
    public let thresholds: [Double]
    /// The positive samples at each threshold or above.
    public let truePositives: [Int]
    /// The negative samples at each threshold or above.
    public let falsePositives: [Int]

    /// A curve of scores and whether their samples are positive.
    public init(scores: [Double], isPositive: [Bool]) {
        require(
            scores.count == isPositive.count, "RankingCurve", "\(scores.count) scores and \(isPositive.count) targets")
        var thresholds: [Double] = []
        var (hits, alarms) = ([Int](), [Int]())
        var (positive, negative) = (0, 0)
        for index in scores.indices.sorted(by: { scores[$0] > scores[$1] }) {
            if isPositive[index] { positive += 1 } else { negative += 1 }
            if thresholds.last == scores[index] {
                (hits[hits.count - 1], alarms[alarms.count - 1]) = (positive, negative)
            } else {
                thresholds.append(scores[index])
                hits.append(positive)
                alarms.append(negative)
            }
        }
        self.thresholds = thresholds
        truePositives = hits
        falsePositives = alarms
    }

    /// The positive samples.
    public var positives: Int { truePositives.last ?? 0 }
    /// The negative samples.
    public var negatives: Int { falsePositives.last ?? 0 }

    /// The area under the ROC curve: how often a positive sample has a higher score than a negative one, equal scores
    /// counting half. NaN when there is no sample of one kind. scikit-learn's `roc_auc_score`.
    public var rocAUC: Double {
        guard positives > 0, negatives > 0 else { return .nan }
        var area = 0.0
        var before = (hits: 0, alarms: 0)
        for (hits, alarms) in zip(truePositives, falsePositives) {
            area += Double(alarms - before.alarms) * Double(hits + before.hits) / 2
            before = (hits, alarms)
        }
        return area / (Double(positives) * Double(negatives))
    }

    /// The precision at each threshold, weighted by how much recall it brings; 0 without positive samples.
    /// scikit-learn's `average_precision_score`.
    public var averagePrecision: Double {
        guard positives > 0 else { return thresholds.isEmpty ? .nan : 0 }
        var (sum, before) = (0.0, 0)
        for (hits, alarms) in zip(truePositives, falsePositives) {
            sum += Double(hits - before) * Double(hits) / Double(hits + alarms)
            before = hits
        }
        return sum / Double(positives)
    }

    /// The ROC curve, from (0, 0) at an infinite threshold on. scikit-learn's `roc_curve`.
    ///
    /// - Parameter dropIntermediate: Leaves out points on the line between their neighbours.
    public func roc(
        dropIntermediate: Bool = true
    ) -> (falsePositiveRates: [Double], truePositiveRates: [Double], thresholds: [Double]) {
        let kept = thresholds.indices.filter { index in
            guard dropIntermediate, index > 0, index < thresholds.count - 1 else { return true }
            func bend(_ counts: [Int]) -> Int { counts[index + 1] - 2 * counts[index] + counts[index - 1] }
            return bend(truePositives) != 0 || bend(falsePositives) != 0
        }
        func rates(_ counts: [Int], _ whole: Int) -> [Double] {
            [0] + kept.map { Double(counts[$0]) }
        }
        return (
            rates(falsePositives, negatives).map { $0 / Double(negatives) },
            rates(truePositives, positives).map { $0 / Double(positives) },
            [.infinity] + kept.map { thresholds[$0] }
        )
    }

    /// The precision–recall curve, from the lowest threshold on, and the point (1, 0) at the end, which has none.
    /// scikit-learn's `precision_recall_curve`.
    public func precisionRecall() -> (precision: [Double], recall: [Double], thresholds: [Double]) {
        let order = thresholds.indices.reversed()
        return (
            order.map { Double(truePositives[$0]) / Double(truePositives[$0] + falsePositives[$0]) } + [1],
            order.map { positives == 0 ? 1 : Double(truePositives[$0]) / Double(positives) } + [0],
            order.map { thresholds[$0] }
        )
    }
}
