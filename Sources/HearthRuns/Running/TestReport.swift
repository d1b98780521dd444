import Hearth

/// How good a model is on samples that it was not trained on, and what it has made of each.
package struct TestReport {
    /// The measures.
    enum Findings {
        case classes(ClassificationReport)
        case numbers(RegressionReport)
    }

    let findings: Findings
    /// The scores of the classes or the predicted numbers, sample by sample.
    let outputs: Tensor
    /// The classes or numbers that they should be.
    let targets: Tensor

    /// Measures a model on batches of inputs and targets.
    package static func measure<Data: Dataset>(
        _ model: any Layer, _ loader: DataLoader<Data, (Tensor, Tensor)>, _ run: RunConfiguration
    ) async throws -> TestReport {
        model.eval()
        var (outputs, targets) = ([Tensor](), [Tensor]())
        for try await (inputs, truth) in loader {
            outputs.append(noGrad { model(inputs.to(.default)).cpu() })
            targets.append(truth)
        }
        return TestReport(Tensor.cat(outputs), Tensor.cat(targets), run)
    }

    private init(_ outputs: Tensor, _ targets: Tensor, _ run: RunConfiguration) {
        (self.outputs, self.targets) = (outputs, targets)
        if run.isRegression {
            let metrics = RegressionReport.metrics
            for metric in metrics { metric.update(outputs, targets) }
            findings = .numbers(
                RegressionReport(samples: targets.shape[0], values: metrics.map { ($0.name, $0.compute()) }))
        } else {
            var matrix = ConfusionMatrix(classes: run.classes.count)
            matrix.update(outputs, targets)
            findings = .classes(ClassificationReport(matrix, names: run.classes))
        }
    }

    package var samples: Int {
        switch findings {
        case .classes(let report): report.matrix.total
        case .numbers(let report): report.samples
        }
    }

    /// For people.
    package var text: String {
        switch findings {
        case .classes(let report):
            "\(report.table(columns: Terminal.current?.columns ?? 80))\n\n\(report.matrixDescription)"
        case .numbers(let report): report.description
        }
    }

    /// The numbers, whose names begin with `prefix`.
    func values(prefix: String = "", all: Bool = true) -> [(name: String, value: Double)] {
        let values: [(String, Double)] =
            switch findings {
            case .classes(let report):
                [("accuracy", report.matrix.accuracy)]
                    + (all
                        ? [("precision", report.matrix.precision(.macro)), ("recall", report.matrix.recall(.macro))]
                        : []) + [("f1", report.matrix.f1(.macro))]
            case .numbers(let report): report.values
            }
        return values.map { (name: prefix + $0.0, value: $0.1) }
    }

    /// The same for scripts.
    package func json(prefix: String = "", all: Bool = true) -> [(key: String, value: JSON)] {
        values(prefix: prefix, all: all).map { (key: $0.name, value: .number($0.value)) }
    }
}

/// The errors of predicted numbers, in the target's own units.
struct RegressionReport: CustomStringConvertible {
    let samples: Int
    let values: [(name: String, value: Double)]

    static var metrics: [any Metric] {
        [RegressionMetric(.rootMeanSquared), MeanError(.absolute), RegressionMetric(.r2)]
    }

    private static let words = [
        "rmse": "root mean squared error", "mae": "mean absolute error", "r2": "share of the variance explained (R²)",
    ]

    var description: String {
        values.map { name, value in
            "\((Self.words[name] ?? name).padded(to: 40))\(value.fixed(4).padded(to: 12, right: true))"
        }.joined(separator: "\n")
    }
}
