import Testing

import HearthReport

@Suite struct ChartTests {
    @Test(arguments: [
        (0.03, 0.97, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]), (-3.0, 4.0, ["−4", "−2", "0", "2", "4"]),
        (0.0, 1_234_567.0, ["0", "0.5M", "1.0M", "1.5M"]), (4.0, 0.0, ["0", "1", "2", "3", "4"]),
        (1e-5, 9e-5, ["0", "2e-5", "4e-5", "6e-5", "8e-5", "1e-4"]),
        (0.0, 45000.0, ["0", "10k", "20k", "30k", "40k", "50k"]),
    ])
    func ticksAreRound(low: Double, high: Double, labels: [String]) {
        #expect(Ticks(from: low, through: high).labels == labels)
    }

    @Test(arguments: [
        [], [.nan], [.infinity, 2], [5], [0], [-1e308, 1e308], [.leastNonzeroMagnitude], [1e15, 1e15 + 1],
    ])
    func ticksEncloseWhateverThereIs(values: [Double]) {
        let ticks = Ticks(around: values)
        #expect((2...12).contains(ticks.values.count))
        #expect(ticks.range.lowerBound.isFinite && ticks.range.upperBound.isFinite)
        // Beyond these sizes numbers count as 0 or as 1e300.
        for value in values where value == 0 || (1e-300..<1e300).contains(abs(value)) {
            #expect(ticks.range.contains(value))
        }
        let points = values.map { (x: 1.0, y: $0) }
        let svg = LineChart("any", x: "step", series: [.init("s", points)]).svg()
        #expect(!svg.contains("nan") && !svg.contains("inf"))
    }

    @Test func epochsHaveNoFractions() {
        #expect(Ticks(around: [1, 2], leastStep: 1).labels == ["1", "2"])
    }

    @Test func namesAreText() {
        let name = "<script>alert('x')</script>&\"\u{1}"
        #expect(Markup.escaped(name) == "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;\u{FFFD}")
        #expect(!LineChart(name, x: name, series: [.init(name, [1.0])]).svg().contains("<script"))
    }

    @Test func whatIsNotFiniteLeavesAGap() {
        let svg = LineChart("gap", x: "epoch", series: [.init("s", [1, .nan, 3, 4])]).svg()
        let line = svg.split(separator: "\n").first { $0.contains("stroke-width=\"2\"") } ?? ""
        let path = line.split(separator: "\"").first { $0.hasPrefix("M") } ?? ""
        #expect(path.filter { $0 == "M" }.count == 2 && path.filter { $0 == "L" }.count == 1)
    }
}
