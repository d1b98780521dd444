import HearthTensor

/// Values over epochs or steps as lines.
///
///     let chart = LineChart("Loss", x: "epoch", series: [.init("train", losses), .init("validation", held)])
///     try chart.write(to: "loss.png")
///
/// The names of series stand above the data, never on it. Points that are not finite, or not above 0 on a logarithmic
/// axis, leave a gap.
public struct LineChart: Chart {
    /// One line.
    public struct Series: Sendable {
        /// What the legend calls it.
        public let name: String
        /// From left to right.
        public let points: [(x: Double, y: Double)]
        /// Whether it is a line to compare others with: thin, grey, and without a name.
        let isGuide: Bool

        /// A line through points.
        public init(_ name: String, _ points: [(x: Double, y: Double)]) {
            (self.name, self.points, isGuide) = (name, points, false)
        }

        /// A line through values at 1, 2, 3, …, as the epochs of a training are counted.
        public init(_ name: String, _ values: [Double]) {
            self.init(name, values.enumerated().map { (x: Double($0.offset + 1), y: $0.element) })
        }

        /// A line to compare others with, which the legend does not name.
        public static func guide(_ points: [(x: Double, y: Double)]) -> Series { Series(guide: points) }

        private init(guide points: [(x: Double, y: Double)]) { (name, self.points, isGuide) = ("", points, true) }
    }

    /// Above the chart.
    public let title: String
    /// The name of the horizontal axis.
    public let xName: String
    /// The name of the vertical axis; mostly empty, where the title says it.
    public let yName: String
    /// The lines.
    public let series: [Series]
    /// How values are spread from left to right.
    public let xScale: Ticks.Scale
    /// How values are spread from bottom to top.
    public let yScale: Ticks.Scale
    /// What the vertical axis has at least, whatever the values are.
    public let yRange: ClosedRange<Double>?
    /// In pixels.
    public let width: Double
    /// In pixels.
    public let height: Double

    /// A chart of lines.
    public init(
        _ title: String, x: String, y: String = "", series: [Series], xScale: Ticks.Scale = .linear,
        yScale: Ticks.Scale = .linear, yRange: ClosedRange<Double>? = nil, width: Double = 560, height: Double = 320
    ) {
        self.title = title
        (xName, yName) = (x, y)
        self.series = series
        (self.xScale, self.yScale, self.yRange) = (xScale, yScale, yRange)
        (self.width, self.height) = (width, height)
    }

    /// The picture.
    public var drawing: Drawing {
        let (xTicks, yTicks) = ticks(across: width < 500 ? 6 : 7, up: 5)
        let named = series.filter { !$0.isGuide }
        let plot = Plot(
            title, x: .init(name: xName, ticks: xTicks), y: .init(name: yName, ticks: yTicks),
            legend: named.enumerated().map {
                ($0.element.name, .line(dash: Self.dash($0.offset)), Paint(.series($0.offset)))
            },
            width: width, height: height)
        var drawing = plot.drawing
        for guide in series where guide.isGuide {
            drawing.stroke(path(guide, plot).path, with: Paint(.quiet), width: 1, dash: [3, 3])
        }
        for (index, line) in named.enumerated() {
            let (path, dots) = path(line, plot)
            drawing.stroke(path, with: Paint(.series(index)), width: 2, dash: Self.dash(index))
            // A single epoch makes no line.
            if dots.count <= 20 { drawing.dot(dots, radius: 2.5, with: Paint(.series(index))) }
        }
        name(named, plot, in: &drawing)
        return drawing
    }

    /// Numbers for both axes, about so many.
    package func ticks(across: Int, up: Int) -> (x: Ticks, y: Ticks) {
        let points = series.flatMap(\.points).filter { xScale.shows($0.x) && yScale.shows($0.y) }
        let isCounted = !points.isEmpty && points.allSatisfy { $0.x == $0.x.rounded() }
        return (
            Ticks(around: points.map(\.x), count: across, leastStep: isCounted ? 1 : 0, scale: xScale),
            Ticks(
                around: (yRange.map { [$0.lowerBound, $0.upperBound] } ?? []) + points.map(\.y), count: up,
                scale: yScale)
        )
    }

    /// Every other line is dashed, so that colour is not all that tells them apart.
    private static func dash(_ index: Int) -> [Double] { index % 2 == 1 ? [6, 4] : [] }

    /// The line of a series, and the places of its points, without those within 0.3 pixels of the one before.
    private func path(_ series: Series, _ plot: Plot) -> (path: Path, dots: [Point]) {
        var path = Path()
        var dots: [Point] = []
        var isDrawing = false
        for (x, y) in series.points {
            guard plot.x.ticks.shows(x), plot.y.ticks.shows(y) else {
                isDrawing = false
                continue
            }
            let place = plot.place(x, y)
            if isDrawing, let last = dots.last, (place - last).length < 0.3 { continue }
            path.append(isDrawing ? .line(place) : .move(place))
            isDrawing = true
            dots.append(place)
        }
        return (path, dots)
    }

    /// What a reader can point at: the values of all series at each x; of many, some.
    private func name(_ series: [Series], _ plot: Plot, in drawing: inout Drawing) {
        drawing.pointing = .column
        var columns: [Double: [String]] = [:]
        for line in series {
            let shown = line.points.filter { plot.x.ticks.shows($0.x) && plot.y.ticks.shows($0.y) }
            // On a vertical piece of the line, its end.
            for (x, y) in Dictionary(shown.map { ($0.x, $0.y) }, uniquingKeysWith: { $1 }) {
                columns[x, default: []].append(series.count == 1 ? y.short : "\(line.name) \(y.short)")
            }
        }
        let all = columns.keys.sorted()
        for index in stride(from: 0, to: all.count, by: max(1, all.count / 400)) {
            let x = all[index]
            drawing.name(
                Point(plot.place(x, plot.y.ticks.range.lowerBound).x, plot.area.top),
                ["\(xName) \(x.short)"] + columns[x]!)
        }
    }
}
