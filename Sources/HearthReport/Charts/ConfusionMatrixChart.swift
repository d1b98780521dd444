import HearthTrain

/// A confusion matrix as a picture: rows are true classes, columns predicted ones, and the deeper the colour, the
/// larger the share of the row.
public struct ConfusionMatrixChart: Sendable {
    /// What is drawn.
    public let matrix: ConfusionMatrix
    /// The names of the classes.
    public let names: [String]

    /// A picture of a matrix; classes are numbered where names are missing.
    public init(_ matrix: ConfusionMatrix, names: [String] = []) {
        self.matrix = matrix
        self.names = (0..<matrix.classes).map { $0 < names.count ? names[$0] : String($0) }
    }

    /// The longest name that is written whole; longer ones end in "…".
    private static let longest = 14

    /// The picture as the text of an SVG file. Cells keep their size, so the picture grows with the classes; above 30
    /// classes they are small and without numbers.
    public func svg(theme: Theme = .light) -> String {
        let cell = matrix.classes > 30 ? 12.0 : 38.0
        let shown = names.map { $0.count > Self.longest ? $0.prefix(Self.longest - 1) + "…" : $0 }
        let margin = 48 + 7 * Double(shown.map(\.count).max() ?? 1)
        let side = margin + cell * Double(matrix.classes) + 20
        var parts: [String] = []
        func text(_ words: String, _ x: Double, _ y: Double, _ more: String) {
            parts.append(#"<text x="\#(x)" y="\#(y)" font-size="12" \#(more)>\#(Markup.escaped(words))</text>"#)
        }
        for truth in 0..<matrix.classes {
            let y = margin + cell * Double(truth)
            for predicted in 0..<matrix.classes {
                parts.append(square(truth, predicted, margin + cell * Double(predicted), y, cell, theme))
            }
            guard cell > 12 else { continue }
            let middle = y + cell / 2
            text(shown[truth], margin - 8, middle + 4, #"text-anchor="end" fill="\#(theme.quiet)""#)
            text(
                shown[truth], middle + 4, margin - 8,
                #"transform="rotate(-90 \#(middle + 4) \#(margin - 8))" fill="\#(theme.quiet)""#)
        }
        let centre = (margin + side - 20) / 2
        text("predicted", centre, 18, #"text-anchor="middle" fill="\#(theme.text)""#)
        text("true", 18, centre, #"text-anchor="middle" transform="rotate(-90 18 \#(centre))" fill="\#(theme.text)""#)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" width="\(side)" height="\(side)" \
            role="img" font-family="Roboto, Helvetica, Arial, sans-serif">
            <rect width="100%" height="100%" fill="\(theme.background)"/>
            \(parts.joined(separator: "\n"))
            </svg>

            """
    }

    private func square(
        _ truth: Int, _ predicted: Int, _ x: Double, _ y: Double, _ size: Double, _ theme: Theme
    ) -> String {
        let count = matrix[truth, predicted]
        let share = Double(count) / Double(max(matrix.support(truth), 1))
        // A single mistake among thousands is still to be seen.
        let depth = count == 0 ? 0 : 0.1 + 0.9 * share
        let place = #"x="\#(x)" y="\#(y)" width="\#(size - 1)" height="\#(size - 1)""#
        let ground = #"<rect \#(place) fill="\#(theme.grid)" fill-opacity="0.5"/>"#
        let fill = #"<rect \#(place) fill="\#(theme.series[0])" fill-opacity="\#(depth)"/>"#
        guard count > 0, size > 12 else { return ground + (count > 0 ? fill : "") }
        let ink = depth > 0.5 ? theme.background : theme.text
        let label = #"<text x="\#(x + size / 2 - 0.5)" y="\#(y + size / 2 + 4)" font-size="11" text-anchor="middle""#
        return ground + fill + label + #" fill="\#(ink)">\#(count)</text>"#
    }
}
