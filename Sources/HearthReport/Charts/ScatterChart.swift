/// Points of two values each.
///
///     ScatterChart("Prices", x: "true", y: "predicted", series: [.init("test", points)], guide: [(0, 0), (50, 50)])
public struct ScatterChart: Chart {
    /// Points of one kind.
    public struct Series: Sendable {
        /// What the legend calls them.
        public let name: String
        /// In any order.
        public let points: [(x: Double, y: Double)]

        /// Points of one kind.
        public init(_ name: String, _ points: [(x: Double, y: Double)]) { (self.name, self.points) = (name, points) }
    }

    /// Above the chart.
    public let title: String
    /// The name of the horizontal axis.
    public let xName: String
    /// The name of the vertical axis.
    public let yName: String
    /// The points.
    public let series: [Series]
    /// A line to compare points with.
    public let guide: [(x: Double, y: Double)]
    /// Names for 0, 1, 2, … from left to right, where these are no numbers.
    public let xNames: [String]
    /// How values are spread from left to right.
    public let xScale: Ticks.Scale
    /// How values are spread from bottom to top.
    public let yScale: Ticks.Scale
    /// In pixels.
    public let width: Double
    /// In pixels.
    public let height: Double

    /// A chart of points.
    public init(
        _ title: String, x: String, y: String = "", series: [Series], guide: [(x: Double, y: Double)] = [],
        xNames: [String] = [], xScale: Ticks.Scale = .linear, yScale: Ticks.Scale = .linear, width: Double = 420,
        height: Double = 320
    ) {
        self.title = title
        (xName, yName) = (x, y)
        self.series = series
        (self.guide, self.xNames) = (guide, xNames)
        (self.xScale, self.yScale) = (xScale, yScale)
        (self.width, self.height) = (width, height)
    }

    /// The picture.
    public var drawing: Drawing {
        let all = series.flatMap(\.points) + guide
        let xTicks = xNames.isEmpty ? Ticks(around: all.map(\.x), scale: xScale) : Ticks(names: xNames)
        let plot = Plot(
            title, x: .init(name: xName, ticks: xTicks),
            y: .init(name: yName, ticks: Ticks(around: all.map(\.y), scale: yScale)),
            legend: series.enumerated().map { ($0.element.name, .dot, Paint(.series($0.offset))) }, width: width,
            height: height)
        var drawing = plot.drawing
        drawing.stroke(
            Path(through: guide.map { plot.place($0.x, $0.y) }), with: Paint(.quiet), width: 1.5, dash: [3, 3])
        // Many points hide each other less where they are small and thin.
        let isDense = all.count > 300
        for (index, points) in series.enumerated() {
            let shown = points.points.filter { plot.x.ticks.shows($0.x) && plot.y.ticks.shows($0.y) }
            let places = shown.map { plot.place($0.x, $0.y) }
            drawing.dot(places, radius: isDense ? 2 : 3.5, with: Paint(.series(index), opacity: isDense ? 0.5 : 0.8))
            for (place, point) in zip(places, shown).prefix(1000) {
                let x =
                    Int(exactly: point.x).flatMap { xNames.indices.contains($0) ? xNames[$0] : nil } ?? point.x.short
                drawing.name(
                    place,
                    (series.count > 1 ? [points.name] : []) + [
                        "\(xName) \(x)", "\(yName.isEmpty ? title : yName) \(point.y.short)",
                    ])
            }
        }
        return drawing
    }
}
