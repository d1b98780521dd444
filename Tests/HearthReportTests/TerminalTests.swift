import HearthTrain
import Testing

import HearthReport

@Suite struct TerminalTests {
    @Test func dotsAreBraille() {
        var canvas = BrailleCanvas(columns: 2, rows: 1)
        canvas.line(from: (0, 0), to: (0, 0), ink: 0)
        canvas.line(from: (1, 1), to: (1, 1), ink: 1)
        #expect(canvas.letters(row: 0).map(\.letter) == ["\u{2840}", "\u{2808}"])
        #expect(canvas.letters(row: 0).map(\.ink) == [0, 1])
        var line = BrailleCanvas(columns: 1, rows: 1)
        line.line(from: (0, 0), to: (0, 1), ink: 0)
        #expect(line.letters(row: 0)[0].letter == "\u{2847}")
    }

    private let chart = LineChart(
        "loss", x: "epoch", series: [.init("train", [2, 1, 0.5, 0.2]), .init("validation", [1.5, .nan, 0.6, 0.4])])

    @Test(arguments: [(40, 10), (64, 12), (20, 6), (200, 40)])
    func everyLineIsAsLongAsItIsAsked(columns: Int, rows: Int) {
        let lines = chart.text(columns: columns, rows: rows, isColoured: false)
        #expect(lines.count == rows && lines.allSatisfy { $0.count == columns })
        #expect(lines[0].hasPrefix("loss") && lines.joined().contains("┤"))
        // With their colours taken out, coloured lines are the same.
        let coloured = chart.text(columns: columns, rows: rows).map { $0.replacing(/\u{1B}\[\d+m/, with: "") }
        #expect(coloured == lines)
    }

    @Test func linesFallFromLeftToRight() {
        let lines = LineChart("l", x: "e", series: [.init("s", [4, 3, 2, 1, 0])])
            .text(columns: 30, rows: 11, isColoured: false)
        let places = lines.dropFirst().dropLast(2).compactMap { line -> Int? in
            let letters = Array(line)
            return letters.indices.first { ("\u{2801}"..."\u{28FF}").contains(letters[$0]) }
        }
        #expect(places.count == 8 && places == places.sorted() && Set(places).count == 8)
        #expect(lines[10].split(separator: " ") == ["0", "2", "4", "6"])
    }

    @Test func whereThereIsNoRoomThereIsNoChart() {
        #expect(chart.text(columns: 8, rows: 12).isEmpty && chart.text(columns: 60, rows: 4).isEmpty)
    }
}
