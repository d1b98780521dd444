extension LineChart {
    /// The chart as text for a terminal: so many lines, each of as many characters, where there is room for a chart at all
    /// (20 columns, 6 rows). Colours are the terminal's own.
    public func text(columns: Int, rows: Int, isColoured: Bool = true) -> [String] {
        let (xTicks, yTicks) = ticks(across: max(columns / 10, 3), up: max((rows - 3) / 2, 2))
        let margin = (yTicks.labels.map(\.count).max() ?? 0) + 1
        let (width, height) = (columns - margin - 1, rows - 3)
        guard width >= 8, height >= 3 else { return [] }
        var canvas = BrailleCanvas(columns: width, rows: height)
        for (index, line) in series.enumerated() { draw(line, index, xTicks, yTicks, on: &canvas) }
        var lines = [heading(columns)]
        var labels: [Int: String] = [:]
        for (value, label) in zip(yTicks.values, yTicks.labels) {
            labels[height - 1 - Int((yTicks.share(of: value) * Double(height - 1)).rounded())] = label
        }
        for row in 0..<height {
            var line = TerminalLine()
            let label = labels[row] ?? ""
            line.add(String(repeating: " ", count: margin - 1 - label.count) + label + " ", .quiet)
            line.add(labels[row] == nil ? "│" : "┤", .quiet)
            for (letter, ink) in canvas.letters(row: row) { line.add(String(letter), ink.map { .series($0) }) }
            lines.append(line)
        }
        lines += foot(xTicks, margin, width)
        return lines.map { $0.text(columns: columns, isColoured: isColoured) }
    }

    /// The title, and the names of several series in their colours.
    private func heading(_ columns: Int) -> TerminalLine {
        var line = TerminalLine()
        line.add(String(title.prefix(columns)), .text)
        for (index, series) in series.enumerated() where self.series.count > 1 {
            guard line.width + series.name.count + 5 <= columns else { break }
            line.add("  ━ \(series.name)", .series(index))
        }
        return line
    }

    private func draw(_ series: Series, _ index: Int, _ x: Ticks, _ y: Ticks, on canvas: inout BrailleCanvas) {
        var last: (x: Double, y: Double)?
        for point in series.points {
            guard x.shows(point.x), y.shows(point.y) else {
                last = nil
                continue
            }
            let place = (x: x.share(of: point.x), y: y.share(of: point.y))
            canvas.line(from: last ?? place, to: place, ink: index)
            last = place
        }
    }

    /// The axis and its numbers.
    private func foot(_ ticks: Ticks, _ margin: Int, _ width: Int) -> [TerminalLine] {
        var (axis, numbers) = (Array(repeating: "─", count: width), TerminalLine())
        numbers.add(String(repeating: " ", count: margin), nil)
        for (value, label) in zip(ticks.values, ticks.labels) {
            let column = Int((ticks.share(of: value) * Double(width - 1)).rounded())
            let start = min(margin + 1 + column - label.count / 2, margin + 1 + width - label.count)
            // Numbers that would touch the one before are left out.
            guard start > numbers.width else { continue }
            axis[column] = "┬"
            numbers.add(String(repeating: " ", count: start - numbers.width) + label, .quiet)
        }
        var line = TerminalLine()
        line.add(String(repeating: " ", count: margin) + "└" + axis.joined(), .quiet)
        return [line, numbers]
    }
}

/// A line of text whose parts have inks.
private struct TerminalLine {
    private var parts: [(text: String, ink: Ink?)] = []
    private(set) var width = 0

    mutating func add(_ text: String, _ ink: Ink?) {
        width += text.count
        if let last = parts.last, last.ink == ink {
            parts[parts.count - 1].text += text
        } else {
            parts.append((text, ink))
        }
    }

    /// The line, with spaces at its end.
    func text(columns: Int, isColoured: Bool) -> String {
        let text = parts.map { part in
            guard isColoured, let code = part.ink.flatMap(Self.code) else { return part.text }
            return "\u{1B}[\(code)m\(part.text)\u{1B}[0m"
        }
        return text.joined() + String(repeating: " ", count: max(columns - width, 0))
    }

    /// Cyan, yellow, green and magenta can be read on dark and on light terminals.
    private static func code(_ ink: Ink) -> Int? {
        switch ink {
        case .text: 1
        case .quiet, .grid: 90
        case .series(let index): [36, 33, 32, 35][index % 4]
        case .background: nil
        }
    }
}
