/// The ground that a chart with two axes is drawn on: title, legend, grid, ticks, and places for values.
struct Plot {
    /// One side of the plot.
    struct Axis {
        let name: String
        let ticks: Ticks
    }

    let x: Axis
    let y: Axis
    /// Where values are drawn.
    let area: Frame
    /// With everything but the values.
    private(set) var drawing: Drawing

    private static let size = 12.0

    init(
        _ title: String, x: Axis, y: Axis, legend series: [(name: String, symbol: Legend.Symbol, paint: Paint)],
        width: Double, height: Double
    ) {
        (self.x, self.y) = (x, y)
        drawing = Drawing(width: width, height: height)
        let hasTitle = !title.isEmpty
        let legend = Legend(series, left: 16, right: width - 16, top: hasTitle ? 36 : 10)
        let labels = y.ticks.labels.map { Roboto.shortened($0, size: Self.size, to: width / 3) }
        let widest = labels.map { Roboto.width(of: $0, size: Self.size) }.max() ?? 0
        let head = (hasTitle ? 36 : 10) + legend.height + (legend.height > 0 ? 12 : 8)
        area = Frame(
            left: 22 + widest + (y.name.isEmpty ? 0 : 18), top: head, right: width - 22,
            bottom: height - (x.name.isEmpty ? 28 : 46))
        drawing.write(Roboto.shortened(title, size: 16, to: width - 32), at: Point(16, 26), size: 16)
        legend.draw(on: &drawing)
        drawRows(labels)
        drawColumns()
    }

    /// The place of two values.
    func place(_ x: Double, _ y: Double) -> Point {
        Point(
            area.left + self.x.ticks.share(of: x) * area.width, area.bottom - self.y.ticks.share(of: y) * area.height)
    }

    private mutating func drawRows(_ labels: [String]) {
        for (value, label) in zip(y.ticks.values, labels) {
            let height = place(x.ticks.range.lowerBound, value).y
            drawing.stroke(
                Path(through: [Point(area.left, height), Point(area.right, height)]), with: Paint(.grid))
            drawing.write(label, at: Point(area.left - 8, height + 4), anchor: .end, with: Paint(.quiet))
        }
        drawing.write(
            y.name, at: Point(18, (area.top + area.bottom) / 2), anchor: .middle, isTurned: true, with: Paint(.quiet))
    }

    private mutating func drawColumns() {
        let room = area.width / Double(max(x.ticks.labels.count, 1)) - 4
        // Numbers that would touch each other are left out; names are all kept, but shortened.
        let widest = x.ticks.labels.map { Roboto.width(of: $0, size: Self.size) }.max() ?? 0
        let every = x.ticks.isNamed ? 1 : max(1, Int((widest / max(room, 1)).rounded(.up)))
        for (index, (value, label)) in zip(x.ticks.values, x.ticks.labels).enumerated() where index % every == 0 {
            let shown = x.ticks.isNamed ? Roboto.shortened(label, size: Self.size, to: room) : label
            let place = place(value, y.ticks.range.lowerBound)
            drawing.write(shown, at: Point(place.x, area.bottom + 18), anchor: .middle, with: Paint(.quiet))
        }
        drawing.write(
            x.name, at: Point((area.left + area.right) / 2, area.bottom + 38), anchor: .middle, with: Paint(.quiet))
    }
}
