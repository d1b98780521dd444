import Hearth

/// How good a model is on samples that it was not trained on.
enum TestReport {
    case classes(ClassificationReport)
    case numbers(RegressionReport)

    /// Measures a model on batches of inputs and targets.
    static func measure<Data: Dataset>(
        _ model: any Layer, _ loader: DataLoader<Data, (Tensor, Tensor)>, _ run: RunConfiguration
    ) async throws -> TestReport {
        model.eval()
        if run.isRegression {
            let metrics = RegressionReport.metrics
            var samples = 0
            for try await (inputs, targets) in loader {
                samples += targets.shape[0]
                noGrad {
                    let outputs = model(inputs)
                    for metric in metrics { metric.update(outputs, targets) }
                }
            }
            return .numbers(RegressionReport(samples: samples, values: metrics.map { ($0.name, $0.compute()) }))
        }
        var matrix = ConfusionMatrix(classes: run.classes.count)
        for try await (inputs, labels) in loader { noGrad { matrix.update(model(inputs), labels) } }
        return .classes(ClassificationReport(matrix, names: run.classes))
    }

    var samples: Int {
        switch self {
        case .classes(let report): report.matrix.total
        case .numbers(let report): report.samples
        }
    }

    /// For people.
    var text: String {
        switch self {
        case .classes(let report): "\(report)\n\n\(report.matrixDescription)"
        case .numbers(let report): report.description
        }
    }

    /// The numbers, whose names begin with `prefix`.
    func values(prefix: String = "", all: Bool = true) -> [(name: String, value: Double)] {
        let values: [(String, Double)] =
            switch self {
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
    func json(prefix: String = "", all: Bool = true) -> [(key: String, value: JSON)] {
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
