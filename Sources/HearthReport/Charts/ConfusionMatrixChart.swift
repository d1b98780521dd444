import HearthTrain

/// A confusion matrix as a picture: rows are true classes, columns predicted ones, and the deeper the colour, the
/// larger the share of the row.
public struct ConfusionMatrixChart: Chart {
    /// Above the chart; it has none.
    public var title: String { "" }
    /// What is drawn.
    public let matrix: ConfusionMatrix
    /// The names of the classes.
    public let names: [String]

    /// A picture of a matrix; classes are numbered where names are missing.
    public init(_ matrix: ConfusionMatrix, names: [String] = []) {
        self.matrix = matrix
        self.names = (0..<matrix.classes).map { $0 < names.count ? names[$0] : String($0) }
    }

    /// In pixels; above 30 classes cells are small and without numbers.
    private var cell: Double { matrix.classes > 30 ? 12 : 38 }

    /// The picture. Cells keep their size, so it grows with the classes.
    public var drawing: Drawing {
        let shown = names.map { Roboto.shortened($0, size: 12, to: 110) }
        let margin = 44 + (shown.map { Roboto.width(of: $0, size: 12) }.max() ?? 0)
        let side = margin + cell * Double(matrix.classes) + 20
        var drawing = Drawing(width: side, height: side)
        for truth in 0..<matrix.classes {
            let y = margin + cell * Double(truth)
            for predicted in 0..<matrix.classes {
                draw(truth, predicted, Point(margin + cell * Double(predicted), y), on: &drawing)
            }
            guard cell > 12 else { continue }
            let middle = y + cell / 2
            drawing.write(shown[truth], at: Point(margin - 8, middle + 4), anchor: .end, with: Paint(.quiet))
            drawing.write(shown[truth], at: Point(middle + 4, margin - 8), isTurned: true, with: Paint(.quiet))
        }
        let centre = (margin + side - 20) / 2
        drawing.write("predicted", at: Point(centre, 18), anchor: .middle)
        drawing.write("true", at: Point(18, centre), anchor: .middle, isTurned: true)
        return drawing
    }

    private func draw(_ truth: Int, _ predicted: Int, _ corner: Point, on drawing: inout Drawing) {
        let count = matrix[truth, predicted]
        let share = Double(count) / Double(max(matrix.support(truth), 1))
        // A single mistake among thousands is still to be seen.
        let depth = count == 0 ? 0 : 0.1 + 0.9 * share
        let square = Frame(
            left: corner.x, top: corner.y, right: corner.x + cell - 1, bottom: corner.y + cell - 1)
        drawing.fill(Path(square), with: Paint(.grid, opacity: 0.5))
        guard count > 0 else { return }
        drawing.fill(Path(square), with: Paint(.series(0), opacity: depth))
        drawing.name(
            Point(corner.x + cell / 2, corner.y + cell / 2),
            ["\(names[truth]) taken for \(names[predicted])", "\(count)"])
        guard cell > 12 else { return }
        drawing.write(
            "\(count)", at: Point(corner.x + cell / 2 - 0.5, corner.y + cell / 2 + 4), size: 11, anchor: .middle,
            with: Paint(depth > 0.5 ? .background : .text))
    }
}
