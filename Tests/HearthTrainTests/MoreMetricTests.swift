import HearthFormats
import HearthTensor
import Testing

import HearthTrain

/// The metrics of `Tests/Goldens/make_more_metrics.py` against scikit-learn's.
@Suite struct MoreMetricTests {
    private struct Case {
        let json: JSON
        var name: String { json["name"]?.string ?? "" }
        func tensor(_ key: String, _ shape: Shape) throws -> Tensor {
            Tensor(try #require(json[key]?.numbers), shape: shape)
        }
        func count(_ key: String) -> Int { json[key]?.array?.count ?? 0 }

        /// `null` stands for no number.
        func expect(_ value: Double, _ key: String) {
            let expected = json[key]?.double
            #expect(json[key] != nil, "\(name) has no \(key)")
            let isClose = expected.map { abs(value - $0) <= 1e-9 * max(1, abs($0)) } ?? value.isNaN
            #expect(isClose, "\(name) \(key): \(value), expected \(String(describing: expected))")
        }

        func expect(_ values: [Double], _ expected: JSON?) {
            let numbers = expected?.array?.map { $0.double ?? .nan } ?? []
            let isClose = zip(values, numbers).allSatisfy { abs($0 - $1) < 1e-9 || ($0.isNaN && $1.isNaN) }
            #expect(values.count == numbers.count && isClose, "\(name): \(values), expected \(numbers)")
        }
    }

    private func cases(_ key: String) throws -> [Case] {
        try #require(try Golden.json("more_metrics.json")[key]?.array).map(Case.init)
    }

    /// Feeds a metric in batches of odd sizes, with its state saved and set again in between.
    private func measure(_ metric: any Metric, _ output: Tensor, _ target: Tensor) -> Double {
        #expect(metric.compute().isNaN, "\(metric.name)")
        var start = 0
        while start < target.shape[0] {
            let end = min(start + 1 + start % 7, target.shape[0])
            metric.update(output[start..<end], target[start..<end])
            let state = metric.state
            metric.reset()
            #expect(metric.compute().isNaN && metric.accepts(state: state), "\(metric.name)")
            metric.state = state
            start = end
        }
        return metric.compute()
    }

    @Test func measuresClasses() throws {
        let kinds: [ClassMetric.Kind] = [.fBeta(2), .fBeta(0.5), .jaccard, .specificity]
        for sample in try cases("classes") {
            let target = try sample.tensor("target", [sample.count("target")]).to(.int64)
            let scores = try sample.tensor("scores", [target.count, 4])
            func expect(_ metric: any Metric, _ key: String) {
                sample.expect(measure(metric, scores, target), key)
            }
            for average in Average.allCases {
                for kind in kinds {
                    let metric = ClassMetric(kind, classes: 4, average: average)
                    expect(metric, metric.name)
                }
                let probabilities = scores.softmax(dim: 1)
                for kind in [RankingMetric.Kind.rocAUC, .averagePrecision] {
                    let metric = RankingMetric(kind, average: average)
                    sample.expect(measure(metric, probabilities, target), "\(kind.rawValue)_\(average.rawValue)")
                }
            }
            expect(.balancedAccuracy(classes: 4), "balanced_accuracy")
            expect(.cohenKappa(classes: 4), "cohen_kappa_None")
            expect(.cohenKappa(classes: 4, weights: .linear), "cohen_kappa_linear")
            expect(.cohenKappa(classes: 4, weights: .quadratic), "cohen_kappa_quadratic")
            expect(.matthewsCorrelation(classes: 4), "matthews")
            expect(HammingLoss(), "hamming_loss")
            expect(ProbabilityMetric(.logLoss), "log_loss")
            expect(ProbabilityMetric(.brier), "brier")
            expect(CalibrationError(), "calibration_error")
            expect(Perplexity(), "perplexity")
            sample.expect(
                measure(ProbabilityMetric(.logLoss, of: .probabilities), scores.softmax(dim: 1), target), "log_loss")
            var matrix = ConfusionMatrix(classes: 4)
            matrix.update(scores, target)
            for (key, kind) in [("true", ConfusionMatrix.Normalization.truth), ("pred", .predicted), ("all", .all)] {
                sample.expect(Array(matrix.normalized(kind).joined()), sample.json["normalized_\(key)"])
            }
        }
    }

