import HearthFormats
import HearthTensor
import HearthTrain
import HearthImages
import Testing

import HearthReport

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// One chart of each kind. Where `HEARTH_WRITTEN` names a folder they are written there, to be looked at.
@Suite struct EveryChartTests {
    private static let folder = getenv("HEARTH_WRITTEN").map { String(cString: $0) + "/charts" }

    private static func numbers(_ count: Int, _ value: (Double) -> Double) -> [Double] {
        (0..<count).map { value(Double($0)) }
    }

    private static func decay(_ i: Double) -> Double { exp(-i / 8) + 0.1 + 0.03 * sin(i * 1.3) }

    private static let matrix: ConfusionMatrix = {
        var matrix = ConfusionMatrix(classes: 4)
        let predicted: [Int] = [0, 0, 0, 1, 1, 1, 3, 2, 2, 2, 2, 0, 3]
        let truth: [Int] = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 3]
        matrix.update(Tensor(predicted), Tensor(truth))
        return matrix
    }()

    private static func ranking(_ shift: Double) -> RankingCurve {
        let isPositive = (0..<200).map { $0 % 3 == 0 }
        let noise = numbers(200) { sin($0 * 12.9898) * 0.5 }
        return RankingCurve(scores: zip(noise, isPositive).map { $0 + ($1 ? shift : 0) }, isPositive: isPositive)
    }

    private static func picture(_ index: Int) -> Tensor {
        let ramp = Tensor.arange(64).reshape(1, 8, 8).to(.float32) / 63
        return index % 2 == 0 ? ramp : Tensor.cat([ramp, 1 - ramp, ramp * 0 + 0.5], dim: 0)
    }

    private static var losses: LineChart {
        let train = numbers(20, decay)
        let validation = numbers(20) { decay($0 + 1) + 0.05 }
        return LineChart(
            "Loss", x: "epoch", y: "cross-entropy", series: [.init("train", train), .init("validation", validation)])
    }

    private static var rates: LineChart {
        let rates = numbers(500) { decay($0) * 1e-3 }
        return LineChart("Learning rate", x: "step", series: [.init("lr", rates)], yScale: .logarithmic)
    }

    private static var roc: LineChart {
        .roc([("cat", ranking(0.8)), ("dog", ranking(0.3)), ("a horse, seen from afar", ranking(0.5))])
    }

    private static var histogram: HistogramChart {
        let first = numbers(4000) { sin($0) * 0.1 }
        let fifth = numbers(4000) { sin($0) * sin($0 * 3.7) * 0.3 }
        return HistogramChart(
            "fc1.weight", x: "weight", series: [.init("epoch 1", first), .init("epoch 5", fifth)])
    }

    private static var scatter: ScatterChart {
        let points = numbers(80) { $0 + 9 * sin($0 * 7) }.enumerated().map { (x: Double($0.offset), y: $0.element) }
        return ScatterChart(
            "Prices", x: "true", y: "predicted", series: [.init("test", points)], guide: [(0, 0), (80, 80)])
    }

    private static var parallel: ParallelCoordinatesChart {
        let lines = (0..<12).map { index in
            let values: [Double?] = [1e-4 * exp(Double(index) / 2), Double(index % 2), Double(index) / 12]
            return ParallelCoordinatesChart.Line(values, merit: Double(index) / 11)
        }
        return ParallelCoordinatesChart(
            "Trials",
            axes: [
                .init("lr", Ticks(around: [1e-4, 0.1], scale: .logarithmic)),
                .init("optimizer", Ticks(names: ["adam", "sgd"])), .init("value", Ticks(from: 0, through: 1)),
            ], lines: lines)
    }

    private static var pictures: PictureChart {
        let mistakes = (0..<10).map { PictureChart.Captioned(picture($0), ["cat", "taken for a dog, 98%"]) }
        return PictureChart("Worst mistakes", pictures: mistakes)
    }

    static let all: [(name: String, chart: any Chart)] = [
        ("lines", losses), ("learning_rate", rates), ("roc", roc),
        ("precision_recall", LineChart.precisionRecall([("cat", ranking(0.8)), ("dog", ranking(0.3))])),
        ("confusion", ConfusionMatrixChart(matrix, names: ["cat", "dog", "horse", "ship of the line"])),
        ("histogram", histogram),
        ("bars", BarChart("Importance", bars: [("lr", 0.61), ("hidden", 0.24), ("weight_decay", 0.02)], limit: 1)),
        ("scatter", scatter), ("parallel", parallel), ("pictures", pictures),
    ]

    @Test(arguments: all.indices)
    func isDrawnInBothThemes(index: Int) throws {
        let (name, chart) = Self.all[index]
        for (word, theme) in [("light", Theme.light), ("dark", Theme.dark)] {
            let svg = chart.svg(theme: theme)
            #expect(svg.hasPrefix("<svg ") && !svg.contains("nan") && !svg.contains("inf"))
            let drawing = chart.drawing
            let pixels = try Image.decode(chart.png(theme: theme, scale: 1))
            #expect(pixels.shape == [3, Int(drawing.height.rounded()), Int(drawing.width.rounded())])
            // Something is there, and the corners are not.
            let ground = Tensor([theme.background.red, theme.background.green, theme.background.blue], device: .cpu)
                .reshape(3, 1, 1)
            let differs = pixels.to(.int32) != ground.to(.int32)
            let share = differs.to(.float32).mean().item()
            #expect((0.01...0.9).contains(share), "\(name): \(share)")
            #expect(pixels[0, 0, 0].item() == Double(theme.background.red))
            if let folder = Self.folder {
                try Folder.create(folder)
                try chart.write(to: "\(folder)/\(name)_\(word).png", theme: theme)
                try chart.write(to: "\(folder)/\(name)_\(word).svg", theme: theme)
            }
        }
    }

    @Test(arguments: all.indices)
    func keepsItsWordsInside(index: Int) {
        let drawing = Self.all[index].chart.drawing
        for case .words(let words) in drawing.marks where !words.isTurned {
            let width = Roboto.width(of: words.text, size: words.size)
            let left = words.place.x - (words.anchor == .start ? 0 : words.anchor == .middle ? width / 2 : width)
            #expect(left >= 0 && left + width <= drawing.width, "\(words.text)")
            #expect((0...drawing.height).contains(words.place.y), "\(words.text)")
        }
    }

    @Test func chartsOfNothingAreDrawn() {
        let none: [any Chart] = [
            LineChart("", x: "", series: []), LineChart("a", x: "b", series: [.init("c", [Double]())]),
            ConfusionMatrixChart(ConfusionMatrix(classes: 1)), BarChart("", bars: []),
            HistogramChart("", x: "", series: [.init("", [Double]())]), PictureChart("", pictures: []),
            ScatterChart("", x: "", series: []), ParallelCoordinatesChart("", axes: [], lines: []),
            LineChart.roc([]), LineChart("", x: "", series: [.init("", [.infinity, .nan])], yScale: .logarithmic),
        ]
        for chart in none { #expect(!chart.png().isEmpty && !chart.svg().contains("nan")) }
    }

    @Test func filesAreWrittenAsTheirNamesEnd() throws {
        let chart = Self.all[0].chart
        var template = Array("/tmp/hearth-charts-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        defer {
            for name in ["a.SVG", "a.png"] { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }
        for name in ["a.SVG", "a.png"] { try chart.write(to: "\(folder)/\(name)") }
        #expect(try Image.read("\(folder)/a.png").shape == [3, 640, 1120])
        let error = #expect(throws: FormatError.self) { try chart.write(to: "\(folder)/a.pdf") }
        #expect("\(error!)".contains(".svg or .png"))
    }

    @Test func curvesOfRankingsTellTheirArea() throws {
        let chart = try #require(Self.all.first { $0.name == "roc" }?.chart as? LineChart)
        let names = chart.series.map(\.name)
        #expect(names[1] == "cat \(Self.ranking(0.8).rocAUC.short)" && names[0].isEmpty)
        #expect(chart.series[1].points.first! == (0, 0) && chart.series[1].points.last! == (1, 1))
        let recall = LineChart.precisionRecall([("cat", Self.ranking(0.8))])
        #expect(recall.ticks(across: 6, up: 5).y.range == 0...1)
    }

    @Test func sharesOfAHistogramAddUp() throws {
        let chart = HistogramChart("h", x: "x", series: [.init("s", [0, 0.1, 0.9, 1, .nan])], bins: 10)
        let shares = chart.drawing.spots.map { $0.lines.last!.dropLast() }.compactMap { Double($0) }
        #expect(shares.count == 10 && shares.reduce(0, +) == 100)
        #expect(shares.first == 25 && shares[1] == 25 && shares.last == 50)
    }
}
