import HearthTensor

/// Many values of each of some things, such as the parameters of trials: an axis for each value and a line for each
/// thing, the stronger the better it is.
public struct ParallelCoordinatesChart: Chart {
    /// One of the vertical axes.
    public struct Axis: Sendable {
        /// Above the axis.
        public let name: String
        /// What stands at it.
        public let ticks: Ticks

        /// An axis.
        public init(_ name: String, _ ticks: Ticks) { (self.name, self.ticks) = (name, ticks) }
    }

    /// One thing.
    public struct Line: Sendable {
        /// A value for each axis; nil where the thing has none.
        public let values: [Double?]
        /// From 0, the worst, to 1, the best.
        public let merit: Double

        /// One thing.
        public init(_ values: [Double?], merit: Double) { (self.values, self.merit) = (values, merit) }
    }

    /// Above the chart.
    public let title: String
    /// From left to right.
    public let axes: [Axis]
    /// In any order; the best are drawn above the others.
    public let lines: [Line]
    /// In pixels.
    public let height: Double

    /// A chart of things with many values.
    public init(_ title: String, axes: [Axis], lines: [Line], height: Double = 380) {
        for line in lines where line.values.count != axes.count {
            fatalError("ParallelCoordinatesChart '\(title)': \(line.values.count) values for \(axes.count) axes")
        }
        (self.title, self.axes, self.lines, self.height) = (title, axes, lines, height)
    }

    private static let (distance, margin) = (130.0, 70.0)

    /// The picture, which grows to the right with the axes.
    public var drawing: Drawing {
        let width = Self.margin * 2 + Self.distance * Double(max(axes.count - 1, 0))
        var drawing = Drawing(width: max(width, 260), height: height)
        drawing.write(Roboto.shortened(title, size: 16, to: drawing.width - 32), at: Point(16, 26), size: 16)
        for line in lines.sorted(by: { $0.merit < $1.merit }) {
            let isBest = line.merit >= 1
            drawing.stroke(
                path(line), with: isBest ? Paint(.series(1)) : Paint(.series(0), opacity: 0.08 + 0.72 * line.merit),
                width: isBest ? 2.5 : 1.5)
        }
        for (index, axis) in axes.enumerated() { draw(axis, index, on: &drawing) }
        return drawing
    }

    private func place(_ index: Int, _ share: Double) -> Point {
        Point(Self.margin + Self.distance * Double(index), height - 24 - share * (height - 104))
    }

    private func path(_ line: Line) -> Path {
        var path = Path()
        var isDrawing = false
        for (index, value) in line.values.enumerated() {
            guard let value, axes[index].ticks.shows(value) else {
                isDrawing = false
                continue
            }
            let point = place(index, axes[index].ticks.share(of: value))
            path.append(isDrawing ? .line(point) : .move(point))
            isDrawing = true
        }
        return path
    }

    private func draw(_ axis: Axis, _ index: Int, on drawing: inout Drawing) {
        let (low, high) = (place(index, 0), place(index, 1))
        drawing.stroke(Path(through: [low, high]), with: Paint(.quiet), width: 1)
        drawing.write(
            Roboto.shortened(axis.name, size: 12, to: Self.distance - 8), at: Point(low.x, high.y - 16), anchor: .middle
        )
        for (value, label) in zip(axis.ticks.values, axis.ticks.labels) {
            let point = place(index, axis.ticks.share(of: value))
            drawing.stroke(Path(through: [point, Point(point.x - 4, point.y)]), with: Paint(.quiet))
            let shown = Roboto.shortened(label, size: 11, to: Self.distance / 2 - 4)
            // On a ground of its own, which hides the lines that pass behind it.
            let width = Roboto.width(of: shown, size: 11)
            drawing.fill(
                Path(Frame(left: point.x - 9 - width, top: point.y - 7, right: point.x - 5, bottom: point.y + 7)),
                with: Paint(.background))
            drawing.write(shown, at: Point(point.x - 7, point.y + 4), size: 11, anchor: .end, with: Paint(.quiet))
        }
    }
}
