import HearthFormats
import HearthTensor
import Testing

import HearthTrain

/// Metrics against scikit-learn's.
@Suite struct MetricTests {
    private struct Case {
        let json: JSON
        let scores: Tensor
        let target: Tensor

        init(_ json: JSON) throws {
            self.json = json
            let classes = try #require(json["target"]?.integers)
            let numbers = try #require(json["scores"]?.numbers).map { Float($0) }
            target = Tensor(classes)
            scores = Tensor(numbers, shape: [classes.count, 5])
        }

        var name: String { json["name"]?.string ?? "" }

        func expect(_ value: Double, _ key: String) {
            let expected = json[key]?.double ?? .nan
            #expect(abs(value - expected) < 1e-12, "\(name) \(key): \(value), expected \(expected)")
        }
    }

    private func cases() throws -> [Case] {
        try #require(try Golden.json("metrics.json")["classification"]?.array).map(Case.init)
    }

    /// Feeds a metric in batches of odd sizes.
    private func measure(_ metric: some Metric, _ sample: Case) -> Double {
        var start = 0
        let count = sample.target.count
        while start < count {
            let end = min(start + 1 + start % 37, count)
            metric.update(sample.scores[start..<end], sample.target[start..<end])
            start = end
        }
        return metric.compute()
    }

    @Test func agreesWithScikitLearn() throws {
        for sample in try cases() {
            sample.expect(measure(Accuracy(), sample), "accuracy")
            for k in 2...3 { sample.expect(measure(Accuracy(topK: k), sample), "top\(k)") }
            for kind in [ClassMetric.Kind.precision, .recall, .f1] {
                for average in Average.allCases {
                    let metric = ClassMetric(kind, classes: 5, average: average)
                    sample.expect(measure(metric, sample), metric.name)
                }
            }
        }
    }

    @Test func countsTheConfusionMatrix() throws {
        for sample in try cases() {
            var matrix = ConfusionMatrix(classes: 5)
            matrix.update(sample.scores, sample.target)
            #expect(matrix.counts == sample.json["matrix"]?.integers, "\(sample.name)")
            sample.expect(matrix.accuracy, "accuracy")
            for (key, value) in [
                ("precision_classes", matrix.precision as (Int) -> Double), ("recall_classes", matrix.recall),
                ("f1_classes", matrix.f1),
            ] {
                let expected = sample.json[key]?.numbers ?? []
                #expect(zip((0..<5).map(value), expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(sample.name) \(key)")
            }
            #expect(matrix.total == sample.target.count)
            #expect((0..<5).map(matrix.support).reduce(0, +) == matrix.total)
            #expect((0..<5).map(matrix.predicted).reduce(0, +) == matrix.total)
        }
    }

    @Test func takesPredictedClasses() {
        var matrix = ConfusionMatrix(classes: 3)
        matrix.update(Tensor([0, 1, 2, 2]), Tensor([0, 2, 2, 1]))
        #expect(matrix.counts == [1, 0, 0, 0, 0, 1, 0, 1, 1])
    }

    @Test func writesTheReportOfScikitLearn() throws {
        let names = ["ant", "bee", "caterpillar", "dog", "eel"]
        var compared = 0
        for sample in try cases() {
            guard let expected = sample.json["report"]?.string else { continue }
            var matrix = ConfusionMatrix(classes: 5)
            matrix.update(sample.scores, sample.target)
            let report = ClassificationReport(matrix, names: names).description
            #expect(words(report) == words(expected), "\(sample.name)")
            compared += 1
        }
        #expect(compared >= 3)
    }

    /// The words of each line that is not empty; the spaces between them are Hearth's own.
    private func words(_ text: String) -> [[Substring]] {
        text.split(separator: "\n").map { $0.split(separator: " ") }.filter { !$0.isEmpty }
    }

    @Test func drawsTheMatrix() {
        var matrix = ConfusionMatrix(classes: 2)
        matrix.update(Tensor([0, 1, 1, 1]), Tensor([0, 1, 1, 0]))
        let drawing = ClassificationReport(matrix, names: ["no", "yes"]).matrixDescription
        #expect(
            drawing == """
                 true │  no yes  predicted
                ──────┼────────
                   no │   1   1
                  yes │   ·   2
                """)
    }

    @Test func measuresErrors() throws {
        let golden = try #require(try Golden.json("metrics.json")["regression"])
        func tensor(_ key: String) throws -> Tensor {
            Tensor(try #require(golden[key]?.numbers).map { Float($0) }, shape: [30, 3])
        }
        let (output, target) = (try tensor("output"), try tensor("target"))
        for kind in [MeanError.Kind.squared, .absolute] {
            let metric = MeanError(kind)
            #expect(metric.compute().isNaN)
            metric.update(output[0..<11], target[0..<11])
            metric.update(output[11..<30], target[11..<30])
            #expect(abs(metric.compute() - (golden[metric.name]?.double ?? .nan)) < 1e-6)
            metric.reset()
            #expect(metric.compute().isNaN)
        }
    }

    @Test func goesOnFromItsState() throws {
        let sample = try cases()[0]
        let error = MeanError(.squared)
        error.update(sample.scores, sample.scores + 1)
        let metrics: [(any Metric, any Metric)] = [
            (Accuracy(), Accuracy()), (Accuracy(topK: 2), Accuracy(topK: 2)),
            (ClassMetric(.f1, classes: 5), ClassMetric(.f1, classes: 5)),
        ]
        for (whole, half) in metrics {
            whole.update(sample.scores, sample.target)
            half.update(sample.scores[0..<50], sample.target[0..<50])
            let state = half.state
            half.reset()
            #expect(half.compute().isNaN)
            half.state = state
            half.update(sample.scores[50..<200], sample.target[50..<200])
            #expect(half.compute() == whole.compute())
        }
        let again = MeanError(.squared)
        again.state = error.state
        #expect(again.compute() == error.compute())
    }

    @Test func leavesWhatIsNoStateAlone() {
        let metrics: [any Metric] = [Accuracy(), MeanError(.absolute), ClassMetric(.recall, classes: 2)]
        for metric in metrics {
            let before = metric.state
            for broken in [[], [.nan, .nan], [1e300, -.infinity], [0.5, 0.5, 0.5, 0.5], [-1, -1, -1, -1]] as [[Double]]
            {
                metric.state = broken
                #expect(metric.state == before)
            }
        }
    }

    @Test func roundsNumbersInReports() {
        #expect(0.0005.fixed(3) == "0.001")
        #expect((-0.0001).fixed(3) == "0.000")
        #expect((-1.5).fixed(1) == "-1.5")
        #expect(2.5.fixed(0) == "3")
        #expect(Double.nan.fixed(3) == "nan")
        #expect(Double.infinity.fixed(3) == "inf")
        #expect(12.0.fixed(2) == "12.00")
    }
}
