import HearthTrain

extension LineChart {
    /// The receiver operating characteristic of one classifier or of several: how many of the positive samples are found at
    /// what share of false alarms, at every threshold. The area under each curve is beside its name.
    public static func roc(
        _ curves: [(name: String, curve: RankingCurve)], title: String = "ROC", width: Double = 420,
        height: Double = 380
    ) -> LineChart {
        let series = curves.map { name, curve in
            let rates = curve.roc()
            return Series(
                "\(name) \(curve.rocAUC.short)",
                Array(zip(rates.falsePositiveRates, rates.truePositiveRates)).map { (x: $0, y: $1) })
        }
        return LineChart(
            title, x: "false positive rate", y: "true positive rate",
            series: [.guide([(x: 0, y: 0), (x: 1, y: 1)])] + series, width: width, height: height)
    }

    /// How many of those that are told positive are so, at what share of the positive samples found. The average precision
    /// of each curve is beside its name.
    public static func precisionRecall(
        _ curves: [(name: String, curve: RankingCurve)], title: String = "Precision and recall", width: Double = 420,
        height: Double = 380
    ) -> LineChart {
        let series = curves.map { name, curve in
            let points = curve.precisionRecall()
            return Series(
                "\(name) \(curve.averagePrecision.short)",
                Array(zip(points.recall, points.precision).reversed()).map { (x: $0, y: $1) })
        }
        return LineChart(
            title, x: "recall", y: "precision", series: series, yRange: 0...1, width: width, height: height)
    }
}
