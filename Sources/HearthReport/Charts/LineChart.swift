/// Values over epochs or steps as lines, drawn as SVG.
///
///     let chart = LineChart("Loss", x: "epoch", series: [.init("train", losses), .init("validation", held)])
///     let picture = chart.svg(theme: .dark)
///
/// The names of series stand above the data, never on it. Points that are not finite leave a gap.
public struct LineChart: Sendable {
    /// One line.
    public struct Series: Sendable {
        /// What the legend calls it.
        public let name: String
        /// From left to right.
        public let points: [(x: Double, y: Double)]

        /// A line through points.
        public init(_ name: String, _ points: [(x: Double, y: Double)]) {
            self.name = name
            self.points = points
        }

        /// A line through values at 1, 2, 3, …, as the epochs of a training are counted.
        public init(_ name: String, _ values: [Double]) {
            self.init(name, values.enumerated().map { (x: Double($0.offset + 1), y: $0.element) })
        }
    }

    /// Above the chart.
    public let title: String
    /// The name of the horizontal axis.
    public let xName: String
    /// The lines.
    public let series: [Series]
    /// In pixels.
    public let width: Double
    /// In pixels.
    public let height: Double

    /// A chart of lines.
    public init(_ title: String, x: String, series: [Series], width: Double = 560, height: Double = 320) {
        self.title = title
        xName = x
        self.series = series
        self.width = width
        self.height = height
    }

    /// The picture as the text of an SVG file.
    public func svg(theme: Theme = .light) -> String { LineDrawing(chart: self, theme: theme).svg }
}

/// A line chart on its way to SVG.
private struct LineDrawing {
    let chart: LineChart
    let theme: Theme
    private let xTicks: Ticks
    private let yTicks: Ticks
    /// Where the data is drawn.
    private let (left, right, top, bottom): (Double, Double, Double, Double)

    init(chart: LineChart, theme: Theme) {
        self.chart = chart
        self.theme = theme
        let points = chart.series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
        let isCounted = !points.isEmpty && points.allSatisfy { $0.x == $0.x.rounded() }
        xTicks = Ticks(around: points.map(\.x), count: 7, leastStep: isCounted ? 1 : 0)
        yTicks = Ticks(around: points.map(\.y))
        // A digit is a little wider than half its height.
        let widest = yTicks.labels.map(\.count).max() ?? 1
        (left, right) = (22 + 7 * Double(widest), chart.width - 22)
        (top, bottom) = (68, chart.height - 46)
    }

    var svg: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(n(chart.width)) \(n(chart.height))" \
        width="\(n(chart.width))" height="\(n(chart.height))" role="img" \
        font-family="Roboto, Helvetica, Arial, sans-serif">
        <rect width="100%" height="100%" fill="\(theme.background)"/>
        \(text(chart.title, 16, 26, size: 16, colour: theme.text, more: #" font-weight="500""#))
        \(([legend] + axes + chart.series.indices.map(line)).joined(separator: "\n"))
        </svg>

        """
    }

    private func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
        func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
            min(max((value - range.lowerBound) / (range.upperBound - range.lowerBound), 0), 1)
        }
        return (
            left + share(point.x, xTicks.range) * (right - left),
            bottom - share(point.y, yTicks.range) * (bottom - top)
        )
    }

    private var axes: [String] {
        let rows = zip(yTicks.values, yTicks.labels).map { value, label in
            let y = place((xTicks.range.lowerBound, value)).y
            return #"<path d="M\#(n(left)) \#(n(y))H\#(n(right))" stroke="\#(theme.grid)"/>"#
                + text(label, left - 8, y + 4, anchor: "end")
        }
        let columns = zip(xTicks.values, xTicks.labels).map { value, label in
            text(label, place((value, yTicks.range.lowerBound)).x, bottom + 18, anchor: "middle")
        }
        return rows + columns + [text(chart.xName, (left + right) / 2, bottom + 38, anchor: "middle")]
    }

    private var legend: String {
        var x = 16.0
        return chart.series.enumerated().map { index, series in
            let key = #"<path d="M\#(n(x)) 46h18" stroke="\#(colour(index))" stroke-width="3"\#(dash(index))/>"#
            let entry = key + text(series.name, x + 24, 50, colour: theme.text)
            x += 46 + 7 * Double(series.name.count)
            return entry
        }.joined()
    }

    /// Every other line is dashed, so that colour is not all that tells them apart.
    private func dash(_ index: Int) -> String { index % 2 == 1 ? #" stroke-dasharray="6 4""# : "" }

    private func colour(_ index: Int) -> String { theme.series[index % theme.series.count] }

    private func line(_ index: Int) -> String {
        var path = ""
        var isDrawing = false
        var dots = ""
        let points = chart.series[index].points
        for point in points {
            guard point.x.isFinite, point.y.isFinite else {
                isDrawing = false
                continue
            }
            let (x, y) = place(point)
            path += "\(isDrawing ? "L" : "M")\(n(x)) \(n(y))"
            isDrawing = true
            // A single epoch makes no line.
            if points.count <= 20 {
                dots += #"<circle cx="\#(n(x))" cy="\#(n(y))" r="2.5" fill="\#(colour(index))"/>"#
            }
        }
        guard !path.isEmpty else { return "" }
        return #"<path d="\#(path)" fill="none" stroke="\#(colour(index))" stroke-width="2" stroke-linejoin="round""#
            + dash(index) + "/>" + dots
    }

    private func text(
        _ words: String, _ x: Double, _ y: Double, size: Int = 12, anchor: String = "start", colour: String? = nil,
        more: String = ""
    ) -> String {
        #"<text x="\#(n(x))" y="\#(n(y))" font-size="\#(size)" text-anchor="\#(anchor)""#
            + #" fill="\#(colour ?? theme.quiet)"\#(more)>\#(Markup.escaped(words))</text>"#
    }

    /// A tenth of a pixel is as exact as anyone sees.
    private func n(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
