import Hearth
import HearthReport
import HearthTune

extension Page {
    /// A study: how its trials went, what matters, and which values were good; of several directions the trade between the
    /// first two, and the rest by the first.
    package static func study(_ study: Study) throws -> Page {
        let trials = try study.trials()
        let analysis = try study.analysis()
        guard !analysis.history.isEmpty else {
            throw RunError("the study '\(study.name)' has no trial yet that ended with a value")
        }
        var page = Page("Study \(study.name)")
        let isSingle = study.directions.count == 1
        let best = isSingle ? try study.bestTrial().map { [$0] } ?? [] : try study.bestTrials()
        let result =
            isSingle
            ? best.flatMap(\.values).map { (name: "best value", value: $0.fixed(4)) }
            : [(name: "surpassed by none", value: String(best.count))]
        page.numbers(
            result
                + TrialRecord.State.allCases.map { state in
                    (name: state.rawValue, value: String(trials.count { $0.state == state }))
                }.filter { $0.value != "0" })
        if !isSingle {
            page.paragraph("Of the \(study.directions.count) values of a trial, charts of one value show the first.")
        }
        page.section("History")
        page.charts([history(analysis)] + reports(trials, best) + front(study, trials, best))
        page.section("What matters")
        page.charts([
            BarChart("Share explained by each alone", bars: analysis.importance.map { ($0.name, $0.share) }, limit: 1)
        ])
        page.section("Values and what came of them")
        page.charts(analysis.slices.map { slice($0) })
        page.charts([coordinates(analysis, trials, study.directions[0])])
        page.section(isSingle ? "The best trials" : "Trials that none surpasses")
        page.trials(isSingle ? ranked(trials, study.directions[0]) : best, analysis)
        return page
    }

    private static func ranked(_ trials: [TrialRecord], _ direction: Direction) -> [TrialRecord] {
        let complete = trials.filter { $0.state == .complete }
        return complete.sorted { a, b in
            direction == .minimize ? a.values[0] < b.values[0] : a.values[0] > b.values[0]
        }
    }

    /// Every trial, and the best up to it as a staircase.
    private static func history(_ analysis: Analysis) -> any Chart {
        var stairs: [(x: Double, y: Double)] = []
        for step in analysis.history {
            if let last = stairs.last, last.y != step.best { stairs.append((x: Double(step.number), y: last.y)) }
            stairs.append((x: Double(step.number), y: step.best))
        }
        return ScatterChart(
            "Trials, and the best so far", x: "trial", y: "value",
            series: [.init("trial", analysis.history.map { (x: Double($0.number), y: $0.value) })], guide: stairs)
    }

    /// What trials have reported on the way: the best in colour, up to 100 others in grey.
    private static func reports(_ trials: [TrialRecord], _ best: [TrialRecord]) -> [any Chart] {
        func points(_ trial: TrialRecord) -> [(x: Double, y: Double)] {
            trial.reports.sorted { $0.key < $1.key }.map { (x: Double($0.key), y: $0.value) }
        }
        let reporting = trials.filter { $0.reports.count > 1 }
        guard let winner = best.first, winner.reports.count > 1 else { return [] }
        let others = reporting.filter { $0.number != winner.number }.suffix(100)
        return [
            LineChart(
                "Reports, the best trial in colour", x: "step",
                series: others.map { .guide(points($0)) } + [.init("trial \(winner.number)", points(winner))],
                width: 420)
        ]
    }

    /// The first two values of all trials.
    private static func front(_ study: Study, _ trials: [TrialRecord], _ best: [TrialRecord]) -> [any Chart] {
        guard study.directions.count > 1 else { return [] }
        func points(_ trials: [TrialRecord]) -> [(x: Double, y: Double)] {
            trials.map { (x: $0.values[0], y: $0.values[1]) }
        }
        let front = Set(best.map(\.number))
        let rest = trials.filter { $0.state == .complete && !front.contains($0.number) }
        return [
            ScatterChart(
                "The trade between values", x: "first value (\(study.directions[0].rawValue))",
                y: "second value (\(study.directions[1].rawValue))",
                series: [.init("surpassed", points(rest)), .init("best", points(best))])
        ]
    }

    private static func slice(_ slice: Analysis.Slice) -> any Chart {
        let (names, places) = places(slice)
        return ScatterChart(
            slice.name, x: slice.name, y: "value",
            series: [.init("trial", zip(places, slice.points).map { (x: $0, y: $1.value) })], xNames: names,
            xScale: slice.isLogarithmic ? .logarithmic : .linear, width: 360, height: 280)
    }

    /// The values of a parameter as numbers, and the names of these where they are categories.
    private static func places(_ slice: Analysis.Slice) -> (names: [String], places: [Double]) {
        let categories = categories(slice)
        // Categories are stored as JSON, so words have quotation marks.
        return (categories.map { $0.replacing("\"", with: "") }, slice.points.map { place($0.parameter, categories) })
    }

    private static func categories(_ slice: Analysis.Slice) -> [String] {
        Set(slice.points.compactMap { $0.parameter.category }).sorted()
    }

    private static func place(_ value: ParameterValue, _ categories: [String]) -> Double {
        switch value {
        case .int(let number): Double(number)
        case .float(let number): number
        case .category(let name): Double(categories.firstIndex(of: name) ?? 0)
        }
    }

    /// All parameters of all complete trials beside their values.
    private static func coordinates(
        _ analysis: Analysis, _ trials: [TrialRecord], _ direction: Direction
    ) -> any Chart {
        let sorted = ranked(trials, direction).filter { $0.values[0].isFinite }
        let parameters = analysis.slices.map { (slice: $0, places: places($0)) }
        let axes = parameters.map { slice, places in
            ParallelCoordinatesChart.Axis(
                slice.name,
                places.names.isEmpty
                    ? Ticks(around: places.places, scale: slice.isLogarithmic ? .logarithmic : .linear)
                    : Ticks(names: places.names))
        }
        let lines = sorted.enumerated().map { rank, trial in
            ParallelCoordinatesChart.Line(
                parameters.map { slice, places in trial.parameters[slice.name].map { place($0, categories(slice)) } }
                    + [trial.values[0]],
                merit: sorted.count > 1 ? 1 - Double(rank) / Double(sorted.count - 1) : 1)
        }
        return ParallelCoordinatesChart(
            "All trials, the best above", axes: axes + [.init("value", Ticks(around: sorted.map { $0.values[0] }))],
            lines: lines)
    }

    private mutating func trials(_ trials: [TrialRecord], _ analysis: Analysis) {
        let names = analysis.slices.map(\.name)
        let values = (trials.first?.values.count ?? 1) == 1 ? ["value"] : ["first value", "second value"]
        table(
            ["trial"] + values + names + ["seconds"],
            trials.prefix(20).map { trial in
                let seconds = trial.ended.flatMap { end in trial.started.map { end - $0 } }
                return [String(trial.number)] + trial.values.prefix(values.count).map { $0.fixed(4) }
                    + names.map { trial.parameters[$0].map(Self.shown) ?? "" } + [seconds?.fixed(2) ?? ""]
            })
    }

    private static func shown(_ value: ParameterValue) -> String {
        guard case .float(let number) = value else { return value.description.replacing("\"", with: "") }
        return "\(Float(number))"
    }
}

extension ParameterValue {
    fileprivate var category: String? { if case .category(let name) = self { name } else { nil } }
}
