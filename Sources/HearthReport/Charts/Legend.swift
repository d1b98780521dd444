/// The names of series with the marks that they are drawn with, in rows as wide as there is room.
struct Legend {
    enum Symbol {
        case line(dash: [Double])
        case dot
        case box
    }

    private struct Entry {
        let name: String
        let symbol: Symbol
        let paint: Paint
        let place: Point
    }

    private static let rowHeight = 20.0
    private static let size = 12.0

    private let entries: [Entry]
    /// How high all rows are.
    let height: Double

    /// Entries from `left` to `right`, from `top` on. One alone needs no name beside the chart's title.
    init(
        _ series: [(name: String, symbol: Symbol, paint: Paint)], left: Double, right: Double, top: Double
    ) {
        guard series.count > 1 else { (entries, height) = ([], 0); return }
        var entries: [Entry] = []
        var place = Point(left, top + Self.rowHeight / 2)
        for (name, symbol, paint) in series {
            let shown = Roboto.shortened(name, size: Self.size, to: right - left - 24)
            let width = 24 + Roboto.width(of: shown, size: Self.size)
            if place.x > left, place.x + width > right { place = Point(left, place.y + Self.rowHeight) }
            entries.append(Entry(name: shown, symbol: symbol, paint: paint, place: place))
            place.x += width + 18
        }
        self.entries = entries
        height = place.y + Self.rowHeight / 2 - top
    }

    func draw(on drawing: inout Drawing) {
        for entry in entries {
            let (x, y) = (entry.place.x, entry.place.y)
            switch entry.symbol {
            case .line(let dash):
                drawing.stroke(
                    Path(through: [Point(x, y), Point(x + 18, y)]), with: entry.paint, width: 2.5, dash: dash)
            case .dot: drawing.dot([Point(x + 9, y)], radius: 4, with: entry.paint)
            case .box:
                drawing.fill(Path(Frame(left: x + 2, top: y - 6, right: x + 16, bottom: y + 6)), with: entry.paint)
            }
            drawing.write(entry.name, at: Point(x + 24, y + 4), size: Self.size)
        }
    }
}
