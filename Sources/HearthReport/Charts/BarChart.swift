/// A value for each of some names, as bars from left to right.
///
///     BarChart("F1", bars: classes.map { ($0.name, $0.f1) })
public struct BarChart: Chart {
    /// Above the chart.
    public let title: String
    /// From top to bottom; values from 0 on.
    public let bars: [(name: String, value: Double)]
    /// The length of the longest possible bar; that of the largest value when left out.
    public let limit: Double?
    /// In pixels.
    public let width: Double

    /// A chart of bars.
    public init(
        _ title: String, bars: [(name: String, value: Double)], limit: Double? = nil, width: Double = 420
    ) {
        (self.title, self.bars, self.limit, self.width) = (title, bars, limit, width)
    }

    /// The picture, which grows downwards with the bars.
    public var drawing: Drawing {
        let rowHeight = 26.0
        var drawing = Drawing(width: width, height: 44 + rowHeight * Double(max(bars.count, 1)) + 12)
        drawing.write(Roboto.shortened(title, size: 16, to: width - 32), at: Point(16, 26), size: 16)
        let names = bars.map { Roboto.shortened($0.name, size: 12, to: width * 0.35) }
        let left = 26 + (names.map { Roboto.width(of: $0, size: 12) }.max() ?? 0)
        let room = width - left - 64
        let largest = limit ?? bars.map(\.value).filter(\.isFinite).max() ?? 1
        for (index, (name, bar)) in zip(names, bars).enumerated() {
            let top = 44 + rowHeight * Double(index)
            let share = bar.value.isFinite && largest > 0 ? min(max(bar.value / largest, 0), 1) : 0
            drawing.write(name, at: Point(left - 8, top + 16), anchor: .end, with: Paint(.quiet))
            drawing.fill(
                Path(Frame(left: left, top: top + 4, right: left + room, bottom: top + 20)),
                with: Paint(.grid, opacity: 0.5))
            drawing.fill(
                Path(Frame(left: left, top: top + 4, right: left + room * share, bottom: top + 20)),
                with: Paint(.series(0)))
            drawing.write(bar.value.short, at: Point(left + room + 8, top + 16))
        }
        return drawing
    }
}
