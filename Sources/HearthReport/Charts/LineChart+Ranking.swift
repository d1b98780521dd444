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
            return Series(name, area: curve.rocAUC, rates.falsePositiveRates, rates.truePositiveRates)
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
                name, area: curve.averagePrecision, points.recall.reversed(), points.precision.reversed())
        }
        return LineChart(
            title, x: "recall", y: "precision", series: series, yRange: 0...1, width: width, height: height)
    }
}

extension LineChart.Series {
    /// A curve with the area under it beside its name.
    fileprivate init(_ name: String, area: Double, _ x: [Double], _ y: [Double]) {
        self.init("\(name) \(area.short)", zip(x, y).map { (x: $0, y: $1) })
    }
}