    @Test func measuresTwoClasses() throws {
        for sample in try cases("binary") {
            let target = try sample.tensor("target", [sample.count("target")]).to(.int64)
            let scores = try sample.tensor("scores", [target.count])
            let auc = RankingMetric(.rocAUC)
            sample.expect(measure(auc, scores, target), "roc_auc")
            sample.expect(measure(RankingMetric(.averagePrecision), scores.unsqueeze(1), target), "average_precision")
            sample.expect(measure(ProbabilityMetric(.logLoss), scores, target), "log_loss")
            sample.expect(measure(ProbabilityMetric(.brier), scores.unsqueeze(1), target), "brier")
            let curve = auc.curve()
            for (key, roc) in [("roc", curve.roc()), ("roc_full", curve.roc(dropIntermediate: false))] {
                let golden = sample.json[key]?.array
                sample.expect(roc.falsePositiveRates, golden?[0])
                sample.expect(roc.truePositiveRates, golden?[1])
                #expect(roc.thresholds[0] == .infinity)
                sample.expect(Array(roc.thresholds.dropFirst()), golden?[2])
            }
            let (precision, recall, thresholds) = curve.precisionRecall()
            let golden = sample.json["precision_recall"]?.array
            sample.expect(precision, golden?[0])
            sample.expect(recall, golden?[1])
            sample.expect(thresholds, golden?[2])
        }
    }

    @Test func measuresLabels() throws {
        let kinds: [ClassMetric.Kind] = [.precision, .recall, .f1, .fBeta(2), .jaccard]
        for sample in try cases("labels") {
            let target = try sample.tensor("target", [sample.count("target") / 3, 3])
            let scores = try sample.tensor("scores", target.shape)
            for average in Average.allCases {
                for kind in kinds {
                    let metric = MultiLabelMetric(kind, labels: 3, average: average)
                    sample.expect(measure(metric, scores, target), metric.name)
                    if kind == .f1 { sample.expect(metric.computeClasses(), sample.json["f1_labels"]) }
                }
                for kind in [RankingMetric.Kind.rocAUC, .averagePrecision] {
                    let metric = RankingMetric(kind, average: average)
                    sample.expect(measure(metric, scores, target), "\(kind.rawValue)_\(average.rawValue)")
                }
            }
            sample.expect(measure(HammingLoss(), scores, target), "hamming_loss")
        }
    }

    @Test func measuresNumbers() throws {
        for sample in try cases("regression") {
            let width = try #require(sample.json["outputs"]?.int)
            let count = sample.count("target") / width
            let shape: Shape = width == 1 ? [count] : [count, width]
            let (target, output) = (try sample.tensor("target", shape), try sample.tensor("output", shape))
            var metrics: [any Metric] = [
                MeanError(.squared), MeanError(.absolute), MeanError(.percentage), RegressionMetric(.rootMeanSquared),
                RegressionMetric(.r2), RegressionMetric(.explainedVariance), RegressionMetric(.maximum),
                MedianAbsoluteError(),
            ]
            if sample.json["msle"] != nil { metrics.append(MeanError(.squaredLog)) }
            for metric in metrics { sample.expect(measure(metric, output, target), metric.name) }
        }
    }

    @Test func ignoresTargets() {
        let logits = Tensor.randn([2, 3, 5], generator: Generator(seed: 1))
        let (all, some) = (Perplexity(), Perplexity(ignoreIndex: 0))
        all.update(logits[0], Tensor([1, 2, 4]))
        some.update(logits, Tensor([[1, 2, 4], [0, 0, 0]]))
        #expect(abs(all.compute() - some.compute()) < 1e-12)
    }

    @Test func leavesWhatIsNoStateAlone() {
        let metrics: [any Metric] = [
            RankingMetric(.rocAUC), RegressionMetric(.r2), MedianAbsoluteError(), ProbabilityMetric(.brier),
            CalibrationError(bins: 2), Perplexity(), HammingLoss(), MultiLabelMetric(.f1, labels: 2),
            .balancedAccuracy(classes: 2),
        ]
        for metric in metrics {
            let before = metric.state
            for broken in [[0, 1, 2], [-1, 1, 0], [.nan, .nan], [2.5, 1, 1], [0.5, 0.5]] as [[Double]] {
                metric.state = broken
                #expect(metric.state == before, "\(metric.name) \(broken)")
            }
        }
    }

    @Test func aNarrowReportFits() {
        var matrix = ConfusionMatrix(classes: 3)
        matrix.update(Tensor([0, 1, 2, 2, 1]), Tensor([0, 1, 2, 1, 1]))
        let report = ClassificationReport(matrix, names: ["a", "a class with a long name", "c"])
        #expect(report.table(columns: 200) == report.description)
        for columns in [40, 60] {
            let lines = report.table(columns: columns).split(separator: "\n")
            #expect(lines.count == 7 && lines.allSatisfy { $0.count <= columns }, "\(lines)")
        }
    }
}
